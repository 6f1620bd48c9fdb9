/* permission.h - who may do what, as one table: from a seat, by its role and state, and with an account (at a dashboard, over
 * HTTP), by its role and the room. Dispatch, dashboards and handlers ask it, and tell seats and pages what it says (`may`), so that
 * no client keeps rules of its own. Whether there is somebody to do it to is another question (seat_next()). Pure. Any thread. */
#ifndef DOMAIN_PERMISSION_H
#define DOMAIN_PERMISSION_H

#include <stdbool.h>
#include <stdint.h>
#include "domain/user.h"

enum permission {
    /* With an account, and some of them from a seat. */
    MAY_SEE_ROOM,
    MAY_EDIT_ROOM,
    MAY_DELETE_ROOM,
    MAY_INVITE,
    MAY_JOIN_AS_HOST,
    MAY_SEE_LIVE,
    MAY_ADMIT,
    MAY_HOLD,
    MAY_DENY,
    MAY_RETURN,
    MAY_REMOVE,
    MAY_CHAT_WAITING, /* "chat": with who waits; from a seat with whom it sees */
    MAY_END,
    PERMISSIONS, /* an account's in a room */
    /* From a seat alone. */
    MAY_SIGNAL = PERMISSIONS,
    MAY_STATUS,
    MAY_SEEN,
    MAY_MUTE,
    MAY_CHANGE_RULES,
    MAY_ICE,
    MAY_LEAVE,
    /* With an account, in the practice, whatever the room. */
    MAY_CREATE_ROOM,
    MAY_ADMINISTER, /* accounts, settings, the record */
    ALL_PERMISSIONS
};

/* A set of them: bit 1 << permission. */
typedef uint32_t permission_set;

/* `role` is the account's; `is_host`: owner or co-host of the room in question. */
permission_set permission_of_account(enum user_role role, bool is_host);
/* `is_host`: of role host, whose account hosts the room still; `inside`: inside, else it waits. */
permission_set permission_of_seat(bool is_host, bool inside);
static inline bool permission_in(permission_set set, enum permission what)
{
    return (set >> what & 1u) != 0;
}
permission_set permission_of_practice(enum user_role role);
/* The same for one of them. */
bool permission_allows(enum user_role role, bool is_host, enum permission what);
bool permission_seat_allows(bool is_host, bool inside, enum permission what);
bool permission_practice_allows(enum user_role role, enum permission what);
/* As clients read it in `may`: "admit"; that of the message, where there is one. NULL: clients are not told, they see the effect. */
const char *permission_name(enum permission what);

#endif
