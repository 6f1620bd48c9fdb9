/* The server as a client sees it: files, routes, framing, deadlines, upgrades; on a real port. */
#include "tests/unit/http/small_server.h"

static void answers_routes_with_json_and_the_usual_headers(void)
{
    const char *a;

    start();
    a = ask("GET /api/v1/hello/you?x=1", "", "");
    CHECK_INT(status_of(a), 200);
    CHECK(strstr(a, "{\"hello\":\"you\",\"from\":\"127.0.0.1\"}") != NULL);
    CHECK(strstr(a, "Content-Type: application/json\r\n") != NULL);
    CHECK(strstr(a, "Cache-Control: no-store\r\n") != NULL);
    CHECK(strstr(a, "ETag: \"r7\"\r\n") != NULL);
    CHECK(strstr(a, "default-src 'none'") && strstr(a, "sandbox") && strstr(a, "nosniff"));
    CHECK(strstr(a, "Cross-Origin-Resource-Policy: same-origin") && strstr(a, "Referrer-Policy: no-referrer"));
    CHECK(!strstr(a, "Strict-Transport-Security"));
    a = ask("HEAD /api/v1/hello/you", "", "");
    CHECK_INT(status_of(a), 200);
    CHECK(!strstr(a, "{\"hello\""));
    stop();
}

static void unknown_addresses_and_methods_are_told_apart(void)
{
    const char *a;

    start();
    a = ask("GET /api/v1/nothing", "", "");
    CHECK_INT(status_of(a), 404);
    CHECK(strstr(a, "application/problem+json") && strstr(a, "\"code\":\"not_found\"") &&
          strstr(a, "\"request_id\":\""));
    a = ask("PUT /api/v1/thing/1", "Content-Length: 0\r\n", "");
    CHECK_INT(status_of(a), 405);
    CHECK(strstr(a, "Allow: PATCH, DELETE\r\n") != NULL);
    a = ask("POST /assets/a-1.js", "Content-Length: 0\r\n", "");
    CHECK_INT(status_of(a), 405);
    CHECK(strstr(a, "Allow: GET, HEAD\r\n") != NULL);
    a = ask("GET /nothing", "Accept: text/html\r\n", "");
    CHECK_INT(status_of(a), 404);
    CHECK(strstr(a, "text/html") && strstr(a, "<h1>Not Found</h1>"));
    CHECK_INT(status_of(ask("GET /nothing", "", "")), 404);
    stop();
}

static void bodies_are_checked_before_the_handler_runs(void)
{
    start();
    atomic_store(&ran, 0);
    CHECK_INT(status_of(post("POST /api/v1/echo", "{\"text\":\"hi\"}")), 201);
    CHECK(strstr(heard, "{\"text\":\"hi\"}") != NULL);
    CHECK_INT(status_of(post("POST /api/v1/echo", "{\"text\":\"hi\"")), 400);
    CHECK_INT(status_of(post("POST /api/v1/echo", "[]")), 400);
    CHECK_INT(status_of(post("POST /api/v1/echo", "{}")), 422);
    CHECK(strstr(heard, "\"field\":\"text\"") != NULL);
    CHECK_INT(status_of(post("POST /api/v1/echo", "{\"text\":\"a\",\"text\":\"b\"}")), 400);
    CHECK_INT(status_of(post("POST /api/v1/echo", "{\"text\":\"a\",\"other\":1}")), 422);
    CHECK_INT(status_of(post("POST /api/v1/echo", "{\"text\":\"a\",\"number\":10}")), 422);
    CHECK_INT(status_of(ask("POST /api/v1/echo", OURS "Transfer-Encoding: chunked\r\n",
                            "5\r\n{\"tex\r\n8\r\nt\":\"hi\"}\r\n0\r\n\r\n")),
              201);
    CHECK_INT(
        status_of(ask(
            "POST /api/v1/echo",
            "Content-Type: text/plain\r\nX-Parlour: 1\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 2\r\n", "{}")),
        415);
    CHECK_INT(atomic_load(&ran), 2);
    stop();
}

static void a_body_beyond_its_limit_is_413(void)
{
    static char big[100 * 1024];
    char chunk[64];
    int fd;

    start();
    CHECK_INT(status_of(ask("POST /api/v1/echo", OURS "Content-Length: 10000000\r\n", "{")), 413);
    CHECK(heard_end);
    memset(big, ' ', sizeof big - 1);
    snprintf(chunk, sizeof chunk, "%zx\r\n", sizeof big - 1);
    fd = dial();
    say_text(fd, "POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\n" OURS "Transfer-Encoding: chunked\r\n\r\n");
    say_text(fd, chunk);
    say(fd, big, sizeof big - 1);
    say_text(fd, "\r\n0\r\n\r\n");
    CHECK_INT(status_of(hear(fd, "\r\n\r\n", 5000)), 413);
    close(fd);
    stop();
}

static void one_connection_serves_many_requests_also_after_a_refusal_with_a_body(void)
{
    int fd;

    start();
    fd = dial();
    for (int i = 0; i < 50; i++) {
        say_text(fd, "GET /api/v1/hello/a HTTP/1.1\r\nHost: localhost\r\n\r\n");
        if (!CHECK_INT(status_of(hear(fd, "\"}", 5000)), 200))
            break;
        say_text(fd, "POST /api/v1/nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nGET / HTT");
        if (!CHECK_INT(status_of(hear(fd, "\"}", 5000)), 404))
            break;
        say_text(fd, "GET /assets/a-1.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
        if (!CHECK_INT(status_of(hear(fd, "plain script", 5000)), 200))
            break;
    }
    say_text(fd, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /api/v1/hello/b HTTP/1.1\r\nHost: "
                 "localhost\r\nConnection: close\r\n\r\n");
    CHECK_INT(count_of(hear(fd, NULL, 5000), "HTTP/1.1 200"), 2);
    CHECK(heard_end);
    close(fd);
    stop();
}

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
    CHECK_INT(status_of(ask("GET /admin.html", "", "")), 404);
    stop();
}

static int open_descriptors(void)
{
    int n = 0;

    for (int fd = 0; fd < 1024; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

/* All bytes of the large file behind its head; false when something else came. */
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

static void plain_pages_answer_to_any_host_the_rest_only_to_ours(void)
{
    const char *a;

    start();
    a = ask_text("GET /healthz HTTP/1.1\r\nHost: 10.0.0.7\r\nConnection: close\r\n\r\n");
    CHECK_INT(status_of(a), 200);
    CHECK(strstr(a, "fine") != NULL);
    a = ask_text("GET / HTTP/1.1\r\nHost: evil.example\r\nAccept: text/html\r\n\r\n");
    CHECK_INT(status_of(a), 421);
    CHECK(strstr(a, "evil.example") && strstr(a, site) && heard_end);
    http_set_ready(server, false);
    CHECK_INT(status_of(ask("GET /readyz", "", "")), 503);
    CHECK_INT(status_of(ask("GET /healthz", "", "")), 200);
    CHECK_INT(status_of(post("POST /api/v1/echo", "{\"text\":\"hi\"}")), 503);
    CHECK(strstr(heard, "Retry-After: ") != NULL);
    CHECK_INT(status_of(ask("GET /api/v1/hello/you", "", "")), 200);
    stop();
}

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

static void what_two_parsers_could_read_differently_is_refused_and_nothing_after_it_served(void)
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

static void a_failed_handler_keeps_its_cookies_and_says_nothing_of_the_inside(void)
{
    const char *a;

    start();
    a = ask("GET /api/v1/broken", "", "");
    CHECK_INT(status_of(a), 500);
    CHECK(strstr(a, "Set-Cookie: guest=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60\r\n") != NULL);
    CHECK(!strstr(a, "X-Half") && !strstr(a, "/secret/path"));
    stop();
}

static void a_full_queue_is_503_and_what_runs_is_finished(void)
{
    struct http_settings settings = usual_settings();
    enum { MANY = 80 };
    int fds[MANY], busy = 0, done = 0;

    settings.workers = 1; /* 64 wait for it */
    start_with(&settings);
    atomic_store(&ran, 0);
    atomic_store(&may_finish, false);
    for (int i = 0; i < MANY; i++) {
        fds[i] = dial();
        say_text(fds[i], "GET /api/v1/slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        while (atomic_load(&ran) == 0) /* the first one runs, the others wait */
            poll(NULL, 0, 1);
    }
    for (int i = 0; i < MANY; i++) {
        struct pollfd p = { .fd = fds[i], .events = POLLIN };

        if (poll(&p, 1, i == 0 ? 500 : 20) == 1 && status_of(hear(fds[i], NULL, 1000)) == 503) {
            busy += strstr(heard, "Retry-After") != NULL;
            close(fds[i]);
            fds[i] = -1;
        }
    }
    CHECK_INT(busy, MANY - 65);
    atomic_store(&may_finish, true);
    stop(); /* runs and answers what waited */
    for (int i = 0; i < MANY; i++)
        if (fds[i] >= 0) {
            done += status_of(hear(fds[i], NULL, 2000)) == 204;
            close(fds[i]);
        }
    CHECK_INT(done, 65);
}

/* ---- deadlines ---- */

static struct http_settings short_deadlines(void)
{
    struct http_settings s = usual_settings();

    s.head_deadline_ms = 400;
    s.body_deadline_ms = 600;
    s.idle_ms = 500;
    return s;
}

/* Sends `drip` every 20 ms until the other side closes; how long that took. */
static int64_t drip_until_closed(int fd, const char *drip, int64_t limit_ms)
{
    int64_t begun = clock_mono_ms();

    while (clock_mono_ms() - begun < limit_ms) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        char c;

        if (poll(&p, 1, 20) == 1 && recv(fd, &c, 1, 0) <= 0)
            break;
        if (drip)
            send(fd, drip, 1, MSG_NOSIGNAL);
    }
    close(fd);
    return clock_mono_ms() - begun;
}

static void slow_heads_bodies_and_idle_connections_are_cut_at_an_absolute_time(void)
{
    struct http_settings settings = short_deadlines();
    struct http_stats stats;
    int64_t ms;
    int fd;

    start_with(&settings);
    fd = dial();
    say_text(fd, "GET / HTTP/1.1\r\nHost: localhost\r\nX: ");
    ms = drip_until_closed(fd, "a", 5000);
    CHECK(ms >= 350 && ms < 1500);
    ms = drip_until_closed(dial(), NULL, 5000);
    CHECK(ms >= 350 && ms < 1500);
    fd = dial();
    say_text(fd, "POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\n" OURS "Content-Length: 5000\r\n\r\n");
    ms = drip_until_closed(fd, " ", 5000);
    CHECK(ms >= 350 && ms < 1500);
    fd = dial();
    say_text(fd, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK_INT(status_of(hear(fd, "fine", 1000)), 200);
    ms = drip_until_closed(fd, NULL, 5000);
    CHECK(ms >= 450 && ms < 1500);
    http_stats(server, &stats);
    CHECK_INT(stats.deadline_closed, 4);
    stop();
}

static void a_slow_handler_is_not_cut(void)
{
    struct http_settings settings = short_deadlines();
    int fd;

    start_with(&settings);
    atomic_store(&may_finish, false);
    fd = dial();
    say_text(fd, "GET /api/v1/slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
    hear(fd, NULL, 1500);
    CHECK(!heard_end);
    atomic_store(&may_finish, true);
    CHECK_INT(status_of(hear(fd, "\r\n\r\n", 2000)), 204);
    close(fd);
    stop();
}

/* ---- upgrades ---- */

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define UPGRADE                                                                                                        \
    "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " KEY    \
    "\r\n"                                                                                                             \
    "Sec-WebSocket-Protocol: other, parlour.v1\r\n"

static int upgrade_on(int fd)
{
    atomic_store(&handed.fd, -1);
    say_text(fd, "GET /ws/room-1 HTTP/1.1\r\nHost: localhost\r\n" UPGRADE "Cookie: sid=x\r\n\r\n");
    for (int i = 0; i < 2000 && atomic_load(&handed.fd) < 0; i++)
        poll(NULL, 0, 1);
    return atomic_load(&handed.fd);
}

/* What the whole design of the hand-over rests on: libmicrohttpd closes its own descriptor and does nothing to the
 * connection, so the duplicate goes on, in both directions, also past every deadline. */
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

/* ---- listeners ---- */

static void several_addresses_and_a_side_door(void)
{
    static const char *const TWO[] = { "127.0.0.1:0", "127.0.0.2:0", NULL };
    struct http_settings settings = usual_settings();
    struct http_server *other = NULL;
    struct err e = { 0 };
    char taken[32];
    const char *again[] = { taken, NULL };

    settings.listen = TWO;
    settings.side_listen = "127.0.0.1:0";
    settings.side_plain = PLAIN;
    start_with(&settings);
    CHECK_INT(status_of(ask("GET /healthz", "", "")), 200);
    snprintf(taken, sizeof taken, "127.0.0.1:%d", port);
    settings.listen = again;
    settings.side_listen = NULL;
    CHECK_INT(http_start(&settings, NULL, &other, &e), ERR_CONFLICT);
    CHECK_STR(e.code, "address_in_use");
    taken[0] = 'x';
    CHECK_INT(http_start(&settings, NULL, &other, &e), ERR_INVALID);
    stop();
}

static void proxies_that_are_trusted_name_the_client(void)
{
    static const char *const TRUSTED[] = { "127.0.0.1", "10.0.0.1", NULL };
    struct http_settings settings = usual_settings();

    start();
    CHECK(strstr(ask("GET /api/v1/hello/x", "X-Forwarded-For: 9.9.9.9\r\n", ""), "\"from\":\"127.0.0.1\"") != NULL);
    stop();
    settings.trusted_proxies = TRUSTED;
    start_with(&settings);
    CHECK(strstr(ask("GET /api/v1/hello/x", "X-Forwarded-For: 6.6.6.6, 9.9.9.9, 10.0.0.1\r\n", ""),
                 "\"from\":\"9.9.9.9\"") != NULL);
    stop();
}

/* ---- many at once ---- */

static atomic_int churn_failed;

/* Requests of all kinds from connections that live shortly, are cut off, upgraded, or kept: for the sanitizers. */
static void *churn(void *arg)
{
    static const char *const KINDS_OF[] = {
        "GET /assets/a-1.js HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br\r\n\r\n",
        "GET /api/v1/hello/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\n" OURS "Content-Length: 12\r\n\r\n{\"text\":\"a\"}",
        "GET /ws/churn HTTP/1.1\r\nHost: localhost\r\n" UPGRADE "\r\n",
        "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    };
    unsigned seed = (unsigned)(uintptr_t)arg;

    for (int i = 0; i < 300; i++) {
        int fd = dial();

        for (int requests = 1 + rand_r(&seed) % 3; requests > 0; requests--) {
            const char *bytes = KINDS_OF[rand_r(&seed) % 7];
            size_t len = strlen(bytes);
            struct pollfd p = { .fd = fd, .events = POLLIN };
            char answer[4096];

            if (rand_r(&seed) % 8 == 0) /* gives up in the middle */
                len = (size_t)rand_r(&seed) % len;
            if (send(fd, bytes, len, MSG_NOSIGNAL) < 0)
                break;
            if (rand_r(&seed) % 4 == 0) /* does not wait */
                continue;
            if (poll(&p, 1, 100) == 1 && recv(fd, answer, sizeof answer, 0) > 9 && memcmp(answer, "HTTP/1.1 ", 9) != 0)
                atomic_fetch_add(&churn_failed, 1);
        }
        close(fd);
    }
    return NULL;
}

static enum err_code close_upgrade(void *api, int fd, const char *room, const char *key, const char *address)
{
    (void)api;
    (void)room;
    (void)key;
    (void)address;
    close(fd);
    return ERR_OK;
}

static void thousands_of_connections_leave_nothing_behind(void)
{
    struct http_settings settings = usual_settings();
    struct http_stats stats = { 0 };
    pthread_t threads[6];
    int before = open_descriptors(), running;

    settings.head_deadline_ms = 50; /* the sweeper takes part */
    settings.idle_ms = 50;
    settings.on_upgrade = close_upgrade;
    settings.rate_scale = 1000;
    start_with(&settings);
    running = open_descriptors();
    for (size_t i = 0; i < 6; i++)
        pthread_create(&threads[i], NULL, churn, (void *)(uintptr_t)(i + 1));
    for (size_t i = 0; i < 6; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(atomic_load(&churn_failed), 0);
    for (int i = 0; i < 3000; i++) {
        http_stats(server, &stats);
        if (stats.connections == 0 && open_descriptors() == running)
            break;
        poll(NULL, 0, 1);
    }
    CHECK_INT(stats.connections, 0);
    CHECK_INT(open_descriptors(), running);
    stop();
    CHECK_INT(open_descriptors(), before);
}

static atomic_bool stop_churn;

/* One request after the other, also when nobody listens any more. */
static void *hammer(void *arg)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    char answer[1024];

    inet_pton(AF_INET, "127.0.0.1", &a.sin_addr);
    while (!atomic_load(&stop_churn)) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
            for (int i = 0; i < 4; i++) {
                const char *request = "GET /api/v1/hello/x HTTP/1.1\r\nHost: localhost\r\n\r\n";

                if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0 || recv(fd, answer, sizeof answer, 0) <= 0)
                    break;
            }
        close(fd);
    }
    return arg;
}

/* Stopping while requests come, wait, run and are answered. */
static void stopping_in_the_middle_of_everything_is_clean(void)
{
    pthread_t threads[4];

    for (int round = 0; round < 5; round++) {
        start();
        atomic_store(&stop_churn, false);
        for (size_t i = 0; i < 4; i++)
            pthread_create(&threads[i], NULL, hammer, NULL);
        poll(NULL, 0, 30);
        stop();
        atomic_store(&stop_churn, true);
        for (size_t i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
    }
}

static const struct check_test TESTS[] = {
    TEST(answers_routes_with_json_and_the_usual_headers),
    TEST(unknown_addresses_and_methods_are_told_apart),
    TEST(bodies_are_checked_before_the_handler_runs),
    TEST(a_body_beyond_its_limit_is_413),
    TEST(one_connection_serves_many_requests_also_after_a_refusal_with_a_body),
    TEST(files_come_in_the_coding_that_is_taken),
    TEST(large_files_come_whole_to_many_at_once),
    TEST(pages_have_their_own_policy_and_permissions),
    TEST(plain_pages_answer_to_any_host_the_rest_only_to_ours),
    TEST(what_two_parsers_could_read_differently_is_refused_and_nothing_after_it_served),
    TEST(proper_heads_pass_however_they_arrive),
    TEST(a_failed_handler_keeps_its_cookies_and_says_nothing_of_the_inside),
    TEST(a_full_queue_is_503_and_what_runs_is_finished),
    TEST(slow_heads_bodies_and_idle_connections_are_cut_at_an_absolute_time),
    TEST(a_slow_handler_is_not_cut),
    TEST(the_duplicate_survives_what_libmicrohttpd_does_to_its_own),
    TEST(refused_upgrades_are_proper_answers_and_close),
    TEST(several_addresses_and_a_side_door),
    TEST(proxies_that_are_trusted_name_the_client),
    TEST(thousands_of_connections_leave_nothing_behind),
    TEST(stopping_in_the_middle_of_everything_is_clean),
    { 0 },
};
CHECK_MAIN(TESTS)
