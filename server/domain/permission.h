/* permission.h - who may do what, as one table: from a seat, by its role and state, and with an account (at a dashboard, over
 * HTTP), by its role and the room. Dispatch, dashboards and handlers ask it, and pass its answers to seats and pages (`may`), so that
 * clients need no rules of their own. Whether the action has a valid target is another question (seat_next()). Pure. Any thread. */
#ifndef DOMAIN_PERMISSION_H
#define DOMAIN_PERMISSION_H

#include <stdbool.h>
#include <stdint.h>
#include "domain/user.h"

/* A user's part in a room. */
enum room_part { PART_NONE, PART_COHOST, PART_OWNER };

/* The table, one line each: the permission; its name in `may`, the message's if there is one (NULL: clients are not told, they see
 * the effect); the accounts that may do it in a room; the seats that may. Everything else is allowed to nobody.
 *
 * ADMIN is an administrator of the practice, HOST a host of the room in question, OWNER the host who owns it, DESK the front desk; WAITING,
 * INSIDE and HOST_INSIDE are seats, SEATED all of them. A host of the room never waits; a host's seat whose account no longer hosts counts
 * as a guest's.
 *
 * The admin role gives neither access to a call nor links to one: an admin must become co-host first, which is recorded. The desk sees queues and
 * makes links; it never lets anyone into a call nor takes anyone out of one. Chat from an account is with waiting people, from a seat
 * with the people it sees. */
#define PERMISSIONS_IN_ROOMS(X)                                                                                        \
    X(MAY_SEE_ROOM, NULL, ADMIN | HOST | DESK, 0)                                                                      \
    X(MAY_EDIT_ROOM, "edit", ADMIN | HOST, 0)                                                                          \
    X(MAY_DELETE_ROOM, "delete", ADMIN | OWNER, 0)                                                                     \
    X(MAY_INVITE, "invite", HOST | DESK, 0)                                                                            \
    X(MAY_JOIN_AS_HOST, "enter", HOST, 0)                                                                              \
    X(MAY_SEE_LIVE, NULL, ADMIN | HOST | DESK, 0)                                                                      \
    X(MAY_CHAT_WAITING, "chat", HOST | DESK, SEATED)
/* A message that asks for a decision of the room; after the permission the decision, an enum room_verb. */
#define PERMISSIONS_DECIDED(X)                                                                                         \
    X(MAY_ADMIT, ROOM_ADMIT, "admit", ADMIN | HOST, HOST_INSIDE)                                                       \
    X(MAY_HOLD, ROOM_HOLD, "hold", ADMIN | HOST | DESK, HOST_INSIDE)                                                   \
    X(MAY_DENY, ROOM_DENY, "deny", ADMIN | HOST | DESK, HOST_INSIDE)                                                   \
    X(MAY_RETURN, ROOM_RETURN, "return", ADMIN | HOST | DESK, HOST_INSIDE)                                             \
    X(MAY_REMOVE, ROOM_REMOVE, "remove", ADMIN | HOST, HOST_INSIDE)                                                    \
    X(MAY_END, ROOM_END, "end", ADMIN | HOST, HOST_INSIDE)                                                             \
    X(MAY_LEAVE, ROOM_LEAVE, "leave", 0, SEATED)
/* Only from a seat. */
#define PERMISSIONS_OF_SEATS(X)                                                                                        \
    X(MAY_SIGNAL, "signal", 0, INSIDE)                                                                                 \
    X(MAY_STATUS, "status", 0, SEATED)                                                                                 \
    X(MAY_SEEN, "seen", 0, INSIDE)                                                                                     \
    X(MAY_QUALITY, "quality", 0, SEATED)                                                                               \
    X(MAY_MUTE, "mute", 0, HOST_INSIDE)                                                                                \
    X(MAY_CHANGE_RULES, "room", 0, HOST_INSIDE)                                                                        \
    X(MAY_ICE, "ice", 0, INSIDE)
/* With an account, for any room: rooms; accounts, settings and the record. HOST is an account of role host. */
#define PERMISSIONS_IN_PRACTICE(X)                                                                                     \
    X(MAY_CREATE_ROOM, "create", ADMIN | HOST, 0)                                                                      \
    X(MAY_ADMINISTER, "administer", ADMIN, 0)

#define PERMISSION_ENUMERATOR(permission, ...) permission,
enum permission {
    PERMISSIONS_IN_ROOMS(PERMISSION_ENUMERATOR) PERMISSIONS_DECIDED(PERMISSION_ENUMERATOR)
        PERMISSIONS_OF_SEATS(PERMISSION_ENUMERATOR) PERMISSIONS_IN_PRACTICE(PERMISSION_ENUMERATOR) PERMISSIONS
};

/* A set of permissions: bit 1 << permission. */
typedef uint32_t permission_set;

/* `role` is the account's, `part` in the room in question. */
permission_set permission_of_account(enum user_role role, enum room_part part);
/* `is_host`: of role host, and its account still hosts the room; `inside`: inside, otherwise waiting. */
permission_set permission_of_seat(bool is_host, bool inside);
static inline bool permission_in(permission_set set, enum permission what)
{
    return (set >> what & 1u) != 0;
}
permission_set permission_of_practice(enum user_role role);
/* The same for one permission. */
bool permission_allows(enum user_role role, enum room_part part, enum permission what);
bool permission_seat_allows(bool is_host, bool inside, enum permission what);
bool permission_practice_allows(enum user_role role, enum permission what);
/* Its name in `may`: "admit"; or NULL. */
const char *permission_name(enum permission what);

#endif
