#include "http/http_begin.h"

#include <string.h>

#include "http/handover.h"
#include "http/http_answer.h"
#include "http/http_small.h"
#include "observe/metrics.h"
#include "util/clock.h"
#include "util/str.h"

static enum MHD_Result add_line(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                const char *value, size_t value_len)
{
    (void)kind;
    http_head_add(cls, name, name_len, value ? value : "", value ? value_len : 0);
    return MHD_YES;
}

static void read_head(const struct link *l, const char *method, const char *version, struct http_head *head)
{
    const union MHD_ConnectionInfo *size =
        MHD_get_connection_info(l->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    head->method = method;
    head->method_len = strlen(method);
    head->target = l->target;
    head->target_len = l->target_len;
    head->version = version;
    head->size = size ? size->header_size : 0;
    head->count = 0;
    head->too_many = false;
    head->length = -1; /* unless the check comes to read them: the body of a request refused earlier does not count */
    MHD_get_connection_values_n(l->connection, MHD_HEADER_KIND, add_line, head);
}

static enum err_code no_room(struct err *e)
{
    return err_set(e, ERR_BUSY, "busy", "There are too many connections at the moment; try again in a moment");
}

/* The sweeper forgets the descriptor before it is duplicated: it must never shut down a WebSocket. */
static enum MHD_Result hand_over(struct link *l, struct http_decision *decision)
{
    struct http_server *server = l->door->server;
    const struct http_settings *s = &server->settings;
    enum err_code rc = ERR_BUSY;
    int copy;

    http_deadline_leave(server->deadlines, l->fd);
    copy = handover_duplicate(l->fd);
    if (copy >= 0)
        rc = s->on_upgrade(s->api, copy, decision->upgrade.room, decision->upgrade.key, decision->address);
    if (rc == ERR_OK) {
        atomic_fetch_add_explicit(&server->upgrades, 1, memory_order_relaxed);
        http_link_count_status(server, 101);
        l->step = STEP_HANDED;
        return MHD_NO; /* closes only the descriptor of libmicrohttpd (MHD_USE_TURBO) */
    }
    (void)!http_deadline_enter(server->deadlines, l->fd, DEADLINE_NONE);
    no_room(&decision->e);
    http_link_answer_problem(l, &decision->e, false, "");
    return http_link_queue(l);
}

static bool has_body(const struct http_head *head)
{
    return head->length > 0;
}

/* An answer in the first call makes libmicrohttpd close the connection. That is intended when the bytes that follow cannot
 * be trusted or would be too many; otherwise the body is discarded and the connection stays open. */
static enum MHD_Result refuse(struct link *l, const struct http_head *head, const struct http_decision *decision)
{
    bool now =
        decision->kind == DECIDE_REFUSE_CLOSE ||
        head->length > (int64_t)l->door->gate.max_body_bytes * SWALLOW_BODIES ||
        str_starts(head->target, HTTP_WS_PREFIX); /* proxies pool connections that stay open after a failed upgrade */

    if (decision->kind == DECIDE_REFUSE_CLOSE) {
        atomic_fetch_add_explicit(&l->door->server->refused_framing, 1, memory_order_relaxed);
        metrics_count(METRIC_HTTP_REFUSED, 1);
    }
    http_link_answer_problem(l, &decision->e, decision->html, decision->allow);
    l->lingers = now;
    return now ? http_link_queue(l) : MHD_YES;
}

static void answer_plain(struct link *l, const struct http_plain *plain)
{
    struct http_server *server = l->door->server;
    bool ready = atomic_load_explicit(&server->ready, memory_order_relaxed);
    int status;
    struct MHD_Response *answer = http_small_plain(&server->core, plain, ready, &status);

    http_link_answer(l, status, answer, true);
}

/* The listeners open one after the other; the data that pages and handlers use is complete only after the last. */
static void refuse_early(struct http_decision *decision)
{
    http_exchange_free(decision->exchange);
    *decision = (struct http_decision){ .kind = DECIDE_REFUSE };
    err_set(&decision->e, ERR_BUSY, "restarting", "The server is starting; try again in a moment");
}

enum MHD_Result http_begin(struct link *l, const char *method, const char *version)
{
    struct http_head head;
    struct http_decision decision;
    const struct err *why;

    read_head(l, method, version, &head);
    l->counted = true;
    atomic_fetch_add_explicit(&l->door->server->running, 1, memory_order_relaxed);
    why = http_intake_refused(l->intake, l->target); /* also when it did not come through http_intake */
    if (why)
        decision = (struct http_decision){ .kind = DECIDE_REFUSE_CLOSE, .e = *why };
    else
        http_gate_decide(&l->door->gate, &head, l->peer, &decision);
    if (!atomic_load_explicit(&l->door->server->started, memory_order_acquire))
        refuse_early(&decision);
    if (decision.kind == DECIDE_ROUTE ||
        decision.kind == DECIDE_UPGRADE) /* a proxy's health checks are not made for a client */
        http_neighbour_note(l->door->server->neighbours, l->peer,
                            http_neighbour_fault(l->peer, &head, l->door->gate.trusted_proxies));
    if (has_body(&head)) {
        l->body_since_ms = clock_mono_ms();
        l->body_bytes = 0;
        http_link_due_for_body(l);
    }
    switch (decision.kind) {
    case DECIDE_REFUSE:
    case DECIDE_REFUSE_CLOSE: return refuse(l, &head, &decision);
    case DECIDE_UPGRADE: return hand_over(l, &decision);
    case DECIDE_FIXED:
        http_link_answer(l, decision.fixed.status, decision.fixed.answer, decision.fixed.is_ours);
        l->answer_bytes = decision.fixed.len;
        break;
    case DECIDE_PLAIN: answer_plain(l, decision.plain); break;
    case DECIDE_ROUTE:
        l->exchange = decision.exchange;
        l->exchange->connection = l->connection;
        l->step = STEP_BODY;
        break;
    }
    return MHD_YES;
}
