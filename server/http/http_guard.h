/* http_guard.h - checks of the caller around a handler, made by a layer above that knows callers: http knows neither accounts nor
 * rate limits. */
#ifndef HTTP_HTTP_GUARD_H
#define HTTP_HTTP_GUARD_H

#include "http/http_call.h"

struct http_guard {
    /* Who calls, and may they use this route? Before the body is read. Stores its findings in the call, in the request's
     * memory. On a worker. */
    enum err_code (*admit)(struct call *c, const struct route *route, struct err *e);
    /* Runs the handler if this caller's rate limit allows it. On a worker. */
    enum err_code (*run)(struct call *c, const struct route *route, struct err *e);
    /* A text by which the line of requests that hash recognizes this client at any address (http_fair.h), in the request's
     * memory; NULL: by its address. On the connection's thread: call.store is NULL. */
    const char *(*known_as)(const struct call *c);
};

#endif
