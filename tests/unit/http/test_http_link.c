/* A request's life as a client sees it, on a real port: routes, bodies, busy and slow handlers, deadlines. */
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

static void unknown_addresses_and_methods_have_different_answers(void)
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
              411); /* a parser that cuts chunks differently could see a hidden request in it */
    CHECK(strstr(heard, "\"code\":\"length_required\"") && strstr(heard, "nosniff") && heard_end);
    CHECK_INT(
        status_of(ask(
            "POST /api/v1/echo",
            "Content-Type: text/plain\r\nX-Parlour: 1\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 2\r\n", "{}")),
        415);
    CHECK_INT(atomic_load(&ran), 1);
    stop();
}

static void a_body_beyond_its_limit_is_413(void)
{
    static char big[100 * 1024];
    char head[256];
    int fd;

    start();
    CHECK_INT(status_of(ask("POST /api/v1/echo", OURS "Content-Length: 10000000\r\n", "{")), 413);
    CHECK(heard_end);
    memset(big, ' ', sizeof big - 1);
    snprintf(head, sizeof head, "POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\n" OURS "Content-Length: %zu\r\n\r\n",
             sizeof big - 1);
    fd = dial();
    say_text(fd, head);
    say(fd, big, sizeof big - 1);
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

static void a_failed_handler_keeps_its_cookies_and_reveals_nothing_internal(void)
{
    const char *a;

    start();
    a = ask("GET /api/v1/broken", "", "");
    CHECK_INT(status_of(a), 500);
    CHECK(strstr(a, "Set-Cookie: guest=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60\r\n") != NULL);
    CHECK(!strstr(a, "X-Half") && !strstr(a, "/secret/path"));
    stop();
}

static void a_full_queue_is_503_and_running_requests_are_finished(void)
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
    stop(); /* runs and answers the requests that waited */
    for (int i = 0; i < MANY; i++)
        if (fds[i] >= 0) {
            done += status_of(hear(fds[i], NULL, 2000)) == 204;
            close(fds[i]);
        }
    CHECK_INT(done, 65);
}

/* ---- deadlines ---- */

/* Sends `drip` every 20 ms until the other side closes; returns the time that took. */
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

static const struct check_test TESTS[] = {
    TEST(answers_routes_with_json_and_the_usual_headers),
    TEST(unknown_addresses_and_methods_have_different_answers),
    TEST(bodies_are_checked_before_the_handler_runs),
    TEST(a_body_beyond_its_limit_is_413),
    TEST(one_connection_serves_many_requests_also_after_a_refusal_with_a_body),
    TEST(a_failed_handler_keeps_its_cookies_and_reveals_nothing_internal),
    TEST(a_full_queue_is_503_and_running_requests_are_finished),
    TEST(slow_heads_bodies_and_idle_connections_are_cut_at_an_absolute_time),
    TEST(a_slow_handler_is_not_cut),
    { 0 },
};
CHECK_MAIN(TESTS)
