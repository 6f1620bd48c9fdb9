#include "domain/permission.h"

/* Who: an administrator of the practice, a host of the room in question, the front desk. */
enum { ADMIN = 1, HOST = 2, DESK = 4 };

/* Being admin gives no way into a call and no links to one: an admin becomes co-host first, which is recorded.
 * The desk sees queues and makes links; it never lets anyone into a call nor takes anyone out of one. */
static const unsigned ALLOWED[PERMISSIONS] = {
    [MAY_SEE_ROOM] = ADMIN | HOST | DESK,
    [MAY_EDIT_ROOM] = ADMIN | HOST,
    [MAY_DELETE_ROOM] = ADMIN | HOST,
    [MAY_INVITE] = HOST | DESK,
    [MAY_JOIN_AS_HOST] = HOST,
    [MAY_SEE_LIVE] = ADMIN | HOST | DESK,
    [MAY_ADMIT] = ADMIN | HOST,
    [MAY_HOLD] = ADMIN | HOST | DESK,
    [MAY_DENY] = ADMIN | HOST | DESK,
    [MAY_RETURN] = ADMIN | HOST | DESK,
    [MAY_REMOVE] = ADMIN | HOST,
    [MAY_CHAT_WAITING] = HOST | DESK,
    [MAY_END] = ADMIN | HOST,
};

bool permission_allows(enum user_role role, bool is_host, enum permission what)
{
    unsigned who = 0;

    switch (role) {
    case USER_ADMIN: who = ADMIN | (is_host ? HOST : 0u); break;
    case USER_HOST: who = is_host ? HOST : 0u; break;
    case USER_DESK: who = DESK; break; /* also when a room still names a user who became desk as its host */
    case USER_ROLES: break;
    }
    return (ALLOWED[what] & who) != 0;
}
