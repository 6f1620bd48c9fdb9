/* restore_report.h - the things that a restore has made void, taken over, brought back and lost, as numbers with names. Plain values. */
#ifndef STORE_RESTORE_REPORT_H
#define STORE_RESTORE_REPORT_H

#include <stdint.h>

enum restore_count {
    RESTORE_SIGN_INS, /* made void, like the next three */
    RESTORE_PASSWORD_LINKS,
    RESTORE_SEATS,
    RESTORE_GUESTS,
    RESTORE_LINKS_REVOKED, /* as in the replaced database, like all down to RESTORE_BLOCKS */
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

/* Why revocations since the backup could not be taken over. */
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

#endif
