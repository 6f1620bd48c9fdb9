/* store_restore.h - puts a backup in the place of the database, and sees to it that what was taken back stays so.
 *
 * A backup holds secrets that were in force when it was made. None of them comes back: sign-ins, one-time links, resume tickets
 * and guests' cookies are void before the file is in place. What was taken back since then (links revoked, accounts closed,
 * passwords changed, …) is taken over from the database that is replaced, when that one is whole and descends from the backup: its
 * record holds the backup's last row. Otherwise the report says that it is in force again. */
#ifndef STORE_STORE_RESTORE_H
#define STORE_STORE_RESTORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/err.h"

enum restore_count {
    RESTORE_SIGN_INS, /* void, as the next three */
    RESTORE_PASSWORD_LINKS,
    RESTORE_SEATS,
    RESTORE_GUESTS,
    RESTORE_LINKS_REVOKED, /* as in the replaced database, as all down to RESTORE_BLOCKS */
    RESTORE_LINKS_RENEWED,
    RESTORE_LINKS_USED,
    RESTORE_LINKS_GONE,
    RESTORE_ACCOUNTS_CLOSED,
    RESTORE_ACCOUNTS_GONE,
    RESTORE_ROLES,
    RESTORE_PASSWORDS,
    RESTORE_COHOSTS,
    RESTORE_BLOCKS,
    RESTORE_ROOMS_BACK, /* brought back by the backup */
    RESTORE_ROOMS_CHANGED,
    RESTORE_ACCOUNTS_LOST, /* made since the backup */
    RESTORE_ROOMS_LOST,
    RESTORE_LINKS_LOST,
    RESTORE_LINKS_LIVE, /* in force now */
    RESTORE_ADMINS,
    RESTORE_COUNTS
};
enum restore_group { RESTORE_VOID, RESTORE_TAKEN_OVER, RESTORE_BACK, RESTORE_LOST, RESTORE_NOW };

/* Why what was taken back since the backup could not be taken over. */
enum restore_compared {
    RESTORE_COMPARED,
    RESTORE_NOTHING_THERE, /* there was no database */
    RESTORE_UNREADABLE,    /* damaged, or of another version */
    RESTORE_UNRELATED,     /* it does not descend from the backup */
    RESTORE_COMPARED_COUNT
};

struct restore_report {
    int64_t since_ms; /* wall clock of the backup's last recorded row; 0: nothing was recorded */
    enum restore_compared compared;
    int64_t counts[RESTORE_COUNTS];
};

/* For words and programs: "sign_ins", "sign-in", "sign-ins". */
struct restore_name {
    enum restore_group group;
    const char *name, *one, *many;
};
extern const struct restore_name RESTORE_NAMES[RESTORE_COUNTS];

/* Puts the backup `path` in the place of `<data>/parlour.db`; the old one stays beside it as `parlour.db.before-N`. At every
 * moment there is a whole database. `now_ms`: wall clock. ERR_CONFLICT "in_use" while a process holds the lock,
 * "database_newer"; ERR_INVALID "not_parlour"; ERR_IO "database_corrupt"; ERR_NOT_FOUND. Nothing has changed then. */
MUST_CHECK enum err_code store_restore(const char *data_folder, const char *path, int64_t now_ms,
                                       struct restore_report *out, struct err *e);

#endif
