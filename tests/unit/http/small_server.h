/* small_server.h - a real http server on a free port with a handful of routes and files, and the store of
 * fake_store.h. Include in one .c a program. */
#ifndef TESTS_UNIT_HTTP_SMALL_SERVER_H
#define TESTS_UNIT_HTTP_SMALL_SERVER_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "domain/crypto.h"
#include "http/http_assets.h"
#include "http/http_call.h"
#include "http/http_server.h"
#include "observe/log.h"
#include "tests/support/check.h"
#include "tests/unit/http/fake_store.h"
#include "util/clock.h"
#include "util/str.h"

/* ---- routes ---- */

static atomic_int ran; /* handlers that ran */

static enum err_code run_hello(struct call *c, struct err *e)
{
    (void)e;
    atomic_fetch_add(&ran, 1);
    http_reply_json(c->reply, 200,
                    json_pack("{s:s, s:s}", "hello", http_request_param(c->request, "name"), "from",
                              http_request_address(c->request)));
    http_reply_etag(c->reply, 7);
    return ERR_OK;
}

static enum err_code run_echo(struct call *c, struct err *e)
{
    (void)e;
    atomic_fetch_add(&ran, 1);
    http_reply_json(c->reply, 201, json_deep_copy(http_request_body(c->request)));
    return ERR_OK;
}

static enum err_code run_change(struct call *c, struct err *e)
{
    return call_check_etag(c, 7, e);
}

static enum err_code run_broken(struct call *c, struct err *e)
{
    http_reply_cookie(c->reply, "guest", "abc", 60);
    http_reply_header(c->reply, "X-Half", "done");
    return err_set(e, ERR_IO, "disk", "the disk /secret/path failed");
}

/* A slow handler: waits until the test releases it. */
static atomic_bool may_finish;

static enum err_code run_slow(struct call *c, struct err *e)
{
    const struct timespec pause = { .tv_nsec = 1000000 };

    (void)c;
    (void)e;
    atomic_fetch_add(&ran, 1);
    while (!atomic_load(&may_finish))
        nanosleep(&pause, NULL);
    return ERR_OK;
}

static const struct field ECHO_FIELDS[] = {
    { "text", FIELD_TEXT, .required = true, .max = 200000 },
    { "number", FIELD_INT, .min = 1, .max = 9 },
    { 0 },
};
static const struct route ROUTES[] = {
    { "GET", "/api/v1/hello/:name", ACCESS_ANYONE, .reads_only = true, .run = run_hello },
    { "GET", "/api/v1/early", ACCESS_ANYONE, .reads_only = true, .works_before_setup = true, .run = run_hello },
    { "GET", "/api/v1/slow", ACCESS_ANYONE, .reads_only = true, .run = run_slow },
    { "GET", "/api/v1/user", ACCESS_USER, .reads_only = true, .run = run_hello },
    { "GET", "/api/v1/host", ACCESS_HOST, .reads_only = true, .run = run_hello },
    { "GET", "/api/v1/admin", ACCESS_ADMIN, .reads_only = true, .run = run_hello },
    { "GET", "/api/v1/broken", ACCESS_ANYONE, .reads_only = true, .run = run_broken },
    { "POST", "/api/v1/echo", ACCESS_ANYONE, .body = ECHO_FIELDS, .run = run_echo },
    { "PATCH", "/api/v1/thing/:id", ACCESS_ANYONE, .run = run_change },
    { "DELETE", "/api/v1/thing/:id", ACCESS_ANYONE, .run = run_change },
    { 0 },
};

/* ---- files ---- */

#define BODY(text)                                                                                                     \
    {                                                                                                                  \
        (const unsigned char *)(text), sizeof(text) - 1                                                                \
    }
/* Larger than a socket accepts at once. */
static const unsigned char large[100000] = { [0] = 'a', [99999] = 'z' };
static const struct asset FILES[] = {
    { "/assets/a-1.js", "text/javascript; charset=utf-8", "\"tag-a\"", "", true, false, BODY("plain script"),
      BODY("gzipped"), BODY("brotlied") },
    { "/assets/b-1.svg", "image/svg+xml", "\"tag-b\"", "", true, false, BODY("<svg/>"), { 0 }, { 0 } },
    { "/assets/c-1.txt", "text/plain", "\"tag-l\"", "", true, false, { large, sizeof large }, { 0 }, { 0 } },
    { "admin.en.html",
      "text/html; charset=utf-8",
      "\"tag-c\"",
      "'sha256-admin='",
      false,
      true,
      BODY("<p>admin"),
      { 0 },
      { 0 } },
    { "index.en.html", "text/html; charset=utf-8", "\"tag-d\"", "", false, true, BODY("<p>index"), { 0 }, { 0 } },
    { "room.en.html",
      "text/html; charset=utf-8",
      "\"tag-e\"",
      "'sha256-room='",
      false,
      true,
      BODY("<p>room"),
      { 0 },
      BODY("br") },
    { 0 },
};

static const struct http_page_path PAGE_PATHS[] = {
    { "/", false, "index", KIND_PAGE },
    { "/app", true, "admin", KIND_PAGE },
    { "/j", true, "room", KIND_ROOM_PAGE },
    { "/r", true, "room", KIND_ROOM_PAGE },
    { 0 },
};

static int run_health(void *api, struct buf *body)
{
    (void)api;
    buf_add_text(body, "fine\n");
    return 200;
}
static const struct http_plain PLAIN[] = {
    { "/healthz", "text/plain", run_health },
    { "/readyz", "text/plain", run_health },
    { 0 },
};

/* ---- upgrades: handed-over connections ---- */

static struct {
    atomic_int fd;     /* -1: none */
    atomic_int refuse; /* says busy while set */
    char room[ID_SIZE], key[32], address[64];
} handed = { .fd = -1 };

static enum err_code on_upgrade(void *api, int fd, const char *room, const char *key, const char *address)
{
    (void)api;
    if (atomic_load(&handed.refuse)) {
        close(fd);
        return ERR_BUSY;
    }
    str_copy(handed.room, sizeof handed.room, room);
    str_copy(handed.key, sizeof handed.key, key);
    str_copy(handed.address, sizeof handed.address, address);
    atomic_store(&handed.fd, fd);
    return ERR_OK;
}

/* ---- the server ---- */

static struct http_server *server;
static int port;
static char site[64];

static const char *const LISTEN[] = { "127.0.0.1:0", NULL };

static inline struct http_settings usual_settings(void)
{
    return (struct http_settings){
        .listen = LISTEN,
        .public_url = "http://localhost:0",
        .threads = 2,
        .workers = 2,
        .max_connections = 2000,
        .max_per_address = 2000,
        .head_deadline_ms = 10000,
        .body_deadline_ms = 30000,
        .idle_ms = 30000,
        .max_body_bytes = 64 * 1024,
        .files = { .assets = FILES, .page_paths = PAGE_PATHS },
        .routes = ROUTES,
        .plain = PLAIN,
        .on_upgrade = on_upgrade,
    };
}

static inline bool start_with(const struct http_settings *settings)
{
    struct err e = { 0 };

    log_start(LOG_ERROR, false);
    if (!CHECK_INT(crypto_start(&e), ERR_OK) || !CHECK_INT(http_start(settings, NULL, &server, &e), ERR_OK)) {
        printf("%s\n", e.detail);
        exit(1);
    }
    port = http_port(server);
    snprintf(site, sizeof site, "http://localhost:%d", port);
    http_set_ready(server, true);
    return true;
}

static inline void start(void)
{
    struct http_settings settings = usual_settings();

    start_with(&settings);
}

static inline void stop(void)
{
    http_stop(server);
    server = NULL;
}

/* ---- a client that sends bytes as they are ---- */

static inline int dial(void)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    inet_pton(AF_INET, "127.0.0.1", &a.sin_addr);
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) != 0) {
        perror("connect");
        exit(1);
    }
    return fd;
}

static inline void say(int fd, const void *bytes, size_t len)
{
    if (send(fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len)
        printf("short send\n");
}

static inline void say_text(int fd, const char *text)
{
    say(fd, text, strlen(text));
}

/* Reads until the other side closes, `until` has come, or limit_ms have gone; the text is static. */
static char heard[512 * 1024];
static bool heard_end; /* the other side closed */

static inline const char *hear(int fd, const char *until, int limit_ms)
{
    int64_t deadline = clock_mono_ms() + limit_ms;
    size_t len = 0;

    heard_end = false;
    heard[0] = '\0';
    while (len < sizeof heard - 1 && !(until && strstr(heard, until))) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        int64_t left = deadline - clock_mono_ms();
        ssize_t got;

        if (left <= 0 || poll(&p, 1, (int)left) <= 0)
            break;
        got = recv(fd, heard + len, sizeof heard - 1 - len, 0);
        if (got <= 0) {
            heard_end = true;
            break;
        }
        len += (size_t)got;
        heard[len] = '\0';
    }
    return heard;
}

/* One request on a connection of its own; until the end. */
static inline const char *ask_bytes(const void *bytes, size_t len)
{
    int fd = dial();
    const char *answer;

    say(fd, bytes, len);
    answer = hear(fd, NULL, 5000);
    close(fd);
    return answer;
}

static inline const char *ask_text(const char *text)
{
    return ask_bytes(text, strlen(text));
}

/* "GET /path HTTP/1.1" and further lines, each with its CR LF; Host and Connection: close are added. */
static inline const char *ask(const char *line, const char *headers, const char *body)
{
    static char request[256 * 1024];
    int len = snprintf(request, sizeof request, "%s HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n%s\r\n%s",
                       line, port, headers, body);

    return ask_bytes(request, (size_t)len);
}

#define OURS "Content-Type: application/json\r\nX-Parlour: 1\r\nSec-Fetch-Site: same-origin\r\n"

static inline const char *post(const char *line, const char *body)
{
    char headers[256];

    snprintf(headers, sizeof headers, OURS "Content-Length: %zu\r\n", strlen(body));
    return ask(line, headers, body);
}

static inline int status_of(const char *answer)
{
    return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? atoi(answer + 9) : 0;
}

static inline int count_of(const char *text, const char *what)
{
    int n = 0;

    for (const char *p = text; (p = strstr(p, what)) != NULL; p += strlen(what))
        n++;
    return n;
}

/* ---- shared by several programs ---- */

static inline int open_descriptors(void)
{
    int n = 0;

    for (int fd = 0; fd < 1024; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

/* Slow connections are cut while a test waits. */
static inline struct http_settings short_deadlines(void)
{
    struct http_settings s = usual_settings();

    s.head_deadline_ms = 400;
    s.body_deadline_ms = 600;
    s.idle_ms = 500;
    return s;
}

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define UPGRADE                                                                                                        \
    "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " KEY    \
    "\r\n"                                                                                                             \
    "Sec-WebSocket-Protocol: other, parlour.v1\r\n"

#endif
