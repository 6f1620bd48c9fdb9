/* http_router.h - finds the route of a request, asks the guard, checks the body, runs the handler. Inside http/ only. */
#ifndef HTTP_HTTP_ROUTER_H
#define HTTP_HTTP_ROUTER_H

#include "http/http_exchange.h"
#include "http/http_route.h"
#include "store/store.h"

#define HTTP_ALLOW_SIZE 64

/* The route of this method and path (HEAD is answered by GET) in a table that ends with a zero entry. Parameters are copied to `arena`.
 * ERR_NOT_FOUND; ERR_INVALID "method_not_allowed" with the allowed methods in `allow`. Any thread. */
MUST_CHECK enum err_code http_route_find(const struct route *routes, const char *method, const char *path,
                                         struct arena *arena, const struct route **out, struct http_params *params,
                                         char allow[HTTP_ALLOW_SIZE], struct err *e);

/* Runs the exchange's route with everything before and after it; its reply holds the answer, which may be a problem.
 * On a worker, with its handle. True after a failed attempt: a wrong password, code or PIN. */
bool http_route_run(struct http_exchange *exchange, struct store *s);
/* How the line of requests that hash recognizes this client, beside its address; NULL: not known, or the route does not hash.
 * Lives as long as the request. Before a worker has it. */
const char *http_route_known_as(struct http_exchange *exchange);

#endif
