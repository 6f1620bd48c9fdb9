/* access_limit.h - rate limits by route and by the person or address that they count for. On a worker. */
#ifndef ACCESS_ACCESS_LIMIT_H
#define ACCESS_ACCESS_LIMIT_H

#include "http/http_call.h"

/* Runs the route's handler when its limit allows it, and pays for it. ERR_LIMIT "too_many_requests"; errors of the handler. */
MUST_CHECK enum err_code access_limit_run(struct call *c, const struct route *route, struct err *e);
/* Takes one token from the bucket of the caller's address for `about` (an id), beside the route's own bucket. ERR_LIMIT. */
MUST_CHECK enum err_code access_limit_address(const struct call *c, enum route_limit limit, const char *about,
                                              struct err *e);
/* Takes one token from the bucket of `key` (an id, a site; any text). ERR_LIMIT. */
MUST_CHECK enum err_code access_limit_key(const struct call *c, enum route_limit limit, const char *key, struct err *e);

#endif
