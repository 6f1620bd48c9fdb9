#include "http/http_path.h"
#include "tests/support/check.h"

static char path[256];
static const char *query;

static enum err_code decode(const char *target)
{
    struct err e;

    return http_path_decode(target, strlen(target), path, &query, &e);
}

static void paths_are_decoded_and_queries_cut_off(void)
{
    CHECK_INT(decode("/a/b"), ERR_OK);
    CHECK_STR(path, "/a/b");
    CHECK(query == NULL);
    CHECK_INT(decode("/gr%C3%BC%c3%9fe%20x?limit=5&a=%41"), ERR_OK);
    CHECK_STR(path, "/gr\xc3\xbc\xc3\x9f"
                    "e x");
    CHECK_STR(query, "limit=5&a=%41");
    CHECK_INT(decode("/a?"), ERR_OK);
    CHECK_STR(query, "");
    CHECK_INT(decode("/a.b/..c/...?x=/../"), ERR_OK);
}

static void a_path_that_could_be_read_differently_is_refused(void)
{
    static const char *const BAD[] = {
        "/..",     "/../a",      "/a/..",  "/a/../b",  "/./a",   "/a/.",   "/%2e",      "/%2E%2e/a",
        "/.%2e/a", "/a%2fb",     "/a%2Fb", "/a\\b",    "/a%5cb", "/%00",   "/a%0d%0ab", "/%7f",
        "/%",      "/%4",        "/%zz",   "/%4g",     "/a b",   "/a#b",   "/\x80",     "/%ff",
        "/%c3",    "/%ed%a0%80", "/a?%",   "/a?b=%zz", "/a?%00", "/a?b#c", "/a?b c",    "/a?\x01",
    };

    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (!CHECK_INT(decode(BAD[i]), ERR_INVALID))
            printf("in: %s\n", BAD[i]);
}

static void queries_become_names_and_values(void)
{
    struct arena arena = { 0 };
    struct http_query q;
    struct err e;

    CHECK_INT(http_query_parse("limit=5&after=a%2Bb+c&flag&&empty=", &arena, &q, &e), ERR_OK);
    CHECK_INT(q.count, 4);
    CHECK_STR(http_query_find(&q, "limit"), "5");
    CHECK_STR(http_query_find(&q, "after"), "a+b c");
    CHECK_STR(http_query_find(&q, "flag"), "");
    CHECK_STR(http_query_find(&q, "empty"), "");
    CHECK(http_query_find(&q, "other") == NULL);
    CHECK_INT(http_query_parse(NULL, &arena, &q, &e), ERR_OK);
    CHECK_INT(q.count, 0);
    CHECK_INT(http_query_parse("a=1&a=2", &arena, &q, &e), ERR_INVALID);
    CHECK_INT(http_query_parse("a=%4", &arena, &q, &e), ERR_INVALID);
    CHECK_INT(http_query_parse("a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q&r&s&t&u&v&w&x&y", &arena, &q, &e), ERR_INVALID);
    arena_clear(&arena);
}

static const struct check_test TESTS[] = {
    TEST(paths_are_decoded_and_queries_cut_off),
    TEST(a_path_that_could_be_read_differently_is_refused),
    TEST(queries_become_names_and_values),
    { 0 },
};
CHECK_MAIN(TESTS)
