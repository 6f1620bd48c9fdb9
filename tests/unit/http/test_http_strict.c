#include "http/http_strict.h"

#include <stdio.h>
#include <string.h>

#include "http/http_framing.h"
#include "tests/support/check.h"

#define LINE "GET / HTTP/1.1\r\n"
#define HOST "Host: x\r\n"

static struct strict_head head;
static struct err e;

static enum strict_verdict check_n(const char *bytes, size_t len)
{
    memset(&head, 0, sizeof head);
    memset(&e, 0, sizeof e);
    return http_strict_check(bytes, len, &head, &e);
}

static enum strict_verdict check(const char *text)
{
    return check_n(text, strlen(text));
}

static void a_head_with_one_meaning_is_good_and_its_body_is_known(void)
{
    static const char POST[] = "POST /a?b HTTP/1.0\r\n" HOST "content-length: \t20\r\nX:\r\n\r\n";

    CHECK_INT(check(LINE HOST "\r\n"), STRICT_GOOD);
    CHECK_INT(head.bytes, strlen(LINE HOST "\r\n"));
    CHECK_INT(head.body, 0);
    CHECK_INT(check("\r\n\r\n" LINE "\r\nrest"), STRICT_GOOD); /* empty lines in front are ignored, RFC 9112 2.2 */
    CHECK_INT(head.bytes, strlen("\r\n\r\n" LINE "\r\n"));
    CHECK_INT(check(POST), STRICT_GOOD);
    CHECK_INT(head.body, 20);
    CHECK_INT(check(LINE "Content-Length: 999999999999999999\r\n\r\n"), STRICT_GOOD);
    CHECK_INT(check(LINE "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n"), STRICT_GOOD); /* http_framing's */
    CHECK(head.body == UINT64_MAX);
}

static void no_verdict_comes_before_it_is_certain(void)
{
    static const char WHOLE[] = "\r\nPOST /x HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n";

    for (size_t n = 0; n < sizeof WHOLE - 1; n++)
        if (!CHECK_INT(check_n(WHOLE, n), STRICT_MORE))
            printf("    after %zu bytes\n", n);
}

static void a_head_that_can_be_read_in_two_ways_is_bad(void)
{
    static const char *const BAD[] = {
        "GET / HTTP/1.1\n\n",
        "\n" LINE "\r\n",
        LINE HOST "\n",
        LINE "X: a\rb\r\n\r\n",
        LINE "X: a\x01\r\n\r\n",
        LINE "X : a\r\n\r\n",
        LINE "X: a\r\n b\r\n\r\n",
        LINE "\tX: a\r\n\r\n",
        LINE ": a\r\n\r\n",
        LINE "nonsense\r\n\r\n",
        LINE "Content-Length: abc\r\n\r\n",
        LINE "Content-Length: -1\r\n\r\n",
        LINE "Content-Length: +1\r\n\r\n",
        LINE "Content-Length: 1, 2\r\n\r\n",
        LINE "Content-Length: 1 \r\n\r\n",
        LINE "Content-Length:\r\n\r\n",
        LINE "Content-Length: 0x1\r\n\r\n",
        LINE "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
        LINE "Content-Length: 1\r\ncontent-length: 2\r\n\r\n",
        LINE "Content-Length: 9999999999999999999\r\n\r\n",
        LINE "Content-Length: 99999999999999999999999999999999\r\n\r\n",
        "GET /\r\n\r\n",
        "GET\r\n\r\n",
        " GET / HTTP/1.1\r\n\r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "GET /  HTTP/1.1\r\n\r\n",
        "GET / x HTTP/1.1\r\n\r\n",
        "GET / http/1.1\r\n\r\n",
        "\r\n\tGET / HTTP/1.1\r\n\r\n",
        "GET /\t HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1 \r\n\r\n",
        "GET * HTTP/1.1\r\n\r\n",
        "GET http://x/ HTTP/1.1\r\n\r\n",
        "METHODTHATISTOOLONG / HTTP/1.1\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (!CHECK_INT(check(BAD[i]), STRICT_BAD) || !CHECK_STR(e.code, "bad_request"))
            printf("    %s\n", BAD[i]);
    CHECK_INT(check_n(LINE "X: a\0b\r\n\r\n", strlen(LINE) + 10), STRICT_BAD);
    CHECK_INT(check("GET / HTTP/2.0\r\n\r\n"), STRICT_BAD);
    CHECK_STR(e.code, "version_not_supported");
}

/* Wherever it stands among the bytes, which are examined eight at a time. */
static void every_control_character_is_found_and_no_other_byte(void)
{
    char text[] = LINE "X: 0123456789abcdef\xc3\xa4\xff\x80 ~\r\n\r\n";
    const size_t first = strlen(LINE) + 3, last = sizeof text - 6;

    for (size_t at = first; at <= last; at++) {
        char was = text[at];

        for (int c = 0; c < 256; c++) {
            bool control = (c < ' ' && c != '\t') || c == 0x7f;

            text[at] = (char)c;
            if (!CHECK_INT(check_n(text, sizeof text - 1), control ? STRICT_BAD : STRICT_GOOD))
                printf("    %d at %zu\n", c, at);
        }
        text[at] = was;
    }
}

static char large[3 * HTTP_HEAD_MAX];

static void fill(const char *start, char with, size_t len)
{
    memset(large, with, sizeof large);
    memcpy(large, start, strlen(start));
    large[len] = '\0';
}

static void a_head_that_is_too_large_is_bad_as_soon_as_that_is_known(void)
{
    size_t at = 0;

    fill("GET /", 'a', 4200);
    CHECK_INT(check(large), STRICT_BAD);
    CHECK_STR(e.code, "target_too_long");
    fill("GET /", 'a', 3000);
    CHECK_INT(check(large), STRICT_MORE);
    fill(LINE "X: ", 'a', HTTP_HEAD_MAX - 1);
    CHECK_INT(check(large), STRICT_MORE);
    fill(LINE "X: ", 'a', HTTP_HEAD_MAX);
    CHECK_INT(check(large), STRICT_BAD);
    CHECK_STR(e.code, "head_too_large");
    at = (size_t)sprintf(large, LINE);
    for (int i = 0; i <= HTTP_HEADERS_MAX; i++)
        at += (size_t)sprintf(large + at, "X: a\r\n");
    CHECK_INT(check(large), STRICT_BAD);
    CHECK_STR(e.code, "head_too_large");
}

/* START, COUNT times PART, END. */
static const char *many(const char *start, const char *part, int times, const char *end)
{
    size_t at = (size_t)sprintf(large, "%s", start);

    for (int i = 0; i < times; i++)
        at += (size_t)sprintf(large + at, "%s", part);
    strcat(large, end);
    return large;
}

static void a_head_for_which_libmicrohttpd_has_no_memory_is_too_large(void)
{
    CHECK_INT(check(many("GET /?a", "&a", 200, " HTTP/1.1\r\n\r\n")), STRICT_GOOD);
    CHECK_INT(check(many("GET /?a", "&a", 400, " HTTP/1.1\r\n\r\n")), STRICT_BAD);
    CHECK_STR(e.code, "head_too_large");
    CHECK_INT(check(many(LINE "Cookie: a=1", "; a=1", 200, "\r\n\r\n")), STRICT_GOOD);
    CHECK_INT(check(many(LINE "Cookie: a=1", "; a=1", 400, "\r\n\r\n")), STRICT_BAD);
    CHECK_STR(e.code, "head_too_large");
    CHECK_INT(check(many(LINE "Cookie: a=", "x", 8000, "\r\n\r\n")), STRICT_GOOD); /* copied once */
    CHECK_INT(check(many(LINE "Cookie: a=", "x", 12000, "\r\n\r\n")), STRICT_BAD);
    CHECK_STR(e.code, "head_too_large");
}

static void a_few_empty_lines_in_front_are_passed_over(void)
{
    CHECK_INT(check(many("", "\r\n", 2, LINE "\r\n")), STRICT_GOOD);
    CHECK_INT(check(many("", "\r\n", 3, "")), STRICT_BAD);
    CHECK_STR(e.code, "bad_request");
}

static void a_head_of_the_largest_size_is_good(void)
{
    fill(LINE "X: ", 'a', HTTP_HEAD_MAX - 4);
    strcat(large, "\r\n\r\n");
    CHECK_INT(check(large), STRICT_GOOD);
    CHECK_INT(head.bytes, HTTP_HEAD_MAX);
    large[HTTP_HEAD_MAX - 4] = 'a';
    strcpy(large + HTTP_HEAD_MAX - 3, "\r\n\r\n");
    CHECK_INT(check(large), STRICT_BAD);
}

static const struct check_test TESTS[] = {
    TEST(a_head_with_one_meaning_is_good_and_its_body_is_known),
    TEST(no_verdict_comes_before_it_is_certain),
    TEST(a_head_that_can_be_read_in_two_ways_is_bad),
    TEST(every_control_character_is_found_and_no_other_byte),
    TEST(a_head_that_is_too_large_is_bad_as_soon_as_that_is_known),
    TEST(a_head_for_which_libmicrohttpd_has_no_memory_is_too_large),
    TEST(a_few_empty_lines_in_front_are_passed_over),
    TEST(a_head_of_the_largest_size_is_good),
    { 0 },
};

int main(int argc, char **argv)
{
    return check_run(TESTS, argc, argv);
}
