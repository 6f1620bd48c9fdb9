/* access.h - the product's rules about callers: who is signed in, who may use a route, how often a person may try. They surround
 * each handler as http's guard. */
#ifndef ACCESS_ACCESS_H
#define ACCESS_ACCESS_H

#include <stdint.h>
#include "http/http_guard.h"

struct access;

extern const struct http_guard ACCESS_GUARD; /* with a struct access */

/* `rate_scale`: multiplies every rate limit, for tests and benchmarks; 0 is 1. `device_key` (KEY_BYTES, borrowed) recognizes
 * device cookies; NULL: there are none. One per process, for all threads. */
struct access *access_new(int rate_scale, const uint8_t *device_key);
void access_free(struct access *a); /* after http_stop(); NULL is fine */

#endif
