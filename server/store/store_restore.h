/* store_restore.h - replaces the database by a backup, and makes sure that revocations stay in force.
 *
 * A backup holds secrets that were in force when it was made. None of them comes back: sign-ins, one-time links, resume tickets
 * and guests' cookies are void before the file is in place. Later revocations (links revoked, accounts closed, passwords
 * changed, …) are taken over from the replaced database when it is whole and descends from the backup: its record holds the
 * backup's last row. Otherwise the report says what is in force again. */
#ifndef STORE_STORE_RESTORE_H
#define STORE_STORE_RESTORE_H

#include <stdint.h>
#include "store/restore_report.h"
#include "util/err.h"

/* Replaces `<data>/parlour.db` by the backup `path`; the old one stays beside it as `parlour.db.before-N`. At every
 * moment there is a whole database. `now_ms`: wall clock. ERR_CONFLICT "in_use" while a process holds the lock,
 * "database_newer"; ERR_INVALID "not_parlour"; ERR_IO "database_corrupt"; ERR_NOT_FOUND. After an error nothing has changed. */
MUST_CHECK enum err_code store_restore(const char *data_folder, const char *path, int64_t now_ms,
                                       struct restore_report *out, struct err *e);

#endif
