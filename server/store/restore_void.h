/* restore_void.h - statements that void what a restored copy may not bring back, in one place. Used inside server/store only. */
#ifndef STORE_RESTORE_VOID_H
#define STORE_RESTORE_VOID_H

#include "store/db.h"
#include "store/restore_report.h"
#include "util/err.h"

/* Voids the secrets in `copy` (DB_ALONE, at this version's level), and takes over later revocations from `old`; `old` NULL: there
 * is none that could be compared. All or nothing. Counts into `out`. */
MUST_CHECK enum err_code restore_void(struct db *copy, struct db *old, int64_t now_ms, struct restore_report *out,
                                      struct err *e);
/* Does `old` descend from `copy`: is the last row of the copy's record also in the old record? Fills out->since_ms. */
MUST_CHECK enum err_code restore_related(struct db *copy, struct db *old, bool *related, struct restore_report *out,
                                         struct err *e);

#endif
