#include "domain/permission.h"

#include <assert.h>
#include <stddef.h>

static_assert(ALL_PERMISSIONS <= 32, "a permission_set holds each");

/* Whose account: an administrator of the practice, a host of the room in question, the front desk. */
enum { ADMIN = 1, HOST = 2, DESK = 4 };
/* Whose seat. A host of the room never waits; a host's seat whose account hosts no more is a guest's. */
enum { WAITING = 1, GUEST_INSIDE = 2, HOST_INSIDE = 4, INSIDE = GUEST_INSIDE | HOST_INSIDE, SEATED = WAITING | INSIDE };

/* Being admin gives no way into a call and no links to one: an admin becomes co-host first, which is recorded.
 * The desk sees queues and makes links; it never lets anyone into a call nor takes anyone out of one.
 * What is left out is allowed to nobody. */
static const struct {
    const char *name;
    unsigned accounts, seats, practice; /* and scopes, once there are API keys */
} TABLE[ALL_PERMISSIONS] = {
    [MAY_SEE_ROOM] = { NULL, ADMIN | HOST | DESK, 0 },
    [MAY_EDIT_ROOM] = { "edit", ADMIN | HOST, 0 },
    [MAY_DELETE_ROOM] = { NULL, ADMIN | HOST, 0 }, /* and of hosts only the owner: not told */
    [MAY_INVITE] = { "invite", HOST | DESK, 0 },
    [MAY_JOIN_AS_HOST] = { "enter", HOST, 0 },
    [MAY_SEE_LIVE] = { NULL, ADMIN | HOST | DESK, 0 },
    [MAY_ADMIT] = { "admit", ADMIN | HOST, HOST_INSIDE },
    [MAY_HOLD] = { "hold", ADMIN | HOST | DESK, HOST_INSIDE },
    [MAY_DENY] = { "deny", ADMIN | HOST | DESK, HOST_INSIDE },
    [MAY_RETURN] = { "return", ADMIN | HOST | DESK, HOST_INSIDE },
    [MAY_REMOVE] = { "remove", ADMIN | HOST, HOST_INSIDE },
    [MAY_CHAT_WAITING] = { "chat", HOST | DESK, SEATED },
    [MAY_END] = { "end", ADMIN | HOST, HOST_INSIDE },
    [MAY_SIGNAL] = { "signal", 0, INSIDE },
    [MAY_STATUS] = { "status", 0, SEATED },
    [MAY_SEEN] = { "seen", 0, INSIDE },
    [MAY_MUTE] = { "mute", 0, HOST_INSIDE },
    [MAY_CHANGE_RULES] = { "room", 0, HOST_INSIDE },
    [MAY_ICE] = { "ice", 0, INSIDE },
    [MAY_LEAVE] = { "leave", 0, SEATED },
    [MAY_CREATE_ROOM] = { "create", .practice = ADMIN | HOST },
    [MAY_ADMINISTER] = { "administer", .practice = ADMIN },
};

static unsigned account_class(enum user_role role, bool is_host)
{
    switch (role) {
    case USER_ADMIN: return ADMIN | (is_host ? HOST : 0u);
    case USER_HOST: return is_host ? HOST : 0u;
    case USER_DESK: return DESK; /* also when a room still names a user who became desk as its host */
    case USER_ROLES: break;
    }
    return 0;
}

bool permission_allows(enum user_role role, bool is_host, enum permission what)
{
    return (TABLE[what].accounts & account_class(role, is_host)) != 0;
}

bool permission_seat_allows(bool is_host, bool inside, enum permission what)
{
    unsigned who = !inside ? WAITING : is_host ? HOST_INSIDE : GUEST_INSIDE;

    return (TABLE[what].seats & who) != 0;
}

/* An account of role host is one of no room in particular here. */
bool permission_practice_allows(enum user_role role, enum permission what)
{
    return (TABLE[what].practice & account_class(role, role == USER_HOST)) != 0;
}

permission_set permission_of_account(enum user_role role, bool is_host)
{
    permission_set set = 0;

    for (int p = 0; p < ALL_PERMISSIONS; p++)
        set |= (permission_set)permission_allows(role, is_host, (enum permission)p) << p;
    return set;
}

permission_set permission_of_seat(bool is_host, bool inside)
{
    permission_set set = 0;

    for (int p = 0; p < ALL_PERMISSIONS; p++)
        set |= (permission_set)permission_seat_allows(is_host, inside, (enum permission)p) << p;
    return set;
}

permission_set permission_of_practice(enum user_role role)
{
    permission_set set = 0;

    for (int p = 0; p < ALL_PERMISSIONS; p++)
        set |= (permission_set)permission_practice_allows(role, (enum permission)p) << p;
    return set;
}

const char *permission_name(enum permission what)
{
    return TABLE[what].name;
}
