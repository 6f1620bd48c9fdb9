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

static enum err_code open_door(struct http_server *server, int fd, bool takes, int threads, struct err *e)
{
    struct door *door = &server->doors[server->door_count];
    const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME |
                           MHD_USE_ERROR_LOG | (takes ? MHD_USE_NO_LISTEN_SOCKET : 0);
    struct MHD_OptionItem accepts[] = { { MHD_OPTION_LISTEN_SOCKET, fd, NULL }, { MHD_OPTION_END, 0, NULL } };

    door->listener = takes ? fd : -1;
    door->daemon = MHD_start_daemon(
        flags, 0, http_on_accept, door, http_on_call, door, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_ARRAY,
        takes ? accepts + 1 : accepts, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)(threads > 1 ? threads : 0),
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)server->settings.max_connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)MEMORY_PER_CONNECTION, MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK, MHD_OPTION_URI_LOG_CALLBACK,
        http_on_target, door, MHD_OPTION_NOTIFY_COMPLETED, http_on_completed, door, MHD_OPTION_NOTIFY_CONNECTION,
        http_on_connection, door,
#if MHD_VERSION >= 0x00097600
        MHD_OPTION_CLIENT_DISCIPLINE_LVL, 2,
#else
        MHD_OPTION_STRICT_FOR_CLIENT, 0, /* requests that it would refuse never reach it (http_intake) */
#endif
        MHD_OPTION_END);
    if (!door->daemon) {
        if (fd >= 0)
            close(fd);
        return err_set(e, ERR_IO, "http_failed", "the HTTP server could not start");
    }
    server->door_count++;
    return ERR_OK;
}

enum door_kind { DOOR_MAIN, DOOR_SIDE, DOOR_REDIRECT };

static struct http_gate gate_of(struct http_server *server, enum door_kind kind)
{
    return (struct http_gate){
        .core = &server->core,
        .files = kind == DOOR_MAIN ? server->files : NULL,
        .plain = kind == DOOR_MAIN   ? server->settings.plain
                 : kind == DOOR_SIDE ? server->settings.side_plain
                                     : NULL,
        .redirect = kind == DOOR_REDIRECT ? &server->redirect : NULL,
        .trusted_proxies = server->settings.trusted_proxies,
        .max_body_bytes = server->settings.max_body_bytes,
        .ready = &server->ready,
    };
}

/* Fills in all of the door but its daemon; the gate must be complete before the first connection comes. Without an address
 * (NULL) connections are only taken: *fd -1. */
static enum err_code prepare_door(struct http_server *server, const char *address, enum door_kind kind, int *fd,
                                  struct err *e)
{
    struct door *door = &server->doors[server->door_count];

    if (server->door_count == LISTENERS_MAX)
        return err_set(e, ERR_LIMIT, "too_many", "at most %d addresses can be listened on", LISTENERS_MAX);
    door->server = server;
    door->gate = gate_of(server, kind);
    *fd = -1;
    return address ? http_listen(address, fd, &door->port, e) : ERR_OK;
}

/* The first listener's port may be part of our own name, so its socket is made before everything that needs the name. */
static enum err_code open_files(struct http_server *server, struct err *e)
{
    enum err_code rc = http_site_parse(server->settings.public_url, server->doors[0].port, &server->core.site, e);

    if (rc != ERR_OK)
        return rc;
    server->core.site.untrusted = server->settings.untrusted;
    http_security_make(&server->core.site, KIND_DATA, "", &server->core.data_security);
    return http_files_open(&server->core.site, &server->settings.files, &server->files, e);
}

/* The redirects are open before anybody can take a connection to them. */
static enum err_code open_further_doors(struct http_server *server, struct err *e)
{
    const char *redirect = server->settings.redirect_listen, *side = server->settings.side_listen;
    enum err_code rc = ERR_OK;
    int fd;

    if (redirect || server->settings.takes) {
        server->redirect = (struct http_redirect){ &server->core.site, &server->core.data_security,
                                                   server->settings.redirect_webroot };
        server->redirects = &server->doors[server->door_count];
        rc = prepare_door(server, redirect, DOOR_REDIRECT, &fd, e);
        if (rc == ERR_OK)
            rc = open_door(server, fd, !redirect, 1, e);
    }
    if (rc == ERR_OK && side && (rc = prepare_door(server, side, DOOR_SIDE, &fd, e)) == ERR_OK)
        rc = open_door(server, fd, false, 1, e);
    return rc;
}

static enum err_code open_doors(struct http_server *server, struct err *e)
{
    const char *const *listen = server->settings.listen;
    int threads = server->settings.threads;
    enum err_code rc;
    int fd;

    rc = prepare_door(server, listen[0], DOOR_MAIN, &fd, e);
    if (rc != ERR_OK)
        return rc;
    rc = open_files(server, e);
    server->doors[0].gate.files = server->files;
    if (rc != ERR_OK)
        close(fd);
    else
        rc = open_door(server, fd, server->settings.takes, threads, e);
    for (size_t i = 1; rc == ERR_OK && listen[i]; i++)
        if ((rc = prepare_door(server, listen[i], DOOR_MAIN, &fd, e)) == ERR_OK)
            rc = open_door(server, fd, server->settings.takes, threads, e);
    if (rc == ERR_OK)
        rc = open_further_doors(server, e);
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
    server->crowd = crowd_new(settings->max_per_address);
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

int http_listener(const struct http_server *server, size_t index)
{
    return index < server->door_count ? server->doors[index].listener : -1;
}

void http_take(struct http_server *server, size_t index, int fd, const struct sockaddr *from, socklen_t len)
{
    (void)!MHD_add_connection(server->doors[index].daemon, fd, from, len); /* closes it itself on failure */
}

void http_take_plain(struct http_server *server, int fd, const struct sockaddr *from, socklen_t len)
{
    (void)!MHD_add_connection(server->redirects->daemon, fd, from, len);
}

/* A whole request, blocking, with the timeout on each step. */
static bool ask(int fd)
{
    static const char REQUEST[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    char first;

    return send(fd, REQUEST, sizeof REQUEST - 1, MSG_NOSIGNAL) == (ssize_t)sizeof REQUEST - 1 &&
           (recv(fd, &first, 1, 0) >= 0 ||
            errno == ECONNRESET); /* a refusal because of too many connections is an answer too */
}

/* Our end of a new connection to the door; where nothing is accepted, it does not come by the network. False: there is none. */
static bool knock(const struct door *door, const struct timeval *limit, int *fd)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(door->daemon, MHD_DAEMON_INFO_LISTEN_FD);
    struct sockaddr_storage own = { .ss_family = AF_UNIX };
    socklen_t len = sizeof own;
    int pair[2];

    if (door->listener >= 0) {
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
            return true;
        *fd = pair[0];
        setsockopt(*fd, SOL_SOCKET, SO_RCVTIMEO, limit, sizeof *limit);
        return MHD_add_connection(door->daemon, pair[1], (struct sockaddr *)&own, sizeof own.ss_family) == MHD_YES;
    }
    if (!info || getsockname(info->listen_fd, (struct sockaddr *)&own, &len) != 0)
        return false;
    *fd = socket(own.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*fd < 0)
        return true;
    setsockopt(*fd, SOL_SOCKET, SO_RCVTIMEO, limit, sizeof *limit);
    setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, limit, sizeof *limit);
    return connect(*fd, (const struct sockaddr *)&own, len) == 0;
}

bool http_answers(const struct http_server *server, int timeout_ms)
{
    struct timeval limit = { .tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000 };
    int fd = -1;
    bool answered = knock(&server->doors[0], &limit, &fd);

    if (answered && fd >= 0) /* without: out of descriptors, busy, not dead */
        answered = ask(fd);
    if (fd >= 0)
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
    for (size_t i = 0; i < server->door_count; i++) {
        MHD_stop_daemon(server->doors[i].daemon);
        if (server->doors[i].listener >= 0)
            close(server->doors[i].listener);
    }
    http_workers_free(server->workers);
    http_deadlines_stop(server->deadlines);
    http_files_close(server->files);
    crowd_free(server->crowd);
    http_neighbours_free(server->neighbours);
    mem_free(server);
}

void http_stats(const struct http_server *server, struct http_stats *out)
{
    *out = (struct http_stats){
        .connections = atomic_load(&server->connections),
        .requests = atomic_load(&server->requests),
        .refused_framing = atomic_load(&server->refused_framing),
        .refused_crowd = crowd_refused(server->crowd),
        .deadline_closed = http_deadlines_closed(server->deadlines),
        .upgrades = atomic_load(&server->upgrades),
    };
    for (int i = 0; i < 6; i++)
        out->status[i] = atomic_load(&server->status[i]);
}
