#include "util/ip.h"

#include <arpa/inet.h>
#include <netinet/in.h>
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

static void other_addresses_have_none(void)
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

static void a_network_holds_its_addresses(void)
{
    static const struct {
        const char *network, *address;
        bool holds;
    } CASES[] = {
        { "127.0.0.1", "127.0.0.1", true },
        { "127.0.0.1", "127.0.0.2", false },
        { "10.0.0.0/8", "10.255.1.2", true },
        { "10.0.0.0/8", "11.0.0.1", false },
        { "10.1.2.3/8", "10.9.9.9", true },
        { "192.0.2.128/25", "192.0.2.127", false },
        { "192.0.2.128/25", "192.0.2.255", true },
        { "0.0.0.0/0", "8.8.8.8", true },
        { "0.0.0.0/0", "2001:db8::1", false },
        { "::/0", "2001:db8::1", true },
        { "fd00::/8", "fdab::1", true },
        { "fd00::/8", "fe80::1", false },
        { "::1", "::1", true },
        { "::1", "::2", false },
        { "10.0.0.0/8", "::ffff:10.1.2.3", true },
        { "::ffff:10.0.0.0/104", "10.1.2.3", true },
        { "10.0.0.0/8", "local", false },
        { "", "10.0.0.1", false },
    };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        if (ip_network_holds(CASES[i].network, CASES[i].address) != CASES[i].holds)
            CHECK_STR(CASES[i].network, CASES[i].address);
}

static void text_that_is_not_a_network_is_refused(void)
{
    static const char *const GOOD[] = { "127.0.0.1", "::1", "10.0.0.0/8", "0.0.0.0/0", "fd00::/8", "192.0.2.1/32" };
    static const char *const BAD[] = { "",
                                       "/8",
                                       "10.0.0.0/",
                                       "10.0.0.0/33",
                                       "10.0.0.0/-1",
                                       "10.0.0.0/8/8",
                                       "fd00::/129",
                                       "localhost",
                                       "10.0.0/8",
                                       "10.0.0.0/8 ",
                                       "1111:2222:3333:4444:5555:6666:7777:8888:9/8" };

    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++)
        if (!ip_network_valid(GOOD[i]))
            CHECK_STR(GOOD[i], "(a network)");
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (ip_network_valid(BAD[i]))
            CHECK_STR(BAD[i], "(no network)");
}

static void sockets_have_a_text(void)
{
    char out[IP_SIZE];
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr other = { .sa_family = AF_UNIX };

    inet_pton(AF_INET, "192.0.2.7", &v4.sin_addr);
    ip_text((struct sockaddr *)&v4, out);
    CHECK_STR(out, "192.0.2.7");
    inet_pton(AF_INET6, "::ffff:192.0.2.7", &v6.sin6_addr);
    ip_text((struct sockaddr *)&v6, out);
    CHECK_STR(out, "192.0.2.7");
    ip_text(&other, out);
    CHECK_STR(out, "local");
    ip_text(NULL, out);
    CHECK_STR(out, "local");
}

static const struct check_test TESTS[] = {
    TEST(a_home_is_an_ipv4_address_or_64_bits_and_an_area_24_or_48),
    TEST(the_site_of_an_ipv6_address_is_its_48_bits),
    TEST(other_addresses_have_none),
    TEST(a_network_holds_its_addresses),
    TEST(text_that_is_not_a_network_is_refused),
    TEST(sockets_have_a_text),
    { 0 },
};
CHECK_MAIN(TESTS)
