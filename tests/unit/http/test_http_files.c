/* Files and pages as a client gets them, on a real port. */
#include "tests/unit/http/small_server.h"

static void files_come_in_the_coding_that_is_taken(void)
{
    const char *a;

    start();
    a = ask("GET /assets/a-1.js", "Accept-Encoding: gzip, br\r\n", "");
    CHECK(strstr(a, "Content-Encoding: br\r\n") && strstr(a, "brotlied") && strstr(a, "Vary: Accept-Encoding"));
    CHECK(strstr(a, "ETag: \"tag-a-br\"") && strstr(a, "immutable"));
    a = ask("GET /assets/a-1.js", "Accept-Encoding: br;q=0, gzip\r\n", "");
    CHECK(strstr(a, "Content-Encoding: gzip\r\n") && strstr(a, "gzipped"));
    a = ask("GET /assets/a-1.js", "", "");
    CHECK(!strstr(a, "Content-Encoding") && strstr(a, "plain script"));
    a = ask("HEAD /assets/a-1.js", "", "");
    CHECK(strstr(a, "Content-Length: 12\r\n") && !strstr(a, "plain script"));
    a = ask("GET /assets/a-1.js", "If-None-Match: W/\"tag-a-gz\"\r\n", "");
    CHECK_INT(status_of(a), 304);
    CHECK(!strstr(a, "plain script") && strstr(a, "ETag: \"tag-a\""));
    CHECK_INT(status_of(ask("GET /assets/a-1.js", "If-None-Match: \"tag-b\"\r\n", "")), 200);
    CHECK_INT(status_of(ask("GET /admin.en.html", "", "")), 404);
    stop();
}

/* All bytes of the large file behind its head; false when anything other than that came. */
static bool hear_large(int fd)
{
    static unsigned char body[200000];
    size_t len = 0, head = 0;

    while (head == 0 || len < head + sizeof large) {
        ssize_t got = recv(fd, body + len, sizeof body - len, 0);
        unsigned char *end;

        if (got <= 0)
            return false;
        len += (size_t)got;
        end = memmem(body, len, "\r\n\r\n", 4);
        head = end ? (size_t)(end - body) + 4 : 0;
    }
    return len == head + sizeof large && memcmp(body + head, large, sizeof large) == 0;
}

static void large_files_come_whole_to_many_at_once(void)
{
    enum { MANY = 20 };
    int fds[MANY], before;

    start();
    before = open_descriptors();
    for (int i = 0; i < MANY; i++)
        fds[i] = dial();
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < MANY; i++)
            say_text(fds[i], "GET /assets/c-1.txt HTTP/1.1\r\nHost: localhost\r\n\r\n");
        for (int i = 0; i < MANY; i++)
            CHECK(hear_large(fds[i]));
    }
    for (int i = 0; i < MANY; i++)
        close(fds[i]);
    CHECK(strstr(ask("HEAD /assets/c-1.txt", "", ""), "Content-Length: 100000\r\n") != NULL);
    CHECK(heard_end && strstr(heard, "\r\n\r\n")[4] == '\0');
    for (int i = 0; i < 2000 && open_descriptors() > before; i++)
        poll(NULL, 0, 1);
    CHECK_INT(open_descriptors(), before);
    stop();
}

static void pages_have_their_own_policy_and_permissions(void)
{
    const char *a;

    start();
    a = ask("GET /j/", "", "");
    CHECK_INT(status_of(a), 200);
    CHECK(strstr(a, "<p>room") && strstr(a, "Cache-Control: no-cache\r\n"));
    CHECK(strstr(a, "style-src 'self' 'sha256-room='") && strstr(a, "'wasm-unsafe-eval'") && strstr(a, "media-src"));
    CHECK(strstr(a, "camera=(self)") && strstr(a, "require-trusted-types-for 'script'"));
    CHECK(strstr(a, "connect-src 'self' ws://localhost:") != NULL);
    a = ask("GET /app/rooms/1", "", "");
    CHECK(strstr(a, "<p>admin") && strstr(a, "camera=()") && !strstr(a, "wasm-unsafe-eval") &&
          strstr(a, "'sha256-admin='"));
    CHECK(strstr(ask("GET /", "", ""), "<p>index") != NULL);
    CHECK(strstr(ask("GET /r/any-room", "", ""), "<p>room") != NULL);
    a = ask("GET /assets/b-1.svg", "", "");
    CHECK(strstr(a, "style-src 'unsafe-inline'") && strstr(a, "sandbox"));
    stop();
}

static const struct check_test TESTS[] = {
    TEST(files_come_in_the_coding_that_is_taken),
    TEST(large_files_come_whole_to_many_at_once),
    TEST(pages_have_their_own_policy_and_permissions),
    { 0 },
};
CHECK_MAIN(TESTS)
