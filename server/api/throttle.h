/* throttle.h - failures per account: after ten within a quarter of an hour each further one makes the account wait, 1 s, then
 * 2, 4, … up to 30 s. Never a lock for good: who has the right password gets in after the wait, and a quarter of an hour
 * without failures forgets them all. In memory, bounded (the longest untouched account is forgotten). Any thread. */
#ifndef API_THROTTLE_H
#define API_THROTTLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/err.h"

struct throttle;

struct throttle *throttle_new(size_t max_accounts);
void throttle_free(struct throttle *t);
/* ERR_LIMIT "too_many_attempts" with retry_after_s while `account` (any text) has to wait. */
MUST_CHECK enum err_code throttle_check(struct throttle *t, const char *account, int64_t mono_ms, struct err *e);
/* True when this failure is the one that begins to make the account wait. */
bool throttle_failed(struct throttle *t, const char *account, int64_t mono_ms);
void throttle_passed(struct throttle *t, const char *account); /* forgets its failures */

#endif
