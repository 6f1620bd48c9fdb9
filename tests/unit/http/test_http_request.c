#include "http/http_request.h"
#include "http/http_exchange.h"
#include "tests/support/check.h"

static struct http_request request;

static void with_header(const char *name, const char *value)
{
    request = (struct http_request){ 0 };
    http_head_add(&request.head, name, strlen(name), value, strlen(value));
}

static void cookies_are_found_by_their_whole_name(void)
{
    with_header("cookie", "a=1; sid=secret; sidx=2;x=; last=z=z");
    CHECK_STR(http_request_cookie(&request, "sid"), "secret");
    CHECK_STR(http_request_cookie(&request, "a"), "1");
    CHECK_STR(http_request_cookie(&request, "sidx"), "2");
    CHECK_STR(http_request_cookie(&request, "x"), "");
    CHECK_STR(http_request_cookie(&request, "last"), "z=z");
    CHECK(http_request_cookie(&request, "id") == NULL);
    CHECK(http_request_cookie(&request, "SID") == NULL);
    arena_clear(&request.arena);
    with_header("Cookie", "sid");
    CHECK(http_request_cookie(&request, "sid") == NULL);
    with_header("X", "sid=1");
    CHECK(http_request_cookie(&request, "sid") == NULL);
    arena_clear(&request.arena);
}

static void parameters_are_never_null(void)
{
    with_header("X", "y");
    request.params.items[0] = (struct http_param){ "room", "abc" };
    request.params.count = 1;
    CHECK_STR(http_request_param(&request, "room"), "abc");
    CHECK_STR(http_request_param(&request, "other"), "");
}

static enum err_code page(const char *limit, const char *after, int *n)
{
    const char *from;
    struct err e = { 0 };

    request.query = (struct http_query){ .count = 0 };
    if (limit)
        request.query.items[request.query.count++] = (struct http_param){ "limit", limit };
    if (after)
        request.query.items[request.query.count++] = (struct http_param){ "after", after };
    return http_request_page(&request, n, &from, &e);
}

static void pages_are_from_1_to_200(void)
{
    char text[300];
    int n = 0;

    CHECK_INT(page(NULL, NULL, &n), ERR_OK);
    CHECK_INT(n, 50);
    CHECK_INT(page("200", "abc", &n), ERR_OK);
    CHECK_INT(n, 200);
    CHECK_INT(page("0", NULL, &n), ERR_INVALID);
    CHECK_INT(page("201", NULL, &n), ERR_INVALID);
    CHECK_INT(page("x", NULL, &n), ERR_INVALID);
    CHECK_INT(page("", NULL, &n), ERR_INVALID);
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    CHECK_INT(page(NULL, text, &n), ERR_INVALID);
}

static const struct check_test TESTS[] = {
    TEST(cookies_are_found_by_their_whole_name),
    TEST(parameters_are_never_null),
    TEST(pages_are_from_1_to_200),
    { 0 },
};
CHECK_MAIN(TESTS)
