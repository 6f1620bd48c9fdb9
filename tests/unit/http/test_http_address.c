#include "http/http_address.h"
#include "tests/support/check.h"

#include <arpa/inet.h>

static char out[HTTP_ADDRESS_SIZE];

static const char *client(const char *peer, const char *first, const char *second, const char *const *trusted)
{
    struct http_head h = { .count = 0 };

    if (first)
        http_head_add(&h, "X-Forwarded-For", 15, first, strlen(first));
    if (second)
        http_head_add(&h, "x-forwarded-for", 15, second, strlen(second));
    http_address_of_client(peer, &h, trusted, out);
    return out;
}

static void only_trusted_proxies_are_believed(void)
{
    static const char *const TRUSTED[] = { "127.0.0.1", "10.0.0.1", "::1", NULL };
    static const char *const NONE[] = { NULL };

    CHECK_STR(client("9.9.9.9", "1.1.1.1", NULL, TRUSTED), "9.9.9.9");
    CHECK_STR(client("127.0.0.1", "1.1.1.1", NULL, NULL), "127.0.0.1");
    CHECK_STR(client("127.0.0.1", "1.1.1.1", NULL, NONE), "127.0.0.1");
    CHECK_STR(client("127.0.0.1", NULL, NULL, TRUSTED), "127.0.0.1");
    CHECK_STR(client("127.0.0.1", "1.1.1.1", NULL, TRUSTED), "1.1.1.1");
    CHECK_STR(client("127.0.0.1", "6.6.6.6, 1.1.1.1", NULL, TRUSTED), "1.1.1.1");
    CHECK_STR(client("127.0.0.1", "6.6.6.6, 1.1.1.1 ,10.0.0.1", NULL, TRUSTED), "1.1.1.1");
    CHECK_STR(client("::1", "6.6.6.6", "1.1.1.1, 10.0.0.1", TRUSTED), "1.1.1.1");
    CHECK_STR(client("::1", "1.1.1.1", "10.0.0.1", TRUSTED), "1.1.1.1");
    CHECK_STR(client("127.0.0.1", "2001:DB8::0:1", NULL, TRUSTED), "2001:db8::1");
    CHECK_STR(client("127.0.0.1", "::ffff:1.2.3.4", NULL, TRUSTED), "1.2.3.4");
    CHECK_STR(client("127.0.0.1", "garbage", NULL, TRUSTED), "127.0.0.1");
    CHECK_STR(client("127.0.0.1", "1.1.1.1, ", NULL, TRUSTED), "127.0.0.1");
    CHECK_STR(client("127.0.0.1", "", NULL, TRUSTED), "127.0.0.1");
    CHECK_STR(client("127.0.0.1", "10.0.0.1", NULL, TRUSTED), "10.0.0.1");
    CHECK_STR(client("127.0.0.1", "a,,,,", NULL, TRUSTED), "127.0.0.1");
}

static void a_network_of_proxies_is_believed(void)
{
    static const char *const TRUSTED[] = { "10.0.0.0/8", "fd00::/8", NULL };

    CHECK_STR(client("10.20.30.40", "1.1.1.1, 10.9.9.9", NULL, TRUSTED), "1.1.1.1");
    CHECK_STR(client("fd12::9", "1.1.1.1", NULL, TRUSTED), "1.1.1.1");
    CHECK_STR(client("11.0.0.1", "1.1.1.1", NULL, TRUSTED), "11.0.0.1");
}

static void limits_count_networks_of_v6(void)
{
    http_address_key("192.0.2.7", out);
    CHECK_STR(out, "192.0.2.7");
    http_address_key("2001:db8:1:2:3:4:5:6", out);
    CHECK_STR(out, "2001:db8:1:2::");
}

static const struct check_test TESTS[] = {
    TEST(only_trusted_proxies_are_believed),
    TEST(a_network_of_proxies_is_believed),
    TEST(limits_count_networks_of_v6),
    { 0 },
};
CHECK_MAIN(TESTS)
