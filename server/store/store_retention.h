/* store_retention.h - what is forgotten when its time is over, so that no table grows for ever.
 *
 * Ended seats, and invitations that have expired or were taken back, go as many days later as the practice has set (the names
 * and addresses of guests stand in them). Sign-ins, password links, blocks, tries at PINs and keys of repeated requests go once
 * they are void. Open seats, links that still work or never end, accounts, rooms and the record stay. */
#ifndef STORE_STORE_RETENTION_H
#define STORE_STORE_RETENTION_H

#include <stdatomic.h>
#include "store/store.h"

#define RETENTION_DAYS_DEFAULT 90
#define RETENTION_DAYS_MIN 1 /* a block by a host lasts as long, and it may stand in an ended seat */
#define RETENTION_DAYS_MAX 3650

/* Days for which seats and invitations are kept after their end. */
MUST_CHECK enum err_code store_retention_days(struct store *s, int64_t *days, struct err *e);
/* Inside a write. */
MUST_CHECK enum err_code store_retention_set_days(struct store *s, int64_t days, struct err *e);

struct retention_counts {
    int64_t seats, invitations, void_rows; /* deleted */
};

/* Deletes what is due at `now_ms` (wall clock), in many short writes, so that others need not wait long. Outside of a write.
 * Ends early once *stop is set (ERR_OK). On an error *out says what is gone already; the next run goes on. */
MUST_CHECK enum err_code store_retention_run(struct store *s, int64_t now_ms, const atomic_bool *stop,
                                             struct retention_counts *out, struct err *e);

#endif
