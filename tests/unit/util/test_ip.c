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

static void a_home_is_an_ipv4_address_or_64_bits_and_an_area_24_or_48(void)
{
    static const char *const CASES[][3] = {
        { "192.0.2.7", "192.0.2.7", "192.0.2.0/24" },
        { "::ffff:192.0.2.7", "192.0.2.7", "192.0.2.0/24" },
        { "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48" },
        { "::1", "::/64", "::/48" },
        { "local", "local", "local" },
        { "", "", "" },
    };
    char text[IP_SITE_SIZE];

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        ip_home(CASES[i][0], text);
        CHECK_STR(text, CASES[i][1]);
        ip_area(CASES[i][0], text);
        CHECK_STR(text, CASES[i][2]);
    }
}

static const struct check_test TESTS[] = {
    TEST(a_home_is_an_ipv4_address_or_64_bits_and_an_area_24_or_48),
    TEST(the_site_of_an_ipv6_address_is_its_48_bits),
    TEST(everything_else_has_none),
    { 0 },
};
CHECK_MAIN(TESTS)
