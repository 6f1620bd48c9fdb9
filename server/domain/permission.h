/* permission.h - who may do what, as one table. Pure. */
#ifndef DOMAIN_PERMISSION_H
#define DOMAIN_PERMISSION_H

#include <stdbool.h>
#include "domain/room_rules.h"
#include "domain/user.h"

enum permission {
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
    MAY_CHAT_WAITING,
    MAY_END,
    PERMISSIONS
};
/* `role` is the account's; `is_host`: owner or co-host of the room in question. */
bool permission_allows(enum user_role role, bool is_host, enum permission what);

#endif
