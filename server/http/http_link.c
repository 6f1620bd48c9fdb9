#include "http/http_link.h"

#include "http/http_answer.h"
#include "http/http_small.h"
#include "observe/metrics.h"
#include "util/clock.h"

#define BYTES_PER_MS 1           /* lowest rate of reading or sending: 1 KiB a second */
#define ANSWER_BYTES (64 * 1024) /* of the larger answers except files */

/* ---- deadlines ---- */

void http_link_due_in(const struct link *l, int64_t ms)
{
    http_deadline_set(l->door->server->deadlines, l->fd, clock_mono_ms() + ms);
}

void http_link_due_never(const struct link *l)
{
    http_deadline_set(l->door->server->deadlines, l->fd, DEADLINE_NONE);
}

/* The whole body has body_deadline_ms; once the time of a head has passed, it must also have come at a KiB a second. */
void http_link_due_for_body(const struct link *l)
{
    const struct http_settings *s = &l->door->server->settings;
    int64_t by_rate = s->head_deadline_ms + (int64_t)l->body_bytes / BYTES_PER_MS;

    http_deadline_set(l->door->server->deadlines, l->fd,
                      l->body_since_ms + (by_rate < s->body_deadline_ms ? by_rate : s->body_deadline_ms));
}

/* ---- answering ---- */

void http_link_count_status(struct http_server *server, int status)
{
    atomic_fetch_add_explicit(&server->requests, 1, memory_order_relaxed);
    metrics_count(METRIC_HTTP_REQUESTS, 1);
    if (status >= 100 && status < 600)
        atomic_fetch_add_explicit(&server->status[status / 100], 1, memory_order_relaxed);
}

enum MHD_Result http_link_queue(struct link *l)
{
    enum MHD_Result queued;

    http_link_count_status(l->door->server, l->status);
    /* Slow readers must take a KiB a second; the time of an idle connection is added. */
    http_link_due_in(l, l->door->server->settings.idle_ms + (int64_t)l->answer_bytes / BYTES_PER_MS);
    queued = MHD_queue_response(l->connection, (unsigned)l->status, l->answer);
    if (l->answer_is_ours)
        http_answer_free(l->answer);
    l->answer = NULL;
    return queued;
}

void http_link_answer(struct link *l, int status, struct MHD_Response *answer, bool is_ours)
{
    l->step = STEP_ANSWER;
    l->status = status;
    l->answer = answer;
    l->answer_is_ours = is_ours;
    l->answer_bytes = ANSWER_BYTES;
}

void http_link_answer_problem(struct link *l, const struct err *e, bool html, const char *allow)
{
    int status;
    struct MHD_Response *answer = http_small_problem(&l->door->server->core, e, html, allow, &status);

    http_link_answer(l, status, answer, true);
}
