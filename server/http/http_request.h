/* http_request.h - what a handler may know about a request: path parameters, query, headers, cookies, the checked body.
 * Lives in the request's arena; used by one thread at a time. */
#ifndef HTTP_HTTP_REQUEST_H
#define HTTP_HTTP_REQUEST_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include "util/arena.h"
#include "util/err.h"

struct http_request;

struct arena *http_request_arena(struct http_request *request);
const char *http_request_method(const struct http_request *request);
const char *http_request_target(const struct http_request *request); /* path and query, as sent */
const char *http_request_param(const struct http_request *request,
                               const char *name); /* ":room" of the route; never NULL */
const char *http_request_query(const struct http_request *request, const char *name);  /* NULL when absent */
const char *http_request_header(const struct http_request *request, const char *name); /* NULL when absent */
const char *http_request_cookie(const struct http_request *request, const char *name); /* NULL when absent */
/* The object, checked against the route's fields; {} without a body. */
const json_t *http_request_body(const struct http_request *request);
const char *http_request_address(
    const struct http_request *request);                         /* client address (through trusted proxies), text */
const char *http_request_id(const struct http_request *request); /* request_id of logs and errors */
/* ?limit= (1..200, default 50) and ?after= */
MUST_CHECK enum err_code http_request_page(const struct http_request *request, int *limit, const char **after,
                                           struct err *e);

#endif
