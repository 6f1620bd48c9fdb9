#include "http/http_server.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "http/http_events.h"
#include "http/http_listen.h"
#include "observe/log.h"
#include "util/clock.h"
#include "util/mem.h"

#define MEMORY_PER_CONNECTION (HTTP_HEAD_ROOM + 4 * 1024) /* with the head of the answer */
#define THREAD_STACK (256 * 1024)
#define QUEUE_PER_WORKER 64
#define STOP_WAIT_MS 2000
#define MAX_SWEEP_TICK_MS 250

/* Most messages of libmicrohttpd are about clients, and there is one for each hand-over. */
static void on_log(void *cls, const char *format, va_list values)
{
    char text[200];

    (void)cls;
    if (strstr(format, "Application reported internal error"))
        return;
    vsnprintf(text, sizeof text, format, values);
    text[strcspn(text, "\r\n")] = '\0';
    log_event(strstr(format, "limit") ? LOG_WARN : LOG_DEBUG, "http.parser", "detail=\"%s\"", text);
}

static enum err_code open_door(struct http_server *server, int fd, int threads, struct err *e)
{
    struct door *door = &server->doors[server->door_count];
    const unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;

    door->daemon = MHD_start_daemon(flags, 0, http_on_accept, door, http_on_call, door, MHD_OPTION_EXTERNAL_LOGGER,
                                    on_log, NULL, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE,
                                    (unsigned)(threads > 1 ? threads : 0), MHD_OPTION_CONNECTION_LIMIT,
                                    (unsigned)server->settings.max_connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                    (size_t)MEMORY_PER_CONNECTION, MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK,
                                    MHD_OPTION_URI_LOG_CALLBACK, http_on_target, door, MHD_OPTION_NOTIFY_COMPLETED,
                                    http_on_completed, door, MHD_OPTION_NOTIFY_CONNECTION, http_on_connection, door,
#if MHD_VERSION >= 0x00097600
                                    MHD_OPTION_CLIENT_DISCIPLINE_LVL, 2,
#else
                                    MHD_OPTION_STRICT_FOR_CLIENT,
                                    0, /* requests that it would refuse never reach it (http_intake) */
#endif
                                    MHD_OPTION_END);
    if (!door->daemon) {
        close(fd);
        return err_set(e, ERR_IO, "http_failed", "the HTTP server could not start");
    }
    server->door_count++;
    return ERR_OK;
}

/* Fills in all of the door but its daemon; the gate must be complete before the first connection comes. */
static enum err_code prepare_door(struct http_server *server, const char *address, bool side, int *fd, struct err *e)
{
    struct door *door = &server->doors[server->door_count];

    if (server->door_count == LISTENERS_MAX)
        return err_set(e, ERR_LIMIT, "too_many", "at most %d addresses can be listened on", LISTENERS_MAX);
    door->server = server;
    door->gate = (struct http_gate){
        .core = &server->core,
        .files = side ? NULL : server->files,
        .plain = side ? server->settings.side_plain : server->settings.plain,
        .trusted_proxies = server->settings.trusted_proxies,
        .max_body_bytes = server->settings.max_body_bytes,
        .ready = &server->ready,
    };
    return http_listen(address, fd, &door->port, e);
}

/* The first listener's port may be part of our own name, so its socket is made before everything that needs the name. */
static enum err_code open_files(struct http_server *server, struct err *e)
{
    enum err_code rc = http_site_parse(server->settings.public_url, server->doors[0].port, &server->core.site, e);

    if (rc != ERR_OK)
        return rc;
    http_security_make(&server->core.site, KIND_DATA, "", &server->core.data_security);
    return http_files_open(&server->core.site, &server->settings.files, &server->files, e);
}

static enum err_code open_doors(struct http_server *server, struct err *e)
{
    const char *const *listen = server->settings.listen;
    int threads = server->settings.threads;
    enum err_code rc;
    int fd;

    rc = prepare_door(server, listen[0], false, &fd, e);
    if (rc != ERR_OK)
        return rc;
    rc = open_files(server, e);
    server->doors[0].gate.files = server->files;
    if (rc != ERR_OK)
        close(fd);
    else
        rc = open_door(server, fd, threads, e);
    for (size_t i = 1; rc == ERR_OK && listen[i]; i++)
        if ((rc = prepare_door(server, listen[i], false, &fd, e)) == ERR_OK)
            rc = open_door(server, fd, threads, e);
    if (rc == ERR_OK && server->settings.side_listen &&
        (rc = prepare_door(server, server->settings.side_listen, true, &fd, e)) == ERR_OK)
        rc = open_door(server, fd, 1, e);
    return rc;
}

/* A tenth of the shortest deadline, so that short deadlines in tests are met as precisely. */
static int sweep_tick_ms(const struct http_settings *s)
{
    int shortest = s->head_deadline_ms < s->body_deadline_ms ? s->head_deadline_ms : s->body_deadline_ms;

    if (s->idle_ms < shortest)
        shortest = s->idle_ms;
    return shortest / 10 < MAX_SWEEP_TICK_MS ? shortest / 10 : MAX_SWEEP_TICK_MS;
}

enum err_code http_start(const struct http_settings *settings, struct store_db *db, struct http_server **out,
                         struct err *e)
{
    static const struct http_worker_calls CALLS = { http_on_work, http_on_refused };
    struct http_server *server = mem_new(sizeof *server);
    int workers = settings->workers > 0 ? settings->workers : 1;
    enum err_code rc;

    server->settings = *settings;
    server->core.routes = settings->routes;
    server->core.api = settings->api;
    server->core.guard = settings->guard;
    server->core.access = settings->access;
    server->neighbours = http_neighbours_new();
    server->crowd = http_crowd_new(settings->max_per_address);
    rc = http_deadlines_start(sweep_tick_ms(settings), &server->deadlines, e);
    if (rc == ERR_OK)
        rc = http_workers_start(workers, (size_t)workers * QUEUE_PER_WORKER, db, &CALLS, &server->workers, e);
    if (rc == ERR_OK)
        rc = open_doors(server, e);
    if (rc != ERR_OK) {
        http_stop(server);
        return rc;
    }
    *out = server;
    atomic_store_explicit(&server->started, true, memory_order_release);
    return ERR_OK;
}

int http_port(const struct http_server *server)
{
    return server->doors[0].port;
}

/* A whole request, blocking, with the timeout on each step. */
static bool ask(int fd, const struct sockaddr_storage *to, socklen_t len)
{
    static const char REQUEST[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    char first;

    return connect(fd, (const struct sockaddr *)to, len) == 0 &&
           send(fd, REQUEST, sizeof REQUEST - 1, MSG_NOSIGNAL) == (ssize_t)sizeof REQUEST - 1 &&
           (recv(fd, &first, 1, 0) >= 0 ||
            errno == ECONNRESET); /* a refusal because of too many connections is an answer too */
}

bool http_answers(const struct http_server *server, int timeout_ms)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->doors[0].daemon, MHD_DAEMON_INFO_LISTEN_FD);
    struct timeval limit = { .tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000 };
    struct sockaddr_storage own;
    socklen_t len = sizeof own;
    bool answered;
    int fd;

    if (!info || getsockname(info->listen_fd, (struct sockaddr *)&own, &len) != 0)
        return false;
    fd = socket(own.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return true; /* out of descriptors: busy, not dead */
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    answered = ask(fd, &own, len);
    close(fd);
    return answered;
}

void http_set_ready(struct http_server *server, bool ready)
{
    atomic_store(&server->ready, ready);
}

/* Answers in preparation go out; a client that reads too slowly for STOP_WAIT_MS does not delay the end. */
static void wait_for_answers(struct http_server *server, int64_t until_ms)
{
    int64_t latest_ms = clock_mono_ms() + STOP_WAIT_MS;
    const struct timespec pause = { .tv_nsec = 2000000 };

    while (atomic_load(&server->running) > 0 && clock_mono_ms() < until_ms && clock_mono_ms() < latest_ms)
        nanosleep(&pause, NULL);
}

void http_stop(struct http_server *server)
{
    http_stop_by(server, INT64_MAX);
}

void http_stop_by(struct http_server *server, int64_t until_ms)
{
    if (!server)
        return;
    atomic_store(&server->ready, false);
    /* Not MHD_quiesce_daemon(): it and the daemon's thread, which notices it, both take the listening socket out of epoll,
     * and the second attempt ends the process. */
    atomic_store(&server->stopping, true);
    http_workers_stop(server->workers);
    if (server->door_count > 0)
        wait_for_answers(server, until_ms);
    for (size_t i = 0; i < server->door_count; i++)
        MHD_stop_daemon(server->doors[i].daemon);
    http_workers_free(server->workers);
    http_deadlines_stop(server->deadlines);
    http_files_close(server->files);
    http_crowd_free(server->crowd);
    http_neighbours_free(server->neighbours);
    mem_free(server);
}

void http_stats(const struct http_server *server, struct http_stats *out)
{
    *out = (struct http_stats){
        .connections = atomic_load(&server->connections),
        .requests = atomic_load(&server->requests),
        .refused_framing = atomic_load(&server->refused_framing),
        .refused_crowd = http_crowd_refused(server->crowd),
        .deadline_closed = http_deadlines_closed(server->deadlines),
        .upgrades = atomic_load(&server->upgrades),
    };
    for (int i = 0; i < 6; i++)
        out->status[i] = atomic_load(&server->status[i]);
}
