#include "util/crowd.h"
#include "tests/support/check.h"

#include <stdio.h>

static void an_address_has_a_limited_number_of_places(void)
{
    struct crowd *c = crowd_new(2);

    for (int i = 0; i < 2; i++) {
        CHECK(crowd_has_room(c, "192.0.2.1"));
        crowd_enter(c, "192.0.2.1");
    }
    CHECK(!crowd_has_room(c, "192.0.2.1"));
    CHECK(crowd_has_room(c, "192.0.2.2"));
    CHECK_INT(crowd_refused(c), 1);
    crowd_leave(c, "192.0.2.1");
    CHECK(crowd_has_room(c, "192.0.2.1"));
    crowd_leave(c, "192.0.2.1");
    crowd_free(c);
}

static void a_network_of_ipv6_is_one_address(void)
{
    struct crowd *c = crowd_new(1);

    crowd_enter(c, "2001:db8:1:2::1");
    CHECK(!crowd_has_room(c, "2001:db8:1:2:ffff::9"));
    CHECK(crowd_has_room(c, "2001:db8:1:3::1"));
    crowd_leave(c, "2001:db8:1:2::1");
    CHECK(crowd_has_room(c, "2001:db8:1:2::1"));
    crowd_free(c);
}

static void a_site_of_ipv6_has_twice_as_many_places(void)
{
    struct crowd *c = crowd_new(1);

    crowd_enter(c, "2001:db8:1:2::1");
    crowd_enter(c, "2001:db8:1:3::1");
    CHECK(!crowd_has_room(c, "2001:db8:1:4::1"));
    CHECK(crowd_has_room(c, "2001:db8:2:4::1"));
    crowd_leave(c, "2001:db8:1:2::1");
    CHECK(crowd_has_room(c, "2001:db8:1:4::1"));
    crowd_leave(c, "2001:db8:1:3::1");
    crowd_free(c);
}

/* The leak checker would find anything left behind. */
static void an_address_that_has_left_is_forgotten(void)
{
    struct crowd *c = crowd_new(1);
    char address[32];

    for (int i = 0; i < 5000; i++) {
        snprintf(address, sizeof address, "10.0.%d.%d", i / 250, i % 250);
        crowd_enter(c, address);
        crowd_leave(c, address);
        CHECK(crowd_has_room(c, address));
    }
    CHECK_INT(crowd_refused(c), 0);
    crowd_free(c);
    crowd_free(NULL);
}

static const struct check_test TESTS[] = {
    TEST(an_address_has_a_limited_number_of_places),
    TEST(a_network_of_ipv6_is_one_address),
    TEST(a_site_of_ipv6_has_twice_as_many_places),
    TEST(an_address_that_has_left_is_forgotten),
    { 0 },
};
CHECK_MAIN(TESTS)
