/* store_restore.h - puts a backup in the place of the database, and sees to it that what was taken back stays so.
 *
 * A backup holds secrets that were in force when it was made. None of them comes back: sign-ins, one-time links, resume tickets
 * and guests' cookies are void before the file is in place. What was taken back since then (links revoked, accounts closed,
 * passwords changed, …) is taken over from the database that is replaced, when that one is whole and descends from the backup: its
 * record holds the backup's last row. Otherwise the report says that it is in force again. */
#ifndef STORE_STORE_RESTORE_H
#define STORE_STORE_RESTORE_H

#include <stdint.h>
#include "store/restore_report.h"
#include "util/err.h"

/* Puts the backup `path` in the place of `<data>/parlour.db`; the old one stays beside it as `parlour.db.before-N`. At every
 * moment there is a whole database. `now_ms`: wall clock. ERR_CONFLICT "in_use" while a process holds the lock,
 * "database_newer"; ERR_INVALID "not_parlour"; ERR_IO "database_corrupt"; ERR_NOT_FOUND. Nothing has changed then. */
MUST_CHECK enum err_code store_restore(const char *data_folder, const char *path, int64_t now_ms,
                                       struct restore_report *out, struct err *e);

#endif
