#include "ws/client.h"

#include <string.h>

#include "domain/crypto.h"
#include "util/mem.h"
#include "util/str.h"
#include "ws/notice.h"

#define JOIN_MS 5000           /* for the first message, counted from the upgrade */
#define CLOSE_MS 2000          /* for the last messages, then the socket is cut */
#define QUEUE_MESSAGES_MAX 256 /* waiting to be written */
/* More than this always wait when an unwritten message was dropped from the ring: then the client must not go on with a gap. */
#define RING_MESSAGES (RESUME_MESSAGES_MAX - 1)
#define RING_BYTES (RESUME_BYTES_MAX - 2 * ENVELOPE_MAX)
#define STRIKES_MS 60000
#define RETRY_MIN_MS 500 /* `restarting`: come back after this and up to RETRY_SPREAD_MS more */
#define RETRY_SPREAD_MS 2500

static int64_t mono(const struct client *c)
{
    return c->clients->env.mono_ms(c->clients->env.ctx);
}

/* Asks to be written. */
static void wake(struct client *c)
{
    c->clients->env.wake(c->clients->env.ctx, c);
}

/* ---- all clients of a shard ---- */

void clients_init(struct clients *all, const struct client_env *env, const struct client_limits *limits,
                  struct client_counters *counters)
{
    *all = (struct clients){ .env = *env, .limits = limits, .counters = counters };
    list_init(&all->all);
    list_init(&all->hurried);
}

bool clients_crowded(const struct clients *all)
{
    long long bytes = atomic_load(&all->counters->queued_bytes) + atomic_load(&all->counters->kept_bytes);

    return bytes > (long long)all->limits->total_queue_bytes;
}

static void tick(struct client *c, int64_t now_ms)
{
    if (now_ms < c->deadline_ms)
        return;
    if (c->phase == CLIENT_NEW)
        client_close(c, CLOSE_NO_JOIN, NULL);
    else if (c->phase == CLIENT_CLOSING)
        c->overdue = true;
    wake(c);
}

void clients_tick(struct clients *all, int64_t now_ms)
{
    struct list *it, *tmp;

    list_each(it, tmp, &all->hurried) tick(list_entry(it, struct client, hurried), now_ms);
}

void clients_restart(struct clients *all)
{
    struct list *it, *tmp;

    list_each(it, tmp, &all->all) client_close(list_entry(it, struct client, here), CLOSE_RESTART, "restarting");
}

/* ---- life ---- */

struct client *client_new(struct clients *all, const char *path, const char *address, int64_t now_ms)
{
    struct client *c = mem_new(sizeof *c);

    c->clients = all;
    c->owner = all->door;
    (void)str_copy(c->path, sizeof c->path, path);
    c->address = mem_copy_text(address);
    pace_init(&c->pace, &all->limits->rate, now_ms);
    c->deadline_ms = now_ms + JOIN_MS;
    list_add_tail(&all->all, &c->here);
    list_add_tail(&all->hurried, &c->hurried);
    atomic_fetch_add(&all->counters->sockets, 1);
    return c;
}

/* From now on it does not count as unjoined. */
static void count_joined(struct client *c)
{
    if (c->unjoined)
        c->clients->env.joined(c->clients->env.ctx, c->unjoined);
    c->unjoined = 0;
    mem_free(c->address);
    c->address = NULL;
}

/* Its owner goes on without it, or ends. Unwritten messages are sent before the bye, unless the client does not read; a seat
 * keeps them as well, for a resumed connection. */
static void leave(struct client *c)
{
    struct client_owner *owner = c->owner;
    bool keep = c->queue && c->socket && !c->drop;

    if (keep)
        resume_copy_unsent(&c->rest, c->queue);
    else if (c->queue)
        atomic_fetch_sub(&c->clients->counters->queued_bytes, (long long)c->queue->unsent_bytes);
    c->queue = keep ? &c->rest : NULL;
    c->owner = NULL;
    if (owner)
        owner->ops->lost(owner, c);
}

void client_free(struct client *c)
{
    if (!c)
        return;
    c->drop = true;
    leave(c);
    resume_clear(&c->rest);
    count_joined(c);
    list_remove(&c->here);
    list_remove(&c->hurried);
    atomic_fetch_sub(&c->clients->counters->sockets, 1);
    payload_unref(c->first);
    payload_unref(c->last);
    mem_free(c);
}

/* ---- out ---- */

static const struct payload *next_said(const struct client *c)
{
    const struct payload *numbered = c->queue ? resume_peek(c->queue) : NULL;

    return c->first ? c->first : numbered ? numbered : c->last;
}

size_t client_frame_room(const struct client *c)
{
    const struct payload *said = next_said(c);

    return said ? said->len + PAYLOAD_HEAD_MAX : 0;
}

/* One of the two messages without numbers. */
static size_t frame_once(struct payload **said, char *to)
{
    size_t len = payload_frame(*said, 0, to);

    payload_unref(*said);
    *said = NULL;
    return len;
}

size_t client_frame(struct client *c, char *to)
{
    const struct payload *said;
    int64_t seq;

    atomic_fetch_add_explicit(&c->clients->counters->messages_out, 1, memory_order_relaxed);
    if (c->first)
        return frame_once(&c->first, to);
    if (!c->queue || (said = resume_next(c->queue, &seq)) == NULL)
        return frame_once(&c->last, to);
    atomic_fetch_sub(&c->clients->counters->queued_bytes, (long long)said->len);
    if (c->owed > 0) {
        c->owed--;
        c->owed_bytes -= said->len;
    }
    return payload_frame(said, seq, to);
}

int client_close_due(const struct client *c)
{
    return c->phase == CLIENT_CLOSING && (c->drop || !next_said(c)) ? c->close_code : 0;
}

void client_joining(struct client *c, struct client_owner *owner)
{
    c->owner = owner;
    c->phase = CLIENT_JOINING;
}

void client_joined(struct client *c, struct client_owner *owner, struct resume *queue, struct payload *welcome)
{
    count_joined(c);
    c->owner = owner;
    c->phase = CLIENT_JOINED;
    list_remove(&c->hurried);
    c->queue = queue;
    c->owed = resume_unsent(queue);
    c->owed_bytes = queue->unsent_bytes;
    atomic_fetch_add(&c->clients->counters->queued_bytes, (long long)queue->unsent_bytes);
    payload_unref(c->first);
    c->first = welcome;
    wake(c);
}

void client_end(struct client *c, enum close_code code, struct payload *bye)
{
    if (c->phase == CLIENT_CLOSING) {
        payload_unref(bye);
        return;
    }
    c->phase = CLIENT_CLOSING;
    c->close_code = (uint16_t)code;
    c->deadline_ms = mono(c) + CLOSE_MS;
    list_remove(&c->hurried);
    list_add_tail(&c->clients->hurried, &c->hurried);
    c->last = bye;
    leave(c);
    wake(c);
}

/* Clients come back at different moments, not all at once. */
static int retry_ms(enum close_code code)
{
    uint16_t random;

    if (code != CLOSE_RESTART && code != CLOSE_BUSY)
        return 0;
    crypto_random(&random, sizeof random);
    return RETRY_MIN_MS + random % RETRY_SPREAD_MS;
}

void client_close(struct client *c, enum close_code code, const char *bye_reason)
{
    client_end(c, code, bye_reason ? notice_bye(bye_reason, retry_ms(code), NULL) : NULL);
}

void client_refuse(struct client *c, enum close_code code, struct payload *why)
{
    if (c->phase == CLIENT_CLOSING) {
        payload_unref(why);
        return;
    }
    payload_unref(c->first);
    c->first = why;
    client_close(c, code, NULL);
}

static size_t at_most(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool reads_slowly(const struct client *c)
{
    size_t messages = at_most(QUEUE_MESSAGES_MAX + c->owed, RING_MESSAGES);
    size_t bytes = at_most(c->clients->limits->queue_bytes + c->owed_bytes, RING_BYTES);

    return resume_unsent(c->queue) > messages || c->queue->unsent_bytes > bytes;
}

void client_queued(struct client *c)
{
    size_t share = c->clients->limits->queue_bytes / CLIENTS_CROWDED_SHARE;

    if (reads_slowly(c) || (clients_crowded(c->clients) && c->queue->unsent_bytes > share)) {
        atomic_fetch_add(&c->clients->counters->slow_closed, 1);
        c->drop = true;
        client_close(c, CLOSE_BUSY, "busy");
        return;
    }
    wake(c);
}

/* ---- in ---- */

static void hand_over(struct client *c, const struct client_message *m)
{
    switch (c->phase) {
    case CLIENT_JOINING: client_close(c, CLOSE_POLICY, NULL); break;
    case CLIENT_NEW:
    case CLIENT_JOINED: c->owner->ops->message(c->owner, c, m); break;
    case CLIENT_CLOSING: break;
    }
}

void client_message(struct client *c, const char *bytes, size_t len)
{
    struct client_message m = { .bytes = bytes, .len = len };
    enum envelope_fault wrong;

    if (c->phase == CLIENT_CLOSING)
        return;
    atomic_fetch_add_explicit(&c->clients->counters->messages_in, 1, memory_order_relaxed);
    m.pace = pace_take(&c->pace, &c->clients->limits->rate, len, mono(c));
    if (m.pace == PACE_FLOODING) {
        client_close(c, CLOSE_FLOODING, "flooding");
        return;
    }
    wrong = envelope_scan(bytes, len, &m.envelope);
    m.broken = wrong != ENVELOPE_OK;
    if (wrong == ENVELOPE_NOT_UTF8 || (wrong == ENVELOPE_BROKEN && !str_is_utf8(bytes, len)))
        client_unreadable(c, CLOSE_NOT_UTF8);
    else
        hand_over(c, &m);
}

void client_unreadable(struct client *c, enum close_code code)
{
    if (c->phase == CLIENT_JOINED)
        c->owner->ops->unreadable(c->owner);
    client_close(c, code, NULL);
}

bool client_strike(struct client *c, int64_t now_ms)
{
    bool third = c->strike_ms[0] > 0 && now_ms - c->strike_ms[0] < STRIKES_MS;

    c->strike_ms[0] = c->strike_ms[1];
    c->strike_ms[1] = now_ms;
    return third;
}
