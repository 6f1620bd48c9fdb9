/* Request heads on a real port: ambiguous ones are refused, WebSockets handed over. */
#include "tests/unit/http/small_server.h"

static const struct {
    const char *what, *bytes;
    size_t len;
} AMBIGUOUS[] = {
#define CASE(what, bytes)                                                                                              \
    {                                                                                                                  \
        what, bytes, sizeof(bytes) - 1                                                                                 \
    }
#define NEXT "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    CASE("folded", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: one\r\n two\r\n\r\n" NEXT),
    CASE("folded with nothing", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: one\r\n  \r\n\r\n" NEXT),
    CASE("folded transfer-encoding",
         "POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\r\n chunked\r\n\r\n" NEXT),
    CASE("folded with a tab", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: one\r\n\ttwo\r\nX-B: c\r\n\r\n" NEXT),
    CASE("bare line feeds", "GET / HTTP/1.1\nHost: localhost\n\n" NEXT),
    CASE("one bare line feed", "GET / HTTP/1.1\r\nHost: localhost\nX-A: b\r\n\r\n" NEXT),
    CASE("a bare line feed at the end", "GET / HTTP/1.1\r\nHost: localhost\r\n\n" NEXT),
    CASE("NUL in a value", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: a\0b\r\n\r\n" NEXT),
    CASE("NUL at the end of a value", "GET / HTTP/1.1\r\nHost: localhost\0\r\n\r\n" NEXT),
    CASE("NUL in the target", "GET /\0x HTTP/1.1\r\nHost: localhost\r\n\r\n" NEXT),
    CASE("NUL in the version", "GET / HTTP/1\0.1\r\nHost: localhost\r\n\r\n" NEXT),
    CASE("CR in a value", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: a\rb\r\n\r\n" NEXT),
    CASE("two blanks", "GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n" NEXT),
    CASE("blank behind", "GET / HTTP/1.1 \r\nHost: localhost\r\n\r\n" NEXT),
    CASE("two Content-Length",
         "POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\n" NEXT),
    CASE("length and encoding", "POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                                "4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
    CASE("two hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n" NEXT),
    CASE("two cookies", "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: a=b\r\ncookie: a=c\r\n\r\n" NEXT),
    CASE("blank before the colon", "GET / HTTP/1.1\r\nHost : localhost\r\nHost: localhost\r\n\r\n" NEXT),
    CASE("a body in a GET", "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 35\r\n\r\n" NEXT),
    CASE("HTTP/1.0 with an encoding",
         "POST /api/v1/echo HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
    CASE("dots", "GET /assets/%2e%2e/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" NEXT),
    CASE("absolute", "GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" NEXT),
};

static void a_head_two_parsers_could_read_differently_is_refused_and_nothing_after_it_served(void)
{
    start();
    for (size_t i = 0; i < sizeof AMBIGUOUS / sizeof *AMBIGUOUS; i++) {
        const char *a = ask_bytes(AMBIGUOUS[i].bytes, AMBIGUOUS[i].len);
        int status = status_of(a);

        if (!CHECK(heard_end) || !CHECK(status == 0 || status == 400 || status == 501) ||
            !CHECK_INT(count_of(a, "HTTP/1.1 200"), 0))
            printf("in: %s: %.80s\n", AMBIGUOUS[i].what, a);
    }
    stop();
}

/* The contiguity of a head must hold also when it arrives byte by byte, is large, or follows another in one segment. */
static void proper_heads_pass_however_they_arrive(void)
{
    static char request[20 * 1024];
    size_t len = 0;
    int fd;

    start();
    fd = dial();
    for (const char *p = "GET /assets/a-1.js HTTP/1.1\r\nHost:localhost\r\nX-A:\t b \r\nX-B:\r\n\r\n"; *p; p++)
        say(fd, p, 1);
    CHECK_INT(status_of(hear(fd, "plain script", 5000)), 200);
    close(fd);
    len =
        (size_t)snprintf(request, sizeof request, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    for (int i = 0; i < 50; i++)
        len += (size_t)snprintf(request + len, sizeof request - len, "X-Header-%d: %0300d\r\n", i, i);
    len += (size_t)snprintf(request + len, sizeof request - len, "\r\n");
    CHECK(len > 15000 && len < 16384);
    CHECK_INT(status_of(ask_bytes(request, len)), 200);
    snprintf(request, sizeof request, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nCookie: %06000d\r\nX-A: b\r\n\r\n",
             0);
    CHECK_INT(status_of(ask_text(request)), 200);
    snprintf(request, sizeof request, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: %017000d\r\n\r\n", 0);
    CHECK_INT(status_of(ask_text(request)), 431);
    snprintf(request, sizeof request, "GET /%05000d HTTP/1.1\r\nHost: localhost\r\n\r\n", 0);
    CHECK_INT(status_of(ask_text(request)), 414);
    stop();
}

/* ---- upgrades ---- */

static int upgrade_on(int fd)
{
    atomic_store(&handed.fd, -1);
    say_text(fd, "GET /ws/room-1 HTTP/1.1\r\nHost: localhost\r\n" UPGRADE "Cookie: sid=x\r\n\r\n");
    for (int i = 0; i < 2000 && atomic_load(&handed.fd) < 0; i++)
        poll(NULL, 0, 1);
    return atomic_load(&handed.fd);
}

/* The hand-over rests on this: libmicrohttpd closes its own descriptor and does nothing to the connection, so the
 * duplicate goes on, in both directions, also past every deadline. */
static void the_duplicate_survives_what_libmicrohttpd_does_to_its_own(void)
{
    struct http_settings settings = short_deadlines();
    struct http_stats stats;
    int fd, copy, keep;

    start_with(&settings);
    for (int round = 0; round < 20; round++) {
        fd = dial();
        if (round % 2) { /* a pooled connection of a proxy: requests came before */
            say_text(fd, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
            CHECK_INT(status_of(hear(fd, "fine", 1000)), 200);
        }
        copy = upgrade_on(fd);
        if (!CHECK(copy >= 0))
            break;
        CHECK_STR(handed.room, "room-1");
        CHECK_STR(handed.key, KEY);
        CHECK_STR(handed.address, "127.0.0.1");
        keep = round == 0;
        hear(fd, NULL, keep ? 1600 : 20); /* neither closed nor cut */
        CHECK(!heard_end);
        say_text(copy, "from the server");
        CHECK_STR(hear(fd, "server", 1000), "from the server");
        say_text(fd, "from the client");
        CHECK_STR(hear(copy, "client", 1000), "from the client");
        CHECK((fcntl(copy, F_GETFD) & FD_CLOEXEC) != 0);
        close(copy);
        close(fd);
    }
    for (int i = 0; i < 1000; i++) {
        http_stats(server, &stats);
        if (stats.connections == 0)
            break;
        poll(NULL, 0, 1);
    }
    CHECK_INT(stats.connections, 0);
    CHECK_INT(stats.upgrades, 20);
    stop();
}

static const struct {
    int status;
    const char *line, *headers;
} REFUSED[] = {
    { 404, "GET /ws/", UPGRADE },
    { 404, "GET /ws/a%20b", UPGRADE },
    { 404, "GET /ws/a/b", UPGRADE },
    { 404, "GET /ws/a-name-that-is-longer-than-any-id-is", UPGRADE },
    { 403, "GET /ws/room-1", UPGRADE "Origin: https://evil.example\r\n" },
    { 403, "GET /ws/room-1", UPGRADE "Origin: null\r\n" },
    { 426, "GET /ws/room-1", "" },
    { 426, "GET /ws/room-1", "Upgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" },
    { 426, "GET /ws/room-1",
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: " KEY "\r\n" },
    { 426, "POST /ws/room-1", UPGRADE },
    { 400, "GET /ws/room-1",
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
      "short\r\nSec-WebSocket-Protocol: parlour.v1\r\n" },
    { 400, "GET /ws/room-1",
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " KEY "\r\n" },
};

static void refused_upgrades_are_proper_answers_and_close(void)
{
    start();
    atomic_store(&handed.fd, -1);
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        char request[2048];
        int len = snprintf(request, sizeof request, "%s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", REFUSED[i].line,
                           REFUSED[i].headers);
        const char *a = ask_bytes(request, (size_t)len);

        if (!CHECK_INT(status_of(a), REFUSED[i].status) || !CHECK(heard_end) ||
            !CHECK(strstr(a, "Connection: close") != NULL))
            printf("in: %s\n", request);
        if (REFUSED[i].status == 426)
            CHECK(strstr(a, "Sec-WebSocket-Version: 13") != NULL);
    }
    atomic_store(&handed.refuse, 1);
    CHECK_INT(status_of(ask_text("GET /ws/r HTTP/1.1\r\nHost: localhost\r\n" UPGRADE "\r\n")), 503);
    CHECK(strstr(heard, "Retry-After") && strstr(heard, "Connection: close") && heard_end);
    atomic_store(&handed.refuse, 0);
    http_set_ready(server, false);
    CHECK_INT(status_of(ask_text("GET /ws/r HTTP/1.1\r\nHost: localhost\r\n" UPGRADE "\r\n")), 503);
    CHECK_INT(atomic_load(&handed.fd), -1);
    stop();
}

static const struct check_test TESTS[] = {
    TEST(a_head_two_parsers_could_read_differently_is_refused_and_nothing_after_it_served),
    TEST(proper_heads_pass_however_they_arrive),
    TEST(the_duplicate_survives_what_libmicrohttpd_does_to_its_own),
    TEST(refused_upgrades_are_proper_answers_and_close),
    { 0 },
};
CHECK_MAIN(TESTS)
