/* Errors as clients see them, made from the results of handlers. */
#include "http/http_problem.h"
#include "http/http_reply.h"
#include "tests/support/check.h"

static struct arena arena;
static struct http_site site;

static struct http_reply problem(const struct err *e, bool html)
{
    struct http_reply r = { .arena = &arena, .site = &site };

    http_reply_header(&r, "X-Half", "done");
    http_reply_cookie(&r, "guest", "abc", 60);
    http_reply_problem(&r, e, "request-1", html);
    return r;
}

static const char *header(const struct http_reply *r, const char *name)
{
    for (const struct http_line *l = r->headers; l; l = l->next)
        if (strcmp(l->name, name) == 0)
            return l->value;
    return NULL;
}

static const char *member(const struct http_reply *r, const char *name)
{
    const char *text = json_string_value(json_object_get(r->json, name));

    return text ? text : "";
}

static void start(void)
{
    struct err e;

    CHECK_INT(http_site_parse("https://visits.example.org", 0, &site, &e), ERR_OK);
}

static void every_kind_of_error_has_a_status(void)
{
    static const struct {
        enum err_code kind;
        const char *code;
        int status;
    } EXPECTED[] = {
        { ERR_INVALID, "invalid_field", 422 },
        { ERR_INVALID, "invalid_json", 400 },
        { ERR_INVALID, "wrong_type", 415 },
        { ERR_INVALID, "body_too_large", 413 },
        { ERR_INVALID, "not_available", 422 },
        { ERR_INVALID, "misdirected", 421 },
        { ERR_INVALID, "upgrade_required", 426 },
        { ERR_AUTH, "", 401 },
        { ERR_FORBIDDEN, "wrong_pin", 403 },
        { ERR_NOT_FOUND, "", 404 },
        { ERR_CONFLICT, "room_full", 409 },
        { ERR_CHANGED, "changed", 412 },
        { ERR_LOCKED, "room_locked", 423 },
        { ERR_LIMIT, "", 429 },
        { ERR_BUSY, "", 503 },
        { ERR_FULL, "", 507 },
        { ERR_IO, "", 500 },
        { ERR_INTERNAL, "", 500 },
    };

    for (size_t i = 0; i < sizeof EXPECTED / sizeof *EXPECTED; i++) {
        struct err e;

        err_set(&e, EXPECTED[i].kind, EXPECTED[i].code, "x");
        CHECK_INT(http_reply_status(&e), EXPECTED[i].status);
        CHECK(strcmp(http_status_title(EXPECTED[i].status), "Error") != 0);
    }
}

static void problems_name_code_field_and_request(void)
{
    struct http_reply r;
    struct err e = { 0 };

    start();
    err_field(&e, "name", "name is missing");
    r = problem(&e, false);
    CHECK_INT(r.status, 422);
    CHECK_STR(r.type, "application/problem+json");
    CHECK_STR(member(&r, "type"), "urn:parlour:problem:invalid_field");
    CHECK_STR(member(&r, "title"), "Unprocessable Content");
    CHECK_STR(member(&r, "code"), "invalid_field");
    CHECK_STR(member(&r, "field"), "name");
    CHECK_STR(member(&r, "detail"), "name is missing");
    CHECK_STR(member(&r, "request_id"), "request-1");
    CHECK_INT(json_integer_value(json_object_get(r.json, "status")), 422);
    CHECK(!header(&r, "X-Half"));
    CHECK(r.cookies &&
          strcmp(r.cookies->value, "__Host-guest=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure") == 0);
    json_decref(r.json);
    arena_clear(&arena);
}

static void limits_say_when_to_come_back_and_errors_reveal_nothing_internal(void)
{
    struct http_reply r;
    struct err e = { 0 };

    start();
    err_set(&e, ERR_LIMIT, "too_many_requests", "slow down");
    e.retry_after_s = 17;
    r = problem(&e, false);
    CHECK_STR(header(&r, "Retry-After"), "17");
    json_decref(r.json);
    err_clear(&e);
    err_set(&e, ERR_AUTH, "not_signed_in", "sign in");
    r = problem(&e, false);
    CHECK(header(&r, "WWW-Authenticate") != NULL);
    json_decref(r.json);
    err_set(&e, ERR_IO, "disk", "/secret/path is broken");
    r = problem(&e, false);
    CHECK(!strstr(member(&r, "detail"), "/secret"));
    json_decref(r.json);
    arena_clear(&arena);
}

static void people_get_a_page_in_which_nothing_runs(void)
{
    struct http_reply r;
    struct err e = { 0 };

    start();
    err_set(&e, ERR_NOT_FOUND, "not_found", "No <script>\"here\"</script> & there");
    r = problem(&e, true);
    CHECK_INT(r.status, 404);
    CHECK_STR(r.type, "text/html; charset=utf-8");
    CHECK(strstr(r.text, "No &lt;script>&quot;here&quot;&lt;/script> &amp; there") && !strstr(r.text, "<script"));
    CHECK(strstr(r.text, "href=\"https://visits.example.org/\"") != NULL);
    arena_clear(&arena);
}

static const struct check_test TESTS[] = {
    TEST(every_kind_of_error_has_a_status),
    TEST(problems_name_code_field_and_request),
    TEST(limits_say_when_to_come_back_and_errors_reveal_nothing_internal),
    TEST(people_get_a_page_in_which_nothing_runs),
    { 0 },
};
CHECK_MAIN(TESTS)
