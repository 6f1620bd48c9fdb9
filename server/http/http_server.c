#include "http/http_server.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "http/http_answer.h"
#include "http/http_crowd.h"
#include "http/http_deadline.h"
#include "http/http_gate.h"
#include "http/http_listen.h"
#include "http/http_small.h"
#include "http/http_worker.h"
#include "observe/log.h"
#include "observe/metrics.h"
#include "util/clock.h"
#include "util/mem.h"
#include "util/str.h"

#define LISTENERS_MAX 16
#define MEMORY_PER_CONNECTION (20 * 1024) /* room for a head of HTTP_HEAD_MAX and the records of its lines */
#define THREAD_STACK (256 * 1024)
#define LIMIT_KEYS_MAX 100000
#define QUEUE_PER_WORKER 64
#define BYTES_PER_MS 1           /* nobody may read or send slower than 1 KiB a second */
#define ANSWER_BYTES (64 * 1024) /* of the larger answers that are not files */
#define STOP_WAIT_MS 2000
#define SHORT_TARGET 128
#define MAX_SWEEP_TICK_MS 250

/* One listener with its libmicrohttpd daemon. */
struct door {
    struct http_server *server;
    struct http_gate gate;
    struct MHD_Daemon *daemon;
    int port;
};

struct http_server {
    struct http_settings settings; /* texts borrowed: they outlive the server */
    struct http_core core;
    struct http_files *files;
    struct http_deadlines *deadlines;
    struct http_crowd *crowd;
    struct http_workers *workers;
    struct door doors[LISTENERS_MAX];
    size_t door_count;
    atomic_bool started; /* http_start() has told its caller where we are; pages may ask for it */
    atomic_bool ready;
    atomic_int running; /* requests between their head and their end */
    _Atomic int64_t connections, requests, status[6], refused_framing, upgrades;
};

enum step {
    STEP_HEAD,   /* the head is on its way */
    STEP_BODY,   /* a route's body is on its way */
    STEP_WORK,   /* a worker has it; afterwards the answer is in x->response */
    STEP_ANSWER, /* `answer` goes out once whatever body there is has been swallowed */
    STEP_HANDED, /* the connection is signaling's now */
};

/* One connection, and the one request that it can have at a time. On the thread of its daemon, but for STEP_WORK. */
struct link {
    struct door *door;
    struct MHD_Connection *connection;
    int fd;
    enum step step;
    int64_t body_since_ms;
    size_t body_bytes;           /* that came */
    struct http_exchange *x;     /* of a route, else NULL */
    struct MHD_Response *answer; /* to be queued */
    bool answer_is_ours;         /* to be freed when it is queued */
    bool counted;                /* in server.running */
    bool again;                  /* not the first request here */
    int status;
    size_t answer_bytes; /* of the body, about */
    char *target;        /* as sent; in `space` when it is short */
    size_t target_len;
    char space[SHORT_TARGET];
    char peer[HTTP_ADDRESS_SIZE]; /* the other end's address */
};

/* ---- deadlines ---- */

static void due_in(const struct link *l, int64_t ms)
{
    http_deadline_set(l->door->server->deadlines, l->fd, clock_mono_ms() + ms);
}

static void due_never(const struct link *l)
{
    http_deadline_set(l->door->server->deadlines, l->fd, DEADLINE_NONE);
}

/* The whole body has body_deadline_ms; after the time of a head it must have come at a KiB a second besides. */
static void due_for_body(const struct link *l)
{
    const struct http_settings *s = &l->door->server->settings;
    int64_t by_rate = s->head_deadline_ms + (int64_t)l->body_bytes / BYTES_PER_MS;

    http_deadline_set(l->door->server->deadlines, l->fd,
                      l->body_since_ms + (by_rate < s->body_deadline_ms ? by_rate : s->body_deadline_ms));
}

/* ---- answering ---- */

static void count_status(struct http_server *h, int status)
{
    atomic_fetch_add_explicit(&h->requests, 1, memory_order_relaxed);
    metrics_count(METRIC_HTTP_REQUESTS, 1);
    if (status >= 100 && status < 600)
        atomic_fetch_add_explicit(&h->status[status / 100], 1, memory_order_relaxed);
}

static enum MHD_Result queue(struct link *l)
{
    enum MHD_Result queued;

    count_status(l->door->server, l->status);
    /* Slow readers get a KiB a second, and the time of an idle connection besides. */
    due_in(l, l->door->server->settings.idle_ms + (int64_t)l->answer_bytes / BYTES_PER_MS);
    queued = MHD_queue_response(l->connection, (unsigned)l->status, l->answer);
    if (l->answer_is_ours)
        http_answer_free(l->answer);
    l->answer = NULL;
    return queued;
}

static void answer_with(struct link *l, int status, struct MHD_Response *answer, bool is_ours)
{
    l->step = STEP_ANSWER;
    l->status = status;
    l->answer = answer;
    l->answer_is_ours = is_ours;
    l->answer_bytes = ANSWER_BYTES;
}

static void answer_problem(struct link *l, const struct err *e, bool html, const char *allow)
{
    int status;
    struct MHD_Response *answer = http_small_problem(&l->door->server->core, e, html, allow, &status);

    answer_with(l, status, answer, true);
}

static void answer_plain(struct link *l, const struct http_plain *plain)
{
    struct http_server *h = l->door->server;
    bool ready = atomic_load_explicit(&h->ready, memory_order_relaxed);
    int status;
    struct MHD_Response *answer = http_small_plain(&h->core, plain, ready, &status);

    answer_with(l, status, answer, true);
}

/* ---- handlers ---- */

/* On a worker. Afterwards the exchange belongs to the connection's thread again. */
static void run_exchange(struct http_exchange *x, struct store *s)
{
    struct MHD_Connection *connection = x->connection;

    http_route_run(x, s);
    x->response = http_answer_reply(&x->reply);
    MHD_resume_connection(connection);
}

/* Suspends first: a worker may be done before this returns. */
static enum MHD_Result hand_to_worker(struct link *l)
{
    struct http_server *h = l->door->server;
    struct err e;

    l->step = STEP_WORK;
    due_never(l);
    MHD_suspend_connection(l->connection);
    if (http_workers_post(h->workers, l->x) != ERR_OK) {
        err_set(&e, ERR_BUSY, "busy", "Too much is going on at the moment; try again in a moment");
        http_reply_problem(&l->x->reply, &e, l->x->request.id, false);
        l->x->response = http_answer_reply(&l->x->reply);
        MHD_resume_connection(l->connection);
    }
    return MHD_YES;
}

static enum MHD_Result queue_exchange(struct link *l)
{
    answer_with(l, l->x->reply.status, l->x->response, true);
    l->x->response = NULL;
    return queue(l);
}

static enum MHD_Result take_body(struct link *l, const char *bytes, size_t *len)
{
    struct http_exchange *x = l->x;
    size_t max = l->door->gate.max_body_bytes;
    struct err e;

    l->body_bytes += *len;
    due_for_body(l);
    if (l->body_bytes > 2 * max) /* whoever sends on and on is not told anything */
        return MHD_NO;
    if (l->step == STEP_BODY && !buf_add(&x->body, bytes, *len)) {
        err_set(&e, ERR_INVALID, "body_too_large", "the body is larger than %zu bytes", max);
        answer_problem(l, &e, false, "");
    }
    *len = 0;
    return MHD_YES;
}

/* ---- the first call of a request: its head is complete ---- */

static enum MHD_Result add_line(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                const char *value, size_t value_len)
{
    (void)kind;
    http_head_add(cls, name, name_len, value ? value : "", value ? value_len : 0);
    return MHD_YES;
}

static void read_head(const struct link *l, const char *method, const char *version, struct http_head *h)
{
    const union MHD_ConnectionInfo *size =
        MHD_get_connection_info(l->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    h->method = method;
    h->method_len = strlen(method);
    h->target = l->target;
    h->target_len = l->target_len;
    h->version = version;
    h->size = size ? size->header_size : 0;
    h->count = 0;
    h->too_many = false;
    h->length = -1; /* unless the check comes to read them: what is refused before has no body that counts */
    h->chunked = false;
    MHD_get_connection_values_n(l->connection, MHD_HEADER_KIND, add_line, h);
}

/* From 0.9.76 on, libmicrohttpd is strict by itself (discipline level) and moves what it parses. */
static bool head_is_intact(const struct http_head *h, const char *url)
{
#if MHD_VERSION < 0x00097600
    return http_framing_contiguous(h, url);
#else
    (void)h;
    (void)url;
    return true;
#endif
}

static enum err_code no_room(struct err *e)
{
    return err_set(e, ERR_BUSY, "busy", "There are too many connections at the moment; try again in a moment");
}

/* The sweeper forgets the descriptor before it has a duplicate: it must never shut a conversation down. */
static enum MHD_Result hand_over(struct link *l, struct http_decision *d)
{
    struct http_server *h = l->door->server;
    const struct http_settings *s = &h->settings;
    enum err_code rc = ERR_BUSY;
    int copy;

    http_deadline_leave(h->deadlines, l->fd);
    copy = handover_duplicate(l->fd);
    if (copy >= 0)
        rc = s->on_upgrade(s->api, copy, d->upgrade.room, d->upgrade.key, d->address);
    if (rc == ERR_OK) {
        atomic_fetch_add_explicit(&h->upgrades, 1, memory_order_relaxed);
        count_status(h, 101);
        l->step = STEP_HANDED;
        return MHD_NO; /* closes only the descriptor of libmicrohttpd (MHD_USE_TURBO) */
    }
    (void)!http_deadline_enter(h->deadlines, l->fd, DEADLINE_NONE);
    no_room(&d->e);
    answer_problem(l, &d->e, false, "");
    return queue(l);
}

static bool has_body(const struct http_head *h)
{
    return h->chunked || h->length > 0;
}

/* An answer in the first call makes libmicrohttpd close the connection. That is meant where bytes that follow cannot be
 * trusted or would be too many; otherwise the body is swallowed and the connection lives on. */
static enum MHD_Result refuse(struct link *l, const struct http_head *h, const struct http_decision *d)
{
    bool now = d->kind == DECIDE_REFUSE_CLOSE || h->length > (int64_t)l->door->gate.max_body_bytes ||
               str_starts(h->target, HTTP_WS_PREFIX); /* proxies pool what stays open after a failed upgrade */

    if (d->kind == DECIDE_REFUSE_CLOSE) {
        atomic_fetch_add_explicit(&l->door->server->refused_framing, 1, memory_order_relaxed);
        metrics_count(METRIC_HTTP_REFUSED, 1);
    }
    answer_problem(l, &d->e, d->html, d->allow);
    return now ? queue(l) : MHD_YES;
}

/* The listeners open one after the other, and what pages and handlers reach for is complete only after the last. */
static void refuse_early(struct http_decision *d)
{
    http_exchange_free(d->x);
    *d = (struct http_decision){ .kind = DECIDE_REFUSE };
    err_set(&d->e, ERR_BUSY, "restarting", "The server is starting; try again in a moment");
}

static enum MHD_Result on_head(struct link *l, const char *url, const char *method, const char *version)
{
    struct http_head head;
    struct http_decision d;

    read_head(l, method, version, &head);
    l->counted = true;
    atomic_fetch_add_explicit(&l->door->server->running, 1, memory_order_relaxed);
    http_gate_decide(&l->door->gate, &head, l->peer, head_is_intact(&head, url), &d);
    if (!atomic_load_explicit(&l->door->server->started, memory_order_acquire))
        refuse_early(&d);
    if (has_body(&head)) {
        l->body_since_ms = clock_mono_ms();
        l->body_bytes = 0;
        due_for_body(l);
    }
    switch (d.kind) {
    case DECIDE_REFUSE:
    case DECIDE_REFUSE_CLOSE: return refuse(l, &head, &d);
    case DECIDE_UPGRADE: return hand_over(l, &d);
    case DECIDE_FIXED:
        answer_with(l, d.status, d.fixed, false);
        l->answer_bytes = d.len;
        break;
    case DECIDE_PLAIN: answer_plain(l, d.plain); break;
    case DECIDE_ROUTE:
        l->x = d.x;
        l->x->connection = l->connection;
        l->step = STEP_BODY;
        break;
    }
    return MHD_YES;
}

/* ---- libmicrohttpd's callbacks ---- */

static enum MHD_Result on_call(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *bytes, size_t *len, void **request)
{
    struct link *l = *request;

    (void)cls;
    (void)connection;
    if (!l)
        return MHD_NO;
    if (*len > 0)
        return take_body(l, bytes, len);
    switch (l->step) {
    case STEP_HEAD: return on_head(l, url, method, version);
    case STEP_BODY: return hand_to_worker(l);
    case STEP_WORK: return queue_exchange(l);
    case STEP_ANSWER: return queue(l);
    case STEP_HANDED: break;
    }
    return MHD_NO;
}

/* The request line came; libmicrohttpd will cut it up in place, so it is copied. Its result is the request's context. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct link *l = info ? info->socket_context : NULL;
    size_t len = target ? strlen(target) : 0;

    (void)cls;
    if (!l)
        return NULL;
    l->step = STEP_HEAD;
    l->target_len = len;
    l->target = len < sizeof l->space ? l->space : mem_new(len + 1);
    if (len > 0)
        memcpy(l->target, target, len);
    l->target[len] = '\0';
    if (l->again) /* the first request had its time from the moment the connection was made */
        due_in(l, l->door->server->settings.head_deadline_ms);
    return l;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **request,
                         enum MHD_RequestTerminationCode code)
{
    struct link *l = *request;

    (void)cls;
    (void)connection;
    (void)code;
    if (!l)
        return;
    if (l->x)
        http_answer_free(l->x->response);
    http_exchange_free(l->x);
    l->x = NULL;
    if (l->answer && l->answer_is_ours)
        http_answer_free(l->answer);
    l->answer = NULL;
    if (l->target != l->space)
        mem_free(l->target);
    l->target = NULL;
    if (l->counted)
        atomic_fetch_sub_explicit(&l->door->server->running, 1, memory_order_relaxed);
    l->counted = false;
    l->again = true;
    if (l->step != STEP_HANDED)
        due_in(l, l->door->server->settings.idle_ms);
    *request = NULL;
}

/* Where everybody comes from through a trusted proxy, there is no limit: how many each may have there is the proxy's to say. */
static bool is_limited(const struct http_server *h, const char *peer)
{
    return !http_address_is_trusted(peer, h->settings.trusted_proxies);
}

/* Before libmicrohttpd has spent anything on the connection; a refused one is closed. */
static enum MHD_Result on_accept(void *cls, const struct sockaddr *from, socklen_t len)
{
    struct http_server *h = ((struct door *)cls)->server;
    char peer[HTTP_ADDRESS_SIZE];

    (void)len;
    http_address_text(from, peer);
    return !is_limited(h, peer) || http_crowd_has_room(h->crowd, peer) ? MHD_YES : MHD_NO;
}

static void read_peer(struct MHD_Connection *connection, char to[HTTP_ADDRESS_SIZE])
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    http_address_text(info ? info->client_addr : NULL, to);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct door *door = cls;
    struct http_server *h = door->server;
    struct link *l = *context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        l = mem_new(sizeof *l);
        l->door = door;
        l->connection = connection;
        read_peer(connection, l->peer);
        l->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        atomic_fetch_add_explicit(&h->connections, 1, memory_order_relaxed);
        (void)!http_deadline_enter(h->deadlines, l->fd, clock_mono_ms() + h->settings.head_deadline_ms);
        if (is_limited(h, l->peer))
            http_crowd_enter(h->crowd, l->peer);
        *context = l;
    } else if (l) {
        http_deadline_leave(h->deadlines, l->fd);
        if (is_limited(h, l->peer)) /* a connection that was handed over has left, too */
            http_crowd_leave(h->crowd, l->peer);
        atomic_fetch_sub_explicit(&h->connections, 1, memory_order_relaxed);
        mem_free(l);
        *context = NULL;
    }
}

/* What libmicrohttpd has to say is mostly about clients, and once for each hand-over. */
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

/* ---- start and stop ---- */

static enum err_code open_door(struct http_server *h, int fd, int threads, struct err *e)
{
    struct door *door = &h->doors[h->door_count];
    const unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;

    door->daemon = MHD_start_daemon(
        flags, 0, on_accept, door, on_call, door, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_LISTEN_SOCKET,
        fd, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)(threads > 1 ? threads : 0), MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)h->settings.max_connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_PER_CONNECTION,
        MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK, MHD_OPTION_URI_LOG_CALLBACK, on_target, door,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, door, MHD_OPTION_NOTIFY_CONNECTION, on_connection, door,
#if MHD_VERSION >= 0x00097600
        MHD_OPTION_CLIENT_DISCIPLINE_LVL, 2,
#else
        MHD_OPTION_STRICT_FOR_CLIENT,
        0, /* what it would refuse http_framing refuses too; its own refusals repeat their head */
#endif
        MHD_OPTION_END);
    if (!door->daemon) {
        close(fd);
        return err_set(e, ERR_IO, "http_failed", "the HTTP server could not start");
    }
    h->door_count++;
    return ERR_OK;
}

/* Fills in all of the door but its daemon; the gate must be complete before the first connection comes. */
static enum err_code prepare_door(struct http_server *h, const char *address, bool side, int *fd, struct err *e)
{
    struct door *door = &h->doors[h->door_count];

    if (h->door_count == LISTENERS_MAX)
        return err_set(e, ERR_LIMIT, "too_many", "at most %d addresses can be listened on", LISTENERS_MAX);
    door->server = h;
    door->gate = (struct http_gate){
        .core = &h->core,
        .files = side ? NULL : h->files,
        .plain = side ? h->settings.side_plain : h->settings.plain,
        .trusted_proxies = h->settings.trusted_proxies,
        .max_body_bytes = h->settings.max_body_bytes,
        .ready = &h->ready,
    };
    return http_listen(address, fd, &door->port, e);
}

/* The first listener's port may be part of our own name, so its socket comes before everything that knows the name. */
static enum err_code open_files(struct http_server *h, struct err *e)
{
    enum err_code rc = http_site_parse(h->settings.public_url, h->doors[0].port, &h->core.site, e);

    if (rc != ERR_OK)
        return rc;
    http_security_make(&h->core.site, KIND_DATA, "", &h->core.data_security);
    return http_files_open(&h->core.site, h->settings.web_dir, &h->files, e);
}

static enum err_code open_doors(struct http_server *h, struct err *e)
{
    const char *const *listen = h->settings.listen;
    int threads = h->settings.threads;
    enum err_code rc;
    int fd;

    rc = prepare_door(h, listen[0], false, &fd, e);
    if (rc != ERR_OK)
        return rc;
    rc = open_files(h, e);
    h->doors[0].gate.files = h->files;
    if (rc != ERR_OK)
        close(fd);
    else
        rc = open_door(h, fd, threads, e);
    for (size_t i = 1; rc == ERR_OK && listen[i]; i++)
        if ((rc = prepare_door(h, listen[i], false, &fd, e)) == ERR_OK)
            rc = open_door(h, fd, threads, e);
    if (rc == ERR_OK && h->settings.side_listen &&
        (rc = prepare_door(h, h->settings.side_listen, true, &fd, e)) == ERR_OK)
        rc = open_door(h, fd, 1, e);
    return rc;
}

/* A tenth of the shortest deadline, so that tests with short ones are served as exactly. */
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
    struct http_server *h = mem_new(sizeof *h);
    int workers = settings->workers > 0 ? settings->workers : 1;
    enum err_code rc;

    h->settings = *settings;
    h->core.api = settings->api;
    h->core.rate_scale = settings->rate_scale;
    h->core.limits = http_limit_new(LIMIT_KEYS_MAX);
    h->crowd = http_crowd_new(settings->max_per_address);
    rc = http_deadlines_start(sweep_tick_ms(settings), &h->deadlines, e);
    if (rc == ERR_OK)
        rc = http_workers_start(workers, (size_t)workers * QUEUE_PER_WORKER, db, run_exchange, &h->workers, e);
    if (rc == ERR_OK)
        rc = open_doors(h, e);
    if (rc != ERR_OK) {
        http_stop(h);
        return rc;
    }
    *out = h;
    atomic_store_explicit(&h->started, true, memory_order_release);
    return ERR_OK;
}

int http_port(const struct http_server *h)
{
    return h->doors[0].port;
}

void http_set_ready(struct http_server *h, bool ready)
{
    atomic_store(&h->ready, ready);
}

/* Answers that are being made go out; whoever reads too slowly for STOP_WAIT_MS does not hold the end up. */
static void wait_for_answers(struct http_server *h)
{
    int64_t until_ms = clock_mono_ms() + STOP_WAIT_MS;
    const struct timespec pause = { .tv_nsec = 2000000 };

    while (atomic_load(&h->running) > 0 && clock_mono_ms() < until_ms)
        nanosleep(&pause, NULL);
}

void http_stop(struct http_server *h)
{
    int fds[LISTENERS_MAX];

    if (!h)
        return;
    atomic_store(&h->ready, false);
    for (size_t i = 0; i < h->door_count; i++) {
        fds[i] = MHD_quiesce_daemon(h->doors[i].daemon);
        if (fds[i] >= 0)
            shutdown(fds[i], SHUT_RDWR); /* nobody new; the descriptor stays until MHD's threads have let go of it */
    }
    http_workers_stop(h->workers);
    if (h->door_count > 0)
        wait_for_answers(h);
    for (size_t i = 0; i < h->door_count; i++) {
        MHD_stop_daemon(h->doors[i].daemon);
        if (fds[i] >= 0)
            close(fds[i]);
    }
    http_workers_free(h->workers);
    http_deadlines_stop(h->deadlines);
    http_files_close(h->files);
    http_limit_free(h->core.limits);
    http_crowd_free(h->crowd);
    mem_free(h);
}

void http_stats(const struct http_server *h, struct http_stats *out)
{
    *out = (struct http_stats){
        .connections = atomic_load(&h->connections),
        .requests = atomic_load(&h->requests),
        .refused_framing = atomic_load(&h->refused_framing),
        .refused_crowd = http_crowd_refused(h->crowd),
        .deadline_closed = http_deadlines_closed(h->deadlines),
        .upgrades = atomic_load(&h->upgrades),
    };
    for (int i = 0; i < 6; i++)
        out->status[i] = atomic_load(&h->status[i]);
}
