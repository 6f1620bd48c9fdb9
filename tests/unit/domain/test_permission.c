#include "domain/permission.h"
#include "tests/support/check.h"

static bool admin(enum permission p)
{
    return permission_allows(USER_ADMIN, false, p);
}
static bool host(enum permission p)
{
    return permission_allows(USER_HOST, true, p);
}
static bool desk(enum permission p)
{
    return permission_allows(USER_DESK, false, p);
}

static void a_host_of_another_room_may_nothing(void)
{
    for (int p = 0; p < PERMISSIONS; p++)
        CHECK(!permission_allows(USER_HOST, false, (enum permission)p));
}

static void a_host_of_the_room_may_everything(void)
{
    for (int p = 0; p < PERMISSIONS; p++)
        CHECK(host((enum permission)p));
}

static void being_admin_gives_no_way_into_a_call(void)
{
    CHECK(admin(MAY_EDIT_ROOM) && admin(MAY_SEE_LIVE) && admin(MAY_ADMIT) && admin(MAY_END));
    CHECK(!admin(MAY_JOIN_AS_HOST) && !admin(MAY_INVITE) && !admin(MAY_CHAT_WAITING));
    CHECK(permission_allows(USER_ADMIN, true, MAY_JOIN_AS_HOST));
}

static void the_desk_runs_the_queue_but_never_a_call(void)
{
    CHECK(desk(MAY_SEE_LIVE) && desk(MAY_HOLD) && desk(MAY_DENY) && desk(MAY_RETURN) && desk(MAY_INVITE));
    CHECK(!desk(MAY_ADMIT) && !desk(MAY_REMOVE) && !desk(MAY_END) && !desk(MAY_JOIN_AS_HOST) && !desk(MAY_EDIT_ROOM));
    CHECK(!permission_allows(USER_DESK, true, MAY_JOIN_AS_HOST)); /* a co-host whose role became desk */
}

static const struct check_test TESTS[] = {
    TEST(a_host_of_another_room_may_nothing),
    TEST(a_host_of_the_room_may_everything),
    TEST(being_admin_gives_no_way_into_a_call),
    TEST(the_desk_runs_the_queue_but_never_a_call),
    { 0 },
};
CHECK_MAIN(TESTS)
