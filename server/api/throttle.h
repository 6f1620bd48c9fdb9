/* throttle.h - wrong passwords, counted by account and by their origin: a site (util/ip.h) or a device. After ten
 * within a quarter of an hour, each further one makes the account wait from that origin: 1 s, then 2, 4, … up to 30 s. From others the
 * account stays open, so nobody can keep its owner out. Guessing at an account from many origins only slows it down: at each
 * origin three failures are free instead of ten.
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
    const char *account; /* as typed, even if there is no such account */
    const char *from;    /* a site, a device */
    /* `from` is a device on which the account was signed in before: it does not count for others and is not slowed by them. */
    bool own_device;
};

struct throttle *throttle_new(size_t max_kept);
void throttle_free(struct throttle *throttle);
/* ERR_LIMIT "too_many_attempts" with retry_after_s while it has to wait. */
MUST_CHECK enum err_code throttle_check(struct throttle *throttle, const struct throttle_who *who, int64_t mono_ms,
                                        struct err *e);
/* True when the wait begins with this failure. */
bool throttle_failed(struct throttle *throttle, const struct throttle_who *who, int64_t mono_ms);
void throttle_passed(struct throttle *throttle, const struct throttle_who *who); /* forgets the failures from there */

#endif
