#include "http/http_events.h"

#include <string.h>

#include "http/http_answer.h"
#include "http/http_begin.h"
#include "http/http_problem.h"
#include "http/http_router.h"
#include "util/clock.h"
#include "util/mem.h"

#define BUSY_RETRY_S 2

/* ---- handlers ---- */

/* The exchange may be gone once the connection goes on. */
static void finish(struct http_exchange *exchange)
{
    struct MHD_Connection *connection = exchange->connection;

    exchange->response = http_answer_reply(&exchange->reply);
    MHD_resume_connection(connection);
}

bool http_on_work(struct http_exchange *exchange, struct store *s)
{
    bool failed = http_route_run(exchange, s);

    finish(exchange);
    return failed;
}

void http_on_refused(struct http_exchange *exchange)
{
    struct err e;

    err_set(&e, ERR_BUSY, "busy", "Too much is going on at the moment; try again in a moment");
    e.retry_after_s = BUSY_RETRY_S;
    http_reply_problem(&exchange->reply, &e, exchange->request.id, false);
    finish(exchange);
}

/* Suspends first: a worker may be done before this returns. */
static enum MHD_Result hand_to_worker(struct link *l)
{
    struct http_server *server = l->door->server;

    l->step = STEP_WORK;
    l->exchange->known_as = http_route_known_as(l->exchange);
    http_link_due_never(l);
    MHD_suspend_connection(l->connection);
    if (http_workers_post(server->workers, l->exchange) != ERR_OK)
        http_on_refused(l->exchange);
    return MHD_YES;
}

static enum MHD_Result queue_exchange(struct link *l)
{
    http_link_answer(l, l->exchange->reply.status, l->exchange->response, true);
    l->exchange->response = NULL;
    return http_link_queue(l);
}

static enum MHD_Result take_body(struct link *l, const char *bytes, size_t *len)
{
    struct http_exchange *exchange = l->exchange;
    size_t max = l->door->gate.max_body_bytes;
    struct err e;

    l->body_bytes += *len;
    http_link_due_for_body(l);
    if (l->body_bytes > SWALLOW_BODIES * max) /* a client that keeps sending gets no answer */
        return MHD_NO;
    if (l->step == STEP_BODY && !buf_add(&exchange->body, bytes, *len)) {
        err_set(&e, ERR_INVALID, "body_too_large", "the body is larger than %zu bytes", max);
        http_link_answer_problem(l, &e, false, "");
    }
    *len = 0;
    return MHD_YES;
}

/* ---- libmicrohttpd's callbacks ---- */

enum MHD_Result http_on_call(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                             const char *version, const char *bytes, size_t *len, void **request)
{
    struct link *l = *request;

    (void)cls;
    (void)connection;
    (void)url; /* decoded: http_on_target() has the raw form */
    if (!l)
        return MHD_NO;
    if (*len > 0)
        return take_body(l, bytes, len);
    switch (l->step) {
    case STEP_HEAD: return http_begin(l, method, version);
    case STEP_BODY: return hand_to_worker(l);
    case STEP_WORK: return queue_exchange(l);
    case STEP_ANSWER: return http_link_queue(l);
    case STEP_HANDED: break;
    }
    return MHD_NO;
}

/* The request line has arrived; libmicrohttpd will cut it up in place, so it is copied. The result is the request's context. */
void *http_on_target(void *cls, const char *target, struct MHD_Connection *connection)
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
    if (l->again) /* the first request's time began when the connection was made */
        http_link_due_in(l, l->door->server->settings.head_deadline_ms);
    return l;
}

void http_on_completed(void *cls, struct MHD_Connection *connection, void **request,
                       enum MHD_RequestTerminationCode code)
{
    struct link *l = *request;

    (void)cls;
    (void)connection;
    (void)code;
    if (!l)
        return;
    if (l->exchange)
        http_answer_free(l->exchange->response);
    http_exchange_free(l->exchange);
    l->exchange = NULL;
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
        http_link_due_in(l, http_intake_has_part(l->intake) ? l->door->server->settings.head_deadline_ms
                                                            : l->door->server->settings.idle_ms);
    *request = NULL;
}

/* Connections from a trusted proxy have no limit: the proxy decides how many each of its clients may have. */
static bool is_limited(const struct http_server *server, const char *peer)
{
    return !http_address_is_trusted(peer, server->settings.trusted_proxies);
}

/* Before libmicrohttpd has spent anything on the connection; a refused one is closed. */
enum MHD_Result http_on_accept(void *cls, const struct sockaddr *from, socklen_t len)
{
    struct http_server *server = ((struct door *)cls)->server;
    char peer[HTTP_ADDRESS_SIZE];

    (void)len;
    if (atomic_load_explicit(&server->stopping, memory_order_relaxed))
        return MHD_NO;
    ip_text(from, peer);
    return !is_limited(server, peer) || crowd_has_room(server->crowd, peer) ? MHD_YES : MHD_NO;
}

static void read_peer(struct MHD_Connection *connection, char to[HTTP_ADDRESS_SIZE])
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    ip_text(info ? info->client_addr : NULL, to);
}

/* A later request's time begins with its first byte; the first request's time began when the connection was made. */
static void on_part_of_head(void *arg)
{
    const struct link *l = arg;

    if (l->again)
        http_link_due_in(l, l->door->server->settings.head_deadline_ms);
}

void http_on_connection(void *cls, struct MHD_Connection *connection, void **context,
                        enum MHD_ConnectionNotificationCode code)
{
    struct door *door = cls;
    struct http_server *server = door->server;
    struct link *l = *context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        l = mem_new(sizeof *l);
        l->door = door;
        l->connection = connection;
        read_peer(connection, l->peer);
        l->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        l->intake = http_intake_start(l->fd, on_part_of_head, l);
        atomic_fetch_add_explicit(&server->connections, 1, memory_order_relaxed);
        (void)!http_deadline_enter(server->deadlines, l->fd, clock_mono_ms() + server->settings.head_deadline_ms);
        if (is_limited(server, l->peer))
            crowd_enter(server->crowd, l->peer);
        *context = l;
    } else if (l) {
        http_intake_end(l->intake);
        if (l->lingers)
            http_deadline_linger(server->deadlines, l->fd);
        http_deadline_leave(server->deadlines, l->fd);
        if (is_limited(server, l->peer)) /* a connection that was handed over counts as closed, too */
            crowd_leave(server->crowd, l->peer);
        atomic_fetch_sub_explicit(&server->connections, 1, memory_order_relaxed);
        mem_free(l);
        *context = NULL;
    }
}
