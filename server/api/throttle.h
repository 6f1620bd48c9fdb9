/* throttle.h - wrong passwords, counted by account and by where they come from: a site (http_address, util/ip.h) or a device. After ten
 * within a quarter of an hour each further one from there makes it wait there, 1 s, then 2, 4, … up to 30 s. Somewhere else the
 * account is open as before, so nobody can keep its owner out. An account that is guessed at from many places only slows down:
 * from each, three are free instead of ten.
 * A quarter of an hour without failures forgets them all. In memory, bounded (the longest untouched is forgotten). Any thread. */
#ifndef API_THROTTLE_H
#define API_THROTTLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/err.h"

struct throttle;

/* Any texts. */
struct throttle_who {
    const char *account; /* as typed: also one that is not there */
    const char *from;    /* a site, a device */
    bool own_device; /* the account was signed in to there before: neither counts for others nor is slowed by them */
};

struct throttle *throttle_new(size_t max_kept);
void throttle_free(struct throttle *t);
/* ERR_LIMIT "too_many_attempts" with retry_after_s while it has to wait. */
MUST_CHECK enum err_code throttle_check(struct throttle *t, const struct throttle_who *who, int64_t mono_ms,
                                        struct err *e);
/* True when this failure is the one that begins to make it wait. */
bool throttle_failed(struct throttle *t, const struct throttle_who *who, int64_t mono_ms);
void throttle_passed(struct throttle *t, const struct throttle_who *who); /* forgets the failures from there */

#endif
