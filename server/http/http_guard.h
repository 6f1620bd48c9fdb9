/* http_guard.h - what is asked about a caller around a handler, by a layer above that knows callers: http knows neither accounts nor
 * how often somebody may try. */
#ifndef HTTP_HTTP_GUARD_H
#define HTTP_HTTP_GUARD_H

#include "http/http_call.h"

struct http_guard {
    /* Who calls, and may they use this route? Before the body is read. What it finds it puts into the call, in memory of the
     * request. On a worker. */
    enum err_code (*admit)(struct call *c, const struct route *r, struct err *e);
    /* Runs the handler, as often as this caller may. On a worker. */
    enum err_code (*run)(struct call *c, const struct route *r, struct err *e);
    /* A text by which the line of those that hash knows this client again wherever it comes from (http_fair.h), in memory of the
     * request; NULL: by its address. On the connection's thread: call.store is NULL. */
    const char *(*known_as)(const struct call *c);
};

#endif
