#include "domain/room_rules.h"
#include "tests/support/check.h"

static void check_slug(const char *name, const char *expected)
{
    char slug[SLUG_SIZE];

    room_slug_from_name(name, slug);
    CHECK_STR(slug, expected);
}

static void a_slug_is_made_from_the_name(void)
{
    check_slug("Hill Clinic – Dr Rivera", "hill-clinic-dr-rivera");
    check_slug("  Müller & Söhne!  ", "muller-sohne");
    check_slug("O'Neill's room", "oneills-room");
    check_slug("Room 7", "room-7");
    check_slug("عيادة", "");
    check_slug("!", "");
    check_slug("x", "");
    check_slug("A very long name that goes on and on until nobody can remember how it began at all",
               "a-very-long-name-that-goes-on-and-on-until-nobody-can-remember");
    check_slug("abcdefghijklmnopqrstuvwxyz", ""); /* the form of an id */
}

static void only_plain_slugs_are_valid(void)
{
    CHECK(room_slug_valid("dr-rivera"));
    CHECK(room_slug_valid("a1"));
    CHECK(!room_slug_valid("a"));
    CHECK(!room_slug_valid("-ab"));
    CHECK(!room_slug_valid("ab-"));
    CHECK(!room_slug_valid("a--b"));
    CHECK(!room_slug_valid("Ab"));
    CHECK(!room_slug_valid("a/b"));
    CHECK(!room_slug_valid("@desk"));
    CHECK(!room_slug_valid("abcdefghijklmnopqrstuvwxyz"));
    CHECK(!room_slug_valid("a123456789012345678901234567890123456789012345678901234567890123"));
}

static void owner_and_co_hosts_are_hosts(void)
{
    struct room_rules r = { .owner_id = "o", .cohosts = { "c", "d" }, .cohost_count = 2 };

    CHECK_INT(room_rules_part(&r, "o"), PART_OWNER);
    CHECK_INT(room_rules_part(&r, "d"), PART_COHOST);
    CHECK_INT(room_rules_part(&r, "x"), PART_NONE);
    CHECK_INT(room_rules_part(&r, ""), PART_NONE);
}

static void peer_to_peer_rooms_hold_four(void)
{
    struct room_rules r = { .max_participants = 12, .topology = TOPOLOGY_AUTO };

    CHECK_INT(room_rules_capacity(&r), ROOM_P2P_MAX);
    CHECK_INT(room_rules_capacity_max(&r), ROOM_P2P_MAX);
    r.max_participants = 2;
    CHECK_INT(room_rules_capacity(&r), 2);
    r.max_participants = 12;
    r.topology = TOPOLOGY_SFU;
    CHECK_INT(room_rules_capacity(&r), 12);
}

static void topologies_are_found_by_name(void)
{
    enum room_topology t = TOPOLOGY_AUTO;

    CHECK(room_topology_from_name("mixed", &t) && t == TOPOLOGY_MIXED);
    CHECK(!room_topology_from_name("mesh", &t));
    CHECK_STR(room_topology_name(TOPOLOGY_P2P), "p2p");
    CHECK_STR(room_kind_name(ROOM_RECEPTION), "reception");
    CHECK_STR(room_access_name(ROOM_LINK), "link");
}

static const struct check_test TESTS[] = {
    TEST(a_slug_is_made_from_the_name), TEST(only_plain_slugs_are_valid),   TEST(owner_and_co_hosts_are_hosts),
    TEST(peer_to_peer_rooms_hold_four), TEST(topologies_are_found_by_name), { 0 },
};
CHECK_MAIN(TESTS)
