/* Sockets that have not joined: their number, and which one gives way. */
#include "ws/unjoined.h"

#include <stdio.h>

#include "tests/support/check.h"

/* Its id, 0 when it was refused; `gone`: the socket that gave way. */
static int64_t enter(struct unjoined *u, const char *address, int64_t *gone)
{
    struct unjoined_one victim;
    int64_t id = 0;
    bool allowed = unjoined_enter(u, address, 3, &id, &victim);

    if (gone)
        *gone = victim.id;
    CHECK_INT(victim.shard, victim.id ? 3 : 0);
    return allowed ? id : 0;
}

static void an_address_has_its_share_and_an_ipv6_site_four(void)
{
    struct unjoined *u = unjoined_new(100, 3);
    int64_t first = enter(u, "192.0.2.1", NULL);
    char address[40];

    CHECK(first && enter(u, "192.0.2.1", NULL) && enter(u, "192.0.2.1", NULL));
    CHECK(!enter(u, "192.0.2.1", NULL));
    CHECK(enter(u, "192.0.2.2", NULL) != 0);
    CHECK(unjoined_leave(u, first) && !unjoined_leave(u, first));
    CHECK(enter(u, "192.0.2.1", NULL) != 0);
    for (int i = 0; i < 12; i++) {
        snprintf(address, sizeof address, "2001:db8:1:%x::", i);
        CHECK(enter(u, address, NULL) != 0);
    }
    CHECK(!enter(u, "2001:db8:1:ff::", NULL));
    CHECK(enter(u, "2001:db8:2:ff::", NULL) != 0);
    unjoined_free(u);
}

static void when_all_places_are_taken_the_oldest_of_the_most_crowded_gives_way(void)
{
    struct unjoined *u = unjoined_new(8, 4);
    int64_t ids[8], gone;

    ids[0] = enter(u, "198.51.100.1", NULL); /* two here */
    ids[1] = enter(u, "192.0.2.1", NULL);    /* one of four in this area */
    for (int i = 2; i < 5; i++)
        ids[i] = enter(u, "192.0.2.2", NULL);
    ids[5] = enter(u, "198.51.100.1", NULL);
    ids[6] = enter(u, "203.0.113.1", NULL);
    ids[7] = enter(u, "203.0.113.2", NULL);
    CHECK(enter(u, "2001:db8::1", &gone) != 0);
    CHECK_INT(gone, ids[2]);
    CHECK(!unjoined_leave(u, ids[2]));
    CHECK(enter(u, "2001:db9::1", &gone) != 0);
    CHECK_INT(gone, ids[3]);
    CHECK(enter(u, "2001:dba::1", &gone) != 0);
    CHECK_INT(gone, ids[0]); /* 192.0.2.0/24 has two as well now, from two homes; these came from one */
    unjoined_free(u);
}

static void a_newcomer_from_an_uncrowded_area_always_gets_in(void)
{
    struct unjoined *u = unjoined_new(512, 16);
    int64_t gone, ids[100];
    char address[40];

    for (int i = 0; i < 40 * 16; i++) {
        snprintf(address, sizeof address, "192.0.%d.%d", 2 + i % 40 % 4, i % 40);
        CHECK(enter(u, address, NULL) != 0);
    }
    for (int i = 0; i < 100; i++) {
        snprintf(address, sizeof address, "198.51.%d.7", i);
        ids[i] = enter(u, address, &gone);
        CHECK(ids[i] != 0 && gone != 0);
    }
    for (int i = 0; i < 100; i++)
        CHECK(unjoined_leave(u, ids[i]));
    unjoined_free(u);
}

static const struct check_test TESTS[] = {
    TEST(an_address_has_its_share_and_an_ipv6_site_four),
    TEST(when_all_places_are_taken_the_oldest_of_the_most_crowded_gives_way),
    TEST(a_newcomer_from_an_uncrowded_area_always_gets_in),
    { 0 },
};
CHECK_MAIN(TESTS)
