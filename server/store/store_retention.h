/* store_retention.h - deletes old rows, so that no table grows forever.
 *
 * Ended seats, the quality of calls, and invitations that have expired or were revoked, are deleted after the number of days that the practice has set
 * (they hold names and addresses of guests). Sign-ins, password links, blocks, PIN attempts, self tests and keys of repeated requests are
 * deleted once they are void. Open seats, links that still work or never end, accounts, rooms and the record stay. */
#ifndef STORE_STORE_RETENTION_H
#define STORE_STORE_RETENTION_H

#include <stdatomic.h>
#include "store/store.h"

#define RETENTION_DAYS_DEFAULT 90
#define RETENTION_DAYS_MIN 1 /* a host's block lasts as long, and may be stored in an ended seat */
#define RETENTION_DAYS_MAX 3650

/* Days for which seats and invitations are kept after their end. */
MUST_CHECK enum err_code store_retention_days(struct store *store, int64_t *days, struct err *e);
/* Inside a write. */
MUST_CHECK enum err_code store_retention_set_days(struct store *store, int64_t days, struct err *e);

struct retention_counts {
    int64_t seats, invitations, void_rows; /* deleted */
};

/* Deletes rows that are due at `now_ms` (wall clock), in many short writes, so that others need not wait long. Outside a write.
 * Ends early once *stop is set (ERR_OK). On an error *out counts the rows already deleted; the next run goes on. */
MUST_CHECK enum err_code store_retention_run(struct store *store, int64_t now_ms, const atomic_bool *stop,
                                             struct retention_counts *out, struct err *e);

#endif
