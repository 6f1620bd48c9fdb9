#include "http/http_upgrade.h"
#include "http/http_problem.h"
#include "tests/support/check.h"

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="

static struct http_head head;
static struct http_upgrade found;

static void add(const char *name, const char *value)
{
    http_head_add(&head, name, strlen(name), value, strlen(value));
}

static void good_head(void)
{
    head = (struct http_head){ .method = "GET", .version = "HTTP/1.1", .length = -1 };
    add("Upgrade", "WebSocket");
    add("Connection", "keep-alive, upgrade");
    add("Sec-WebSocket-Version", "13");
    add("Sec-WebSocket-Key", KEY);
    add("Sec-WebSocket-Protocol", "other");
    add("Sec-WebSocket-Protocol", "parlour.v1");
}

static int check(const char *path)
{
    struct http_site site;
    struct err e = { 0 };

    CHECK_INT(http_site_parse("https://visits.example.org", 0, &site, &e), ERR_OK);
    return http_upgrade_check(&site, path, &head, &found, &e) == ERR_OK ? 101 : http_reply_status(&e);
}

static void a_proper_upgrade_is_taken(void)
{
    good_head();
    CHECK_INT(check("/ws/abcd2345"), 101);
    CHECK_STR(found.room, "abcd2345");
    CHECK_STR(found.key, KEY);
    CHECK_INT(check("/ws/@desk"), 101);
    CHECK_STR(found.room, "@desk");
    add("Origin", "https://visits.example.org");
    CHECK_INT(check("/ws/abcd2345"), 101);
}

static void paths_that_name_no_room_are_404(void)
{
    static const char *const BAD[] = {
        "/ws/", "/ws/a/b", "/ws/a b", "/ws/\xc3\xa9", "/ws/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "/ws/a."
    };

    good_head();
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK_INT(check(BAD[i]), 404);
}

static void a_request_that_is_not_an_upgrade_is_426(void)
{
    good_head();
    head.method = "POST";
    CHECK_INT(check("/ws/a"), 426);
    good_head();
    head.version = "HTTP/1.0";
    CHECK_INT(check("/ws/a"), 426);
    for (size_t gone = 0; gone < 3; gone++) {
        good_head();
        head.headers[gone] = (struct http_header){ "X", "y", 1, 1 };
        CHECK_INT(check("/ws/a"), 426);
    }
    good_head();
    head.headers[0].value = "websocket, h2c";
    CHECK_INT(check("/ws/a"), 426);
    good_head();
    head.headers[2].value = "8";
    CHECK_INT(check("/ws/a"), 426);
}

static void keys_protocols_bodies_and_origins_are_checked(void)
{
    good_head();
    head.headers[3].value = "short";
    CHECK_INT(check("/ws/a"), 400);
    good_head();
    head.count = 5;
    CHECK_INT(check("/ws/a"), 400);
    good_head();
    head.length = 1;
    CHECK_INT(check("/ws/a"), 400);
    good_head();
    add("Origin", "https://evil.example");
    CHECK_INT(check("/ws/a"), 403);
}

static const struct check_test TESTS[] = {
    TEST(a_proper_upgrade_is_taken),
    TEST(paths_that_name_no_room_are_404),
    TEST(a_request_that_is_not_an_upgrade_is_426),
    TEST(keys_protocols_bodies_and_origins_are_checked),
    { 0 },
};
CHECK_MAIN(TESTS)
