#include "domain/permission.h"
#include "tests/support/check.h"

static bool admin(enum permission p)
{
    return permission_allows(USER_ADMIN, PART_NONE, p);
}
static bool host(enum permission p)
{
    return permission_allows(USER_HOST, PART_COHOST, p);
}
static bool desk(enum permission p)
{
    return permission_allows(USER_DESK, PART_NONE, p);
}

static void a_host_of_another_room_may_do_nothing(void)
{
    for (int p = 0; p < PERMISSIONS; p++)
        CHECK(!permission_allows(USER_HOST, PART_NONE, (enum permission)p));
}

/* Everything that any account may do in a room. */
static void the_owner_of_a_room_may_do_everything_and_a_cohost_all_but_delete_it(void)
{
    for (int p = 0; p < PERMISSIONS; p++) {
        bool anybody = host((enum permission)p) || admin((enum permission)p) || desk((enum permission)p);

        CHECK_INT(permission_allows(USER_HOST, PART_OWNER, (enum permission)p), anybody);
        CHECK_INT(host((enum permission)p), anybody && p != MAY_DELETE_ROOM);
    }
}

static void a_room_is_deleted_by_its_owner_or_an_admin(void)
{
    CHECK(permission_allows(USER_HOST, PART_OWNER, MAY_DELETE_ROOM) && admin(MAY_DELETE_ROOM));
    CHECK(!host(MAY_DELETE_ROOM) && !desk(MAY_DELETE_ROOM));
    CHECK(!permission_allows(USER_DESK, PART_OWNER, MAY_DELETE_ROOM)); /* an owner whose role became desk */
}

static void being_admin_gives_no_way_into_a_call(void)
{
    CHECK(admin(MAY_EDIT_ROOM) && admin(MAY_SEE_LIVE) && admin(MAY_ADMIT) && admin(MAY_END));
    CHECK(!admin(MAY_JOIN_AS_HOST) && !admin(MAY_INVITE) && !admin(MAY_CHAT_WAITING));
    CHECK(permission_allows(USER_ADMIN, PART_COHOST, MAY_JOIN_AS_HOST));
}

static void the_front_desk_runs_the_queue_but_never_a_call(void)
{
    CHECK(desk(MAY_SEE_LIVE) && desk(MAY_HOLD) && desk(MAY_DENY) && desk(MAY_RETURN) && desk(MAY_INVITE));
    CHECK(!desk(MAY_ADMIT) && !desk(MAY_REMOVE) && !desk(MAY_END) && !desk(MAY_JOIN_AS_HOST) && !desk(MAY_EDIT_ROOM));
    CHECK(!permission_allows(USER_DESK, PART_COHOST, MAY_JOIN_AS_HOST)); /* a co-host whose role became desk */
}

/* The actors: the place they act from, and their role. */
enum somebody {
    GUEST_WAITS,
    GUEST_INSIDE,
    HOST_INSIDE,
    ADMIN,
    ADMIN_AND_HOST,
    OWNER,
    COHOST,
    HOST_OF_ANOTHER,
    DESK,
    DESK_AND_HOST,
    SOMEBODIES
};

/* The rights of each actor, by name: checked against the table, which lists actors by right. */
static const char *const MAY[SOMEBODIES] = {
    [GUEST_WAITS] = " chat status leave quality ",
    [GUEST_INSIDE] = " chat status leave signal seen quality ice ",
    [HOST_INSIDE] = " chat status leave signal seen quality ice admit hold deny return remove end mute room ",
    [ADMIN] = " edit delete admit hold deny return remove end ",
    [ADMIN_AND_HOST] = " edit delete invite enter admit hold deny return remove chat end ",
    [OWNER] = " edit delete invite enter admit hold deny return remove chat end ",
    [COHOST] = " edit invite enter admit hold deny return remove chat end ",
    [HOST_OF_ANOTHER] = " ",
    [DESK] = " invite hold deny return chat ",
    [DESK_AND_HOST] = " invite hold deny return chat ",
};

static permission_set set_of(enum somebody who)
{
    static const struct {
        enum user_role role;
        enum room_part part;
    } ACCOUNTS[SOMEBODIES] = {
        [ADMIN] = { USER_ADMIN, PART_NONE },          [ADMIN_AND_HOST] = { USER_ADMIN, PART_COHOST },
        [OWNER] = { USER_HOST, PART_OWNER },          [COHOST] = { USER_HOST, PART_COHOST },
        [HOST_OF_ANOTHER] = { USER_HOST, PART_NONE }, [DESK] = { USER_DESK, PART_NONE },
        [DESK_AND_HOST] = { USER_DESK, PART_COHOST },
    };

    if (who <= HOST_INSIDE)
        return permission_of_seat(who == HOST_INSIDE, who != GUEST_WAITS);
    return permission_of_account(ACCOUNTS[who].role, ACCOUNTS[who].part);
}

static void each_actor_has_from_seat_or_account_the_rights_written_here_and_no_more(void)
{
    for (int who = 0; who < SOMEBODIES; who++) {
        permission_set set = set_of((enum somebody)who);
        size_t named = 0, words = 0;

        for (int p = 0; p < PERMISSIONS; p++) {
            const char *name = permission_name((enum permission)p);
            char word[24];

            if (!name)
                continue;
            snprintf(word, sizeof word, " %s ", name);
            CHECK_INT(permission_in(set, (enum permission)p), strstr(MAY[who], word) != NULL);
            named += permission_in(set, (enum permission)p);
        }
        for (const char *c = MAY[who] + 1; *c; c++)
            words += *c == ' ';
        CHECK_INT(named, words); /* no name is without a right */
    }
}

static void in_the_practice_the_front_desk_makes_no_rooms_and_only_an_admin_administers(void)
{
    CHECK_INT(permission_of_practice(USER_ADMIN), 1u << MAY_CREATE_ROOM | 1u << MAY_ADMINISTER);
    CHECK_INT(permission_of_practice(USER_HOST), 1u << MAY_CREATE_ROOM);
    CHECK_INT(permission_of_practice(USER_DESK), 0);
    CHECK_INT(permission_of_practice(USER_ROLES), 0);
}

static void the_rights_to_see_a_room_have_no_name(void)
{
    for (int who = ADMIN; who < SOMEBODIES; who++) {
        CHECK_INT(permission_in(set_of((enum somebody)who), MAY_SEE_ROOM), who != HOST_OF_ANOTHER);
        CHECK_INT(permission_in(set_of((enum somebody)who), MAY_SEE_LIVE), who != HOST_OF_ANOTHER);
    }
    CHECK(!permission_name(MAY_SEE_ROOM) && !permission_name(MAY_SEE_LIVE));
}

/* No host's seat waits; if there were one, it would have a guest's rights only. */
static void a_waiting_person_decides_nothing(void)
{
    CHECK_INT(permission_of_seat(true, false), permission_of_seat(false, false));
    CHECK(!permission_seat_allows(true, false, MAY_ADMIT) && permission_seat_allows(true, true, MAY_ADMIT));
}

static const struct check_test TESTS[] = {
    TEST(a_host_of_another_room_may_do_nothing),
    TEST(the_owner_of_a_room_may_do_everything_and_a_cohost_all_but_delete_it),
    TEST(a_room_is_deleted_by_its_owner_or_an_admin),
    TEST(being_admin_gives_no_way_into_a_call),
    TEST(the_front_desk_runs_the_queue_but_never_a_call),
    TEST(each_actor_has_from_seat_or_account_the_rights_written_here_and_no_more),
    TEST(in_the_practice_the_front_desk_makes_no_rooms_and_only_an_admin_administers),
    TEST(the_rights_to_see_a_room_have_no_name),
    TEST(a_waiting_person_decides_nothing),
    { 0 },
};
CHECK_MAIN(TESTS)
