#include "http/http_framing.h"
#include "http/http_problem.h"
#include "tests/support/check.h"

#include <stdlib.h>

/* Cuts "METHOD target HTTP/1.1|Name: value|Name: value" as a parser would, in `space`. */
static void cut(const char *text, char *space, struct http_head *h)
{
    char *line, *rest = space;

    *h = (struct http_head){ .size = strlen(text) };
    strcpy(space, text);
    line = strsep(&rest, "|");
    h->method = strsep(&line, " ");
    h->target = strsep(&line, " ");
    h->version = line ? line : "";
    h->method_len = strlen(h->method);
    h->target_len = h->target ? strlen(h->target) : 0;
    while ((line = strsep(&rest, "|")) != NULL) {
        char *value = strstr(line, ": ");

        *value = '\0';
        http_head_add(h, line, strlen(line), value + 2, strlen(value + 2));
    }
}

static int check(const char *text)
{
    char space[1024];
    struct http_head h;
    struct err e = { 0 };

    cut(text, space, &h);
    return http_framing_check(&h, &e) == ERR_OK ? 200 : http_reply_status(&e);
}

static void ordinary_heads_pass(void)
{
    CHECK_INT(check("GET / HTTP/1.1|Host: a"), 200);
    CHECK_INT(check("GET /a?b=c HTTP/1.0|Host: a|Content-Length: 0"), 200);
    CHECK_INT(check("POST /a HTTP/1.1|Host: a|Content-Length: 12|X-Name: gr\xc3\xbc\xc3\x9f\te"), 200);
    CHECK_INT(check("GET /a HTTP/1.1|Host: a|Accept: x|Accept: y"), 200);
}

static const struct {
    int status;
    const char *head;
} BAD[] = {
    { 400, "GET / HTTP/1.1" },
    { 400, "GET a HTTP/1.1|Host: a" },
    { 400, "GET * HTTP/1.1|Host: a" },
    { 400, "G\x01T / HTTP/1.1|Host: a" },
    { 400, "GETGETGETGETGETGETGET / HTTP/1.1|Host: a" },
    { 505, "GET / HTTP/1.2|Host: a" },
    { 505, "GET / http/1.1|Host: a" },
    { 400, "GET / HTTP/1.1|Host: a|host: a" },
    { 400, "GET / HTTP/1.1|Host: a|Origin: a|origin: a" },
    { 400, "GET / HTTP/1.1|Host: a|Authorization: a|Authorization: a" },
    { 400, "GET / HTTP/1.1|Host: a|Cookie: a|Cookie: a" },
    { 400, "GET / HTTP/1.1|Host: a|X Y: a" },
    { 400, "GET / HTTP/1.1|Host: a|: a" },
    { 400, "GET / HTTP/1.1|Host: a|X: a\x01" },
    { 400, "GET / HTTP/1.1|Host: a|X: a\x7f" },
    { 400, "POST / HTTP/1.1|Host: a|Content-Length: 1|Content-Length: 1" },
    { 400, "POST / HTTP/1.1|Host: a|Content-Length: +1" },
    { 400, "POST / HTTP/1.1|Host: a|Content-Length: 1 " },
    { 400, "POST / HTTP/1.1|Host: a|Content-Length: 1,1" },
    { 400, "POST / HTTP/1.1|Host: a|Content-Length: " },
    { 400, "POST / HTTP/1.1|Host: a|Content-Length: 99999999999999999999" },
    { 400, "POST / HTTP/1.1|Host: a|Content-Length: 1|Transfer-Encoding: chunked" },
    { 400, "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: chunked" },
    { 411, "POST / HTTP/1.1|Host: a|Transfer-Encoding: Chunked" },
    { 501, "POST / HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked" },
    { 501, "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked " },
    { 501, "POST / HTTP/1.0|Host: a|Transfer-Encoding: chunked" },
    { 400, "GET / HTTP/1.1|Host: a|Content-Length: 1" },
    { 400, "HEAD / HTTP/1.1|Host: a|Transfer-Encoding: chunked" },
};

static void unclear_heads_are_refused(void)
{
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (!CHECK_INT(check(BAD[i].head), BAD[i].status))
            printf("in: %s\n", BAD[i].head);
}

static void large_heads_are_refused(void)
{
    char space[64];
    struct http_head h;
    struct err e = { 0 };

    cut("GET / HTTP/1.1|Host: a", space, &h);
    h.size = HTTP_HEAD_MAX + 1;
    CHECK_INT(http_framing_check(&h, &e), ERR_INVALID);
    CHECK_STR(e.code, "head_too_large");
    cut("GET / HTTP/1.1|Host: a", space, &h);
    for (int i = 0; i < HTTP_HEADERS_MAX; i++)
        http_head_add(&h, "A", 1, "b", 1);
    CHECK_INT(http_framing_check(&h, &e), ERR_INVALID);
    CHECK_STR(e.code, "head_too_large");
}

static void body_lengths_are_reported(void)
{
    char space[128];
    struct http_head h;
    struct err e = { 0 };

    cut("POST / HTTP/1.1|Host: a|Content-Length: 17", space, &h);
    CHECK_INT(http_framing_check(&h, &e), ERR_OK);
    CHECK_INT(h.length, 17);
    cut("POST / HTTP/1.1|Host: a", space, &h);
    CHECK_INT(http_framing_check(&h, &e), ERR_OK);
    CHECK_INT(h.length, -1);
}

static void tokens_are_found_in_lists_over_several_lines(void)
{
    char space[128];
    struct http_head h;

    cut("GET / HTTP/1.1|Connection: keep-alive , Upgrade|X: a|connection: other", space, &h);
    CHECK(http_head_has_token(&h, "Connection", "upgrade"));
    CHECK(http_head_has_token(&h, "Connection", "other"));
    CHECK(!http_head_has_token(&h, "Connection", "up"));
    CHECK(!http_head_has_token(&h, "Upgrade", "websocket"));
}

static const struct check_test TESTS[] = {
    TEST(ordinary_heads_pass),
    TEST(unclear_heads_are_refused),
    TEST(large_heads_are_refused),
    TEST(body_lengths_are_reported),
    TEST(tokens_are_found_in_lists_over_several_lines),
    { 0 },
};
CHECK_MAIN(TESTS)
