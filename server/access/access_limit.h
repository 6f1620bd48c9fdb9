/* access_limit.h - how often somebody may try, by route and by whom it counts for. On a worker. */
#ifndef ACCESS_ACCESS_LIMIT_H
#define ACCESS_ACCESS_LIMIT_H

#include "http/http_call.h"

/* Runs the route's handler when its limit lets it, and pays for it. ERR_LIMIT "too_many_requests"; errors of the handler. */
MUST_CHECK enum err_code access_limit_run(struct call *c, const struct route *r, struct err *e);
/* Takes one from the bucket that the caller's address has for `about` (an id), beside the route's own. ERR_LIMIT. */
MUST_CHECK enum err_code access_limit_address(const struct call *c, enum route_limit limit, const char *about,
                                              struct err *e);

#endif
