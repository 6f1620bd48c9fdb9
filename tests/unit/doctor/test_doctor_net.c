#include "doctor/doctor_net.h"

#include "tests/support/check.h"

static bool is_here(const char *address, char from[NET_TEXT_SIZE])
{
    struct net_target target = { .len = 0 };

    return CHECK(net_target_numeric(&target, address, 443)) && net_is_here(&target, from);
}

static void every_address_of_the_loopback_is_this_machine(void)
{
    char from[NET_TEXT_SIZE];

    CHECK(is_here("127.0.0.1", from));
    CHECK(is_here("127.0.1.1", from));
    CHECK(!is_here("192.0.2.1", from));
    CHECK(!is_here("192.0.2.1", NULL));
}

static void networks_behind_a_router_are_private(void)
{
    CHECK(net_is_private("10.1.2.3") && net_is_private("172.31.0.1") && net_is_private("192.168.1.1"));
    CHECK(net_is_private("fd00::1"));
    CHECK(!net_is_private("172.32.0.1") && !net_is_private("203.0.113.5") && !net_is_private("2001:db8::1"));
    CHECK(!net_is_private(""));
}

static const struct check_test TESTS[] = {
    TEST(every_address_of_the_loopback_is_this_machine),
    TEST(networks_behind_a_router_are_private),
    { 0 },
};

CHECK_MAIN(TESTS)
