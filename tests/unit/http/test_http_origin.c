#include "http/http_origin.h"
#include "tests/support/check.h"

static struct http_site site(const char *url, int port)
{
    struct http_site s;
    struct err e;

    CHECK_INT(http_site_parse(url, port, &s, &e), ERR_OK);
    return s;
}

static void public_urls_are_taken_apart(void)
{
    struct http_site s = site("https://Visits.Example.org/", 0);
    struct err e;

    CHECK_STR(s.origin, "https://visits.example.org");
    CHECK_INT(s.port, 443);
    CHECK(s.https && !s.local);
    s = site("http://localhost:0", 4711);
    CHECK_STR(s.origin, "http://localhost:4711");
    CHECK(s.local);
    s = site("http://[::1]:80", 0);
    CHECK_STR(s.origin, "http://[::1]");
    CHECK(s.local);
    CHECK(!site("https://localhost", 0).local);
    CHECK_INT(http_site_parse("ftp://x", 0, &s, &e), ERR_INVALID);
    CHECK_INT(http_site_parse("https://", 0, &s, &e), ERR_INVALID);
    CHECK_INT(http_site_parse("https://x/path", 0, &s, &e), ERR_INVALID);
    CHECK_INT(http_site_parse("https://u@x", 0, &s, &e), ERR_INVALID);
    CHECK_INT(http_site_parse("https://x:70000", 0, &s, &e), ERR_INVALID);
}

static const char *host(const struct http_site *s, const char *text)
{
    static struct err e;

    err_clear(&e);
    return http_host_check(s, text, &e) == ERR_OK ? "ok" : e.code;
}

static void hosts_are_ours_loopback_or_misdirected(void)
{
    struct http_site s = site("https://visits.example.org", 0);

    CHECK_STR(host(&s, "visits.example.org"), "ok");
    CHECK_STR(host(&s, "VISITS.example.ORG:443"), "ok");
    CHECK_STR(host(&s, "visits.example.org:8080"), "ok");
    CHECK_STR(host(&s, "127.0.0.1:8080"), "ok");
    CHECK_STR(host(&s, "[::1]:8080"), "ok");
    CHECK_STR(host(&s, "localhost"), "ok");
    CHECK_STR(host(&s, "evil.example"), "misdirected");
    CHECK_STR(host(&s, "visits.example.org.evil.example"), "misdirected");
    CHECK_STR(host(&s, "[2001:db8::1]"), "misdirected");
    CHECK_STR(host(&s, ""), "bad_request");
    CHECK_STR(host(&s, "a/b"), "bad_request");
    CHECK_STR(host(&s, "a b"), "bad_request");
    CHECK_STR(host(&s, "u@a"), "bad_request");
    CHECK_STR(host(&s, "a, b"), "bad_request");
    CHECK_STR(host(&s, "a:"), "bad_request");
    CHECK_STR(host(&s, "a:x"), "bad_request");
    CHECK_STR(host(&s, "a:99999"), "bad_request");
    CHECK_STR(host(&s, "[::1"), "bad_request");
    CHECK_STR(host(&s, "[]x"), "bad_request");
    CHECK_STR(host(&s, "["), "bad_request");
    CHECK_STR(host(&s, "[::1]x"), "bad_request");
}

static void origins_match_exactly_and_loopback_names_are_one(void)
{
    struct http_site s = site("http://localhost:8080", 0);
    struct http_site p = site("https://visits.example.org", 0);

    CHECK(http_origin_matches(&s, "http://localhost:8080"));
    CHECK(http_origin_matches(&s, "http://127.0.0.1:8080"));
    CHECK(http_origin_matches(&s, "http://[::1]:8080"));
    CHECK(!http_origin_matches(&s, "http://localhost"));
    CHECK(!http_origin_matches(&s, "https://localhost:8080"));
    CHECK(!http_origin_matches(&s, "http://localhost:8081"));
    CHECK(!http_origin_matches(&s, "http://localhost:8080/"));
    CHECK(!http_origin_matches(&s, "http://localhost:8080.evil.example"));
    CHECK(!http_origin_matches(&s, "null"));
    CHECK(!http_origin_matches(&s, ""));
    CHECK(http_origin_matches(&p, "https://visits.example.org"));
    CHECK(http_origin_matches(&p, "https://visits.example.org:443"));
    CHECK(!http_origin_matches(&p, "http://visits.example.org"));
    CHECK(!http_origin_matches(&p, "https://localhost"));
    CHECK(!http_origin_matches(&p, "https://visits.example.org.evil"));
}

#define NONE NULL
static const char *rule(const char *fetch_site, const char *origin, const char *ours, const char *type)
{
    static struct err e;
    struct http_site s = site("http://localhost:8080", 0);
    struct http_head h = { .count = 0 };

    if (fetch_site)
        http_head_add(&h, "sec-fetch-site", 14, fetch_site, strlen(fetch_site));
    if (origin)
        http_head_add(&h, "Origin", 6, origin, strlen(origin));
    if (ours)
        http_head_add(&h, "X-Parlour", 9, ours, strlen(ours));
    if (type)
        http_head_add(&h, "Content-Type", 12, type, strlen(type));
    err_clear(&e);
    return http_origin_check(&s, &h, &e) == ERR_OK ? "ok" : e.code;
}

static void changing_requests_need_proof_of_where_they_come_from(void)
{
    const char *home = "http://localhost:8080", *evil = "https://evil.example", *json = "application/json";

    CHECK_STR(rule("same-origin", home, "1", json), "ok");
    CHECK_STR(rule("same-origin", NONE, "1", "Application/JSON; charset=utf-8"), "ok");
    CHECK_STR(rule(NONE, home, "1", json), "ok");
    CHECK_STR(rule(NONE, "http://127.0.0.1:8080", "1", json), "ok");
    CHECK_STR(rule("same-origin", evil, "1", json), "origin_mismatch");
    CHECK_STR(rule("same-site", home, "1", json), "origin_mismatch");
    CHECK_STR(rule("cross-site", NONE, "1", json), "origin_mismatch");
    CHECK_STR(rule("none", home, "1", json), "origin_mismatch");
    CHECK_STR(rule(NONE, NONE, "1", json), "origin_mismatch");
    CHECK_STR(rule(NONE, "", "1", json), "origin_mismatch");
    CHECK_STR(rule(NONE, "null", "1", json), "origin_mismatch");
    CHECK_STR(rule("same-origin", home, NONE, json), "header_missing");
    CHECK_STR(rule("same-origin", home, "2", json), "header_missing");
    CHECK_STR(rule("same-origin", home, "1", NONE), "wrong_type");
    CHECK_STR(rule("same-origin", home, "1", "text/plain"), "wrong_type");
    CHECK_STR(rule("same-origin", home, "1", "application/json5"), "wrong_type");
}

static void a_mismatch_names_both_addresses(void)
{
    struct http_site s = site("https://visits.example.org", 0);
    struct http_head h = { .count = 0 };
    struct err e = { 0 };

    http_head_add(&h, "Origin", 6, "https://other.example", 21);
    CHECK_INT(http_origin_check(&s, &h, &e), ERR_FORBIDDEN);
    CHECK(strstr(e.detail, "https://other.example") && strstr(e.detail, "https://visits.example.org"));
}

static const struct check_test TESTS[] = {
    TEST(public_urls_are_taken_apart),
    TEST(hosts_are_ours_loopback_or_misdirected),
    TEST(origins_match_exactly_and_loopback_names_are_one),
    TEST(changing_requests_need_proof_of_where_they_come_from),
    TEST(a_mismatch_names_both_addresses),
    { 0 },
};
CHECK_MAIN(TESTS)
