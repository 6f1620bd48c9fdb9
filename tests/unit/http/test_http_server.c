/* Start and stop, listeners, many connections at once; on a real port. */
#include "tests/unit/http/small_server.h"

static void plain_pages_answer_to_any_host_and_the_rest_only_to_ours(void)
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

/* Requests of all kinds from connections that are short-lived, cut off, upgraded, or kept: for the sanitizers. */
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

/* One request after the other, even when the server no longer listens. */
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

/* Stops while requests come, wait, run and are answered; the library must not end the process because of that. */
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
    TEST(plain_pages_answer_to_any_host_and_the_rest_only_to_ours),
    TEST(several_addresses_and_a_side_door),
    TEST(proxies_that_are_trusted_name_the_client),
    TEST(thousands_of_connections_leave_nothing_behind),
    TEST(stopping_in_the_middle_of_everything_is_clean),
    { 0 },
};
CHECK_MAIN(TESTS)
