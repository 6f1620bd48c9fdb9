#include "http/http_security.h"
#include "tests/support/check.h"

static struct http_security made;

static const char *header(const char *url, enum http_kind kind, const char *hashes, const char *name)
{
    struct http_site site;
    struct err e;

    CHECK_INT(http_site_parse(url, 8080, &site, &e), ERR_OK);
    http_security_make(&site, kind, hashes, &made);
    for (size_t i = 0; i < made.count; i++)
        if (strcmp(made.lines[i].name, name) == 0)
            return made.lines[i].value;
    return NULL;
}

#define CSP "Content-Security-Policy"

static void the_room_page_has_the_whole_policy(void)
{
    CHECK_STR(
        header("https://visits.example.org", KIND_ROOM_PAGE, "'sha256-x='", CSP),
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self' 'sha256-x='; "
        "img-src 'self' data: blob:; media-src 'self' blob: mediastream:; font-src 'self'; "
        "connect-src 'self' wss://visits.example.org; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        "object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default "
        "lit-html");
    CHECK(strstr(header("https://a.example:8443", KIND_ROOM_PAGE, "", CSP),
                 "connect-src 'self' wss://a.example:8443;") != NULL);
    CHECK(strstr(header("http://localhost:0", KIND_PAGE, "", CSP),
                 "connect-src 'self' ws://localhost:8080 ws://127.0.0.1:8080;") != NULL);
    CHECK(strstr(header("https://[::1]", KIND_PAGE, "", CSP), "connect-src 'self';") != NULL);
    CHECK(strstr(header("http://localhost:0", KIND_PAGE, "", CSP), "style-src 'self';") != NULL);
}

static void other_kinds_are_allowed_less(void)
{
    CHECK(!strstr(header("https://a.example", KIND_PAGE, "", CSP), "wasm") && !strstr(made.policy, "media-src"));
    CHECK(strstr(header("https://a.example", KIND_DATA, "", CSP), "default-src 'none'") &&
          strstr(made.policy, "sandbox"));
    for (int kind = 0; kind < KINDS; kind++) {
        CHECK(strstr(header("https://a.example", (enum http_kind)kind, "", CSP), "frame-ancestors 'none'") != NULL);
        CHECK_STR(header("https://a.example", (enum http_kind)kind, "", "X-Content-Type-Options"), "nosniff");
        CHECK_STR(header("https://a.example", (enum http_kind)kind, "", "Referrer-Policy"), "no-referrer");
        CHECK_STR(header("https://a.example", (enum http_kind)kind, "", "Cross-Origin-Opener-Policy"), "same-origin");
        CHECK_STR(header("https://a.example", (enum http_kind)kind, "", "Cross-Origin-Resource-Policy"), "same-origin");
    }
}

static void only_https_promises_https(void)
{
    CHECK_STR(header("https://a.example", KIND_DATA, "", "Strict-Transport-Security"), "max-age=31536000");
    CHECK(header("http://localhost:0", KIND_DATA, "", "Strict-Transport-Security") == NULL);
}

static void cameras_are_for_the_room_page_alone(void)
{
    CHECK(strstr(header("https://a.example", KIND_ROOM_PAGE, "", "Permissions-Policy"),
                 "camera=(self), microphone=(self)") != NULL);
    CHECK(strstr(header("https://a.example", KIND_PAGE, "", "Permissions-Policy"),
                 "camera=(), microphone=(), display-capture=()") != NULL);
    CHECK(strstr(header("https://a.example", KIND_PAGE, "", "Permissions-Policy"), "geolocation=()") != NULL);
}

static const struct check_test TESTS[] = {
    TEST(the_room_page_has_the_whole_policy),
    TEST(other_kinds_are_allowed_less),
    TEST(only_https_promises_https),
    TEST(cameras_are_for_the_room_page_alone),
    { 0 },
};
CHECK_MAIN(TESTS)
