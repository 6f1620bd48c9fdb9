/* The checks of a route's columns, over the wire; identifying callers is the guard's task (tests/unit/access). */
#include "tests/unit/http/small_server.h"

static void without_a_guard_nobody_is_known_and_only_routes_for_anyone_run(void)
{
    start();
    atomic_store(&ran, 0);
    CHECK_INT(status_of(ask("GET /api/v1/user", "Cookie: sid=x\r\n", "")), 401);
    CHECK_INT(status_of(ask("GET /api/v1/host", "", "")), 401);
    CHECK_INT(status_of(ask("GET /api/v1/admin", "", "")), 401);
    CHECK_INT(atomic_load(&ran), 0);
    CHECK_INT(status_of(ask("GET /api/v1/hello/x", "", "")), 200);
    CHECK_INT(atomic_load(&ran), 1);
    stop();
}

static void the_etag_of_any_revision_is_written_whole(void)
{
    char tag[HTTP_ETAG_SIZE];

    http_etag(tag, 7);
    CHECK_STR(tag, "\"r7\"");
    http_etag(tag, INT64_MIN);
    CHECK_STR(tag, "\"r-9223372036854775808\"");
}

static void changes_honour_if_match(void)
{
    start();
    CHECK_INT(status_of(ask("PATCH /api/v1/thing/1", OURS "Content-Length: 0\r\nIf-Match: \"r6\"\r\n", "")), 412);
    CHECK(strstr(heard, "\"code\":\"changed\"") != NULL);
    CHECK_INT(status_of(ask("PATCH /api/v1/thing/1", OURS "Content-Length: 0\r\nIf-Match: \"r6\", \"r7\"\r\n", "")),
              204);
    CHECK_INT(status_of(ask("DELETE /api/v1/thing/1", OURS "If-Match: *\r\n", "")), 204);
    CHECK_INT(status_of(ask("DELETE /api/v1/thing/1", OURS, "")), 204);
    CHECK_INT(status_of(ask("PATCH /api/v1/thing/1", OURS "Content-Length: 2\r\n", "{}")), 204);
    CHECK_INT(status_of(ask("PATCH /api/v1/thing/1", OURS "Content-Length: 9\r\n", "{\"what\":1}")), 400);
    CHECK_INT(status_of(ask("PATCH /api/v1/thing/1", OURS "Content-Length: 10\r\n", "{\"what\":1}")), 422);
    stop();
}

static void foreign_pages_cannot_change_anything(void)
{
    start();
    atomic_store(&ran, 0);
    CHECK_INT(
        status_of(ask(
            "POST /api/v1/echo",
            "Content-Type: application/json\r\nX-Parlour: 1\r\nOrigin: https://evil.example\r\nContent-Length: 12\r\n",
            "{\"text\":\"a\"}")),
        403);
    CHECK(strstr(heard, "\"code\":\"origin_mismatch\"") && strstr(heard, "https://evil.example") &&
          strstr(heard, site));
    CHECK_INT(
        status_of(ask("POST /api/v1/echo", "Content-Type: application/json\r\nX-Parlour: 1\r\nContent-Length: 12\r\n",
                      "{\"text\":\"a\"}")),
        403);
    CHECK_INT(atomic_load(&ran), 0);
    stop();
}

static const struct check_test TESTS[] = {
    TEST(without_a_guard_nobody_is_known_and_only_routes_for_anyone_run),
    TEST(the_etag_of_any_revision_is_written_whole),
    TEST(changes_honour_if_match),
    TEST(foreign_pages_cannot_change_anything),
    { 0 },
};
CHECK_MAIN(TESTS)
