#include "config/config_form.h"

#include "tests/support/check.h"

static void an_address_is_numeric_with_a_port(void)
{
    struct form_address a;

    CHECK(form_address("127.0.0.1:8080", &a) && a.loopback && a.port == 8080);
    CHECK(form_address("127.9.9.9:0", &a) && a.loopback && a.port == 0);
    CHECK(form_address("[::1]:65535", &a) && a.loopback && a.port == 65535);
    CHECK_STR(a.host, "::1");
    CHECK(form_address("0.0.0.0:80", &a) && !a.loopback);
    CHECK(form_address("[::]:80", &a) && !a.loopback);
    CHECK(form_address("[2001:db8::7]:443", &a) && !a.loopback);
}

static void everything_else_is_not_an_address(void)
{
    static const char *const WRONG[] = {
        "",           ":",          ":8080",         "8080",           "localhost:80", "127.0.0.1",
        "127.0.0.1:", "1.2.3.4:-1", "1.2.3.4:65536", "1.2.3.4:080000", "::1:80",       "[::1]",
        "[::1:80",    "::1]:80",    "[1.2.3.4]:80",  "[:80",           "[]:80",        "1.2.3.4:8 0",
        "[",          "]:1",        "[::1]x:80"
    };
    struct form_address a;

    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        if (!CHECK(!form_address(WRONG[i], &a)))
            printf("    %s\n", WRONG[i]);
}

static void a_url_is_an_origin_and_nothing_more(void)
{
    struct form_url u;

    CHECK(form_url("https://visits.example.org", &u) && u.https && u.port == 443 && !u.loopback);
    CHECK(form_url("https://visits.example.org:8443", &u) && u.port == 8443);
    CHECK(form_url("http://localhost:8080", &u) && !u.https && u.loopback && u.port == 8080);
    CHECK(form_url("http://[::1]:80", &u) && u.loopback);
    CHECK_STR(u.host, "[::1]");
    CHECK(form_url("http://127.0.0.1", &u) && u.loopback && u.port == 80);
    CHECK(form_url("http://127.example.org", &u) && !u.loopback);
    CHECK(form_url("http://localhost:0", &u) && u.port == 0);
    CHECK(form_url("https://xn--bcher-kva.example", &u));
}

static void the_address_of_a_link_shows_how_far_it_reaches(void)
{
    static const struct {
        const char *url;
        enum form_reach reach;
    } CASES[] = {
        { "https://visits.example.org", FORM_ANYWHERE },
        { "https://203.0.113.7:8443", FORM_ANYWHERE },
        { "https://172.32.0.1", FORM_ANYWHERE },
        { "https://100.128.0.1", FORM_ANYWHERE },
        { "https://[2001:db8::7]", FORM_ANYWHERE },
        { "https://localhost.example.org", FORM_ANYWHERE },
        { "http://localhost:8080", FORM_MACHINE },
        { "https://localhost:8443", FORM_MACHINE },
        { "http://127.0.0.9", FORM_MACHINE },
        { "http://[::1]:80", FORM_MACHINE },
        { "https://10.1.2.3", FORM_NETWORK },
        { "https://172.16.0.1", FORM_NETWORK },
        { "https://172.31.255.254", FORM_NETWORK },
        { "https://192.168.1.5:8443", FORM_NETWORK },
        { "https://169.254.3.4", FORM_NETWORK },
        { "https://100.100.1.1", FORM_NETWORK },
        { "https://[fd00::1]", FORM_NETWORK },
        { "https://[fe80::1]:8443", FORM_NETWORK },
        { "https://visits.local", FORM_NETWORK },
        { "https://visits.home.arpa", FORM_NETWORK },
        { "https://practice-server:8443", FORM_NETWORK },
        { "http://visits.example.org", FORM_INSECURE },
        { "http://192.168.1.5:8080", FORM_INSECURE },
    };
    struct form_url u;

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        if (!CHECK(form_url(CASES[i].url, &u)) || !CHECK_STR(form_reach_name(u.reach), form_reach_name(CASES[i].reach)))
            printf("    %s\n", CASES[i].url);
    CHECK(form_reach_words(FORM_ANYWHERE) == NULL);
    for (int r = FORM_NETWORK; r <= FORM_INSECURE; r++)
        CHECK(strstr(form_reach_words((enum form_reach)r), "--public-url") != NULL);
}

static void everything_else_is_not_an_origin(void)
{
    static const char *const WRONG[] = { "",
                                         "visits.example.org",
                                         "ftp://visits.example.org",
                                         "https://",
                                         "https:///",
                                         "https://visits.example.org/",
                                         "https://visits.example.org/app",
                                         "https://visits.example.org?x",
                                         "https://visits.example.org#x",
                                         "https://user@visits.example.org",
                                         "https://user:pw@visits.example.org",
                                         "https://Visits.example.org",
                                         "https://visits..example.org",
                                         "https://-visits.example.org",
                                         "https://visits.example.org.",
                                         "https://visits-.example.org",
                                         "https://visits.example.org:99999",
                                         "https://visits example.org",
                                         "https://[::1",
                                         "https://[1.2.3.4]",
                                         "https://[]",
                                         "https://::1",
                                         "HTTPS://visits.example.org",
                                         "https://m\xc3\xbcller.example" };
    struct form_url u;

    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        if (!CHECK(!form_url(WRONG[i], &u)))
            printf("    %s\n", WRONG[i]);
}

static void turn_urls_follow_rfc_7065(void)
{
    struct form_turn t;

    CHECK(form_turn("turn:turn.example.org", &t) && !t.tls && t.port == 3478);
    CHECK_STR(t.transport, "");
    CHECK(form_turn("turn:10.0.0.1:3479?transport=udp", &t) && t.port == 3479);
    CHECK_STR(t.transport, "udp");
    CHECK(form_turn("turns:turn.example.org?transport=tcp", &t) && t.tls && t.port == 5349);
    CHECK(form_turn("turn:[2001:db8::1]:3478", &t));
    CHECK_STR(t.host, "[2001:db8::1]");
}

static void everything_else_is_not_a_turn_url(void)
{
    static const char *const WRONG[] = { "",
                                         "turn:",
                                         "stun:a",
                                         "turn://a",
                                         "turn:a?transport=sctp",
                                         "turn:a?x=y",
                                         "turn:a?transport=",
                                         "turn:a:0",
                                         "turn:a:70000",
                                         "turn:user@a",
                                         "turn:a b",
                                         "turn:A",
                                         "http://a" };
    struct form_turn t;

    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        if (!CHECK(!form_turn(WRONG[i], &t)))
            printf("    %s\n", WRONG[i]);
}

static const struct check_test TESTS[] = {
    TEST(an_address_is_numeric_with_a_port),   TEST(everything_else_is_not_an_address),
    TEST(a_url_is_an_origin_and_nothing_more), TEST(the_address_of_a_link_shows_how_far_it_reaches),
    TEST(everything_else_is_not_an_origin),    TEST(turn_urls_follow_rfc_7065),
    TEST(everything_else_is_not_a_turn_url),   { 0 },
};
CHECK_MAIN(TESTS)
