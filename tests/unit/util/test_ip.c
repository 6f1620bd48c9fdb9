#include "util/ip.h"
#include "tests/support/check.h"

static void the_site_of_an_ipv6_address_is_its_48_bits(void)
{
    char site[IP_SITE_SIZE];

    CHECK(ip_site("2001:db8:1:2::3", site));
    CHECK_STR(site, "2001:db8:1::/48");
    CHECK(ip_site("2001:db8:1:ffff::", site));
    CHECK_STR(site, "2001:db8:1::/48");
    CHECK(ip_site("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", site));
    CHECK_STR(site, "ffff:ffff:ffff::/48");
}

static void everything_else_has_none(void)
{
    static const char *const NONE[] = { "192.0.2.1", "::ffff:192.0.2.1", "local", "", "2001:db8::/32", "1::2::3" };
    char site[IP_SITE_SIZE];

    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++) {
        CHECK(!ip_site(NONE[i], site));
        CHECK_STR(site, "");
    }
}

static const struct check_test TESTS[] = {
    TEST(the_site_of_an_ipv6_address_is_its_48_bits),
    TEST(everything_else_has_none),
    { 0 },
};
CHECK_MAIN(TESTS)
