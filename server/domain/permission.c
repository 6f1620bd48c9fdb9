#include "domain/permission.h"

#include <assert.h>
#include <stddef.h>

static_assert(PERMISSIONS <= 32, "a permission_set holds each");

/* The accounts, and the seats, of permission.h. */
enum { ADMIN = 1, HOST = 2, OWNER = 4, DESK = 8 };
enum { WAITING = 1, GUEST_INSIDE = 2, HOST_INSIDE = 4, INSIDE = GUEST_INSIDE | HOST_INSIDE, SEATED = WAITING | INSIDE };

#define IN_ROOM(permission, name, accounts, seats) [permission] = { name, accounts, seats, 0 },
#define DECIDED(permission, verb, name, accounts, seats) IN_ROOM(permission, name, accounts, seats)
#define IN_PRACTICE(permission, name, accounts, seats) [permission] = { name, 0, seats, accounts },

static const struct {
    const char *name;
    unsigned accounts, seats, practice;
} TABLE[PERMISSIONS] = { PERMISSIONS_IN_ROOMS(IN_ROOM) PERMISSIONS_DECIDED(DECIDED) PERMISSIONS_OF_SEATS(IN_ROOM)
                             PERMISSIONS_IN_PRACTICE(IN_PRACTICE) };

static unsigned account_class(enum user_role role, enum room_part part)
{
    static const unsigned HOSTS[] = { [PART_NONE] = 0, [PART_COHOST] = HOST, [PART_OWNER] = HOST | OWNER };

    switch (role) {
    case USER_ADMIN: return ADMIN | HOSTS[part];
    case USER_HOST: return HOSTS[part];
    case USER_DESK: return DESK; /* also when a room still names as its host a user who became desk */
    case USER_ROLES: break;
    }
    return 0;
}

bool permission_allows(enum user_role role, enum room_part part, enum permission what)
{
    return (TABLE[what].accounts & account_class(role, part)) != 0;
}

bool permission_seat_allows(bool is_host, bool inside, enum permission what)
{
    unsigned who = !inside ? WAITING : is_host ? HOST_INSIDE : GUEST_INSIDE;

    return (TABLE[what].seats & who) != 0;
}

/* Here an account of role host does not depend on a room. */
bool permission_practice_allows(enum user_role role, enum permission what)
{
    return (TABLE[what].practice & account_class(role, role == USER_HOST ? PART_COHOST : PART_NONE)) != 0;
}

permission_set permission_of_account(enum user_role role, enum room_part part)
{
    permission_set set = 0;

    for (int p = 0; p < PERMISSIONS; p++)
        set |= (permission_set)permission_allows(role, part, (enum permission)p) << p;
    return set;
}

permission_set permission_of_seat(bool is_host, bool inside)
{
    permission_set set = 0;

    for (int p = 0; p < PERMISSIONS; p++)
        set |= (permission_set)permission_seat_allows(is_host, inside, (enum permission)p) << p;
    return set;
}

permission_set permission_of_practice(enum user_role role)
{
    permission_set set = 0;

    for (int p = 0; p < PERMISSIONS; p++)
        set |= (permission_set)permission_practice_allows(role, (enum permission)p) << p;
    return set;
}

const char *permission_name(enum permission what)
{
    return TABLE[what].name;
}
