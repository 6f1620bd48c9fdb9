#include "ws/client.h"

#include <string.h>

#include "domain/crypto.h"
#include "util/mem.h"
#include "util/str.h"
#include "ws/notice.h"

#define ECHOES_MAX 20          /* before the join: nobody stays by them, its deadline holds */
#define JOIN_MS 5000           /* for the first message, counted from the upgrade */
#define CLOSE_MS 2000          /* for the last messages, then the socket is cut */
#define PART_MS 1000           /* for the client's last word */
#define QUEUE_MESSAGES_MAX 256 /* waiting to be written */
/* More than this always wait when an unwritten message was dropped from the ring: then the client must not go on with a gap. */
#define RING_MESSAGES (RESUME_MESSAGES_MAX - 1)
#define RING_BYTES (RESUME_BYTES_MAX - 2 * ENVELOPE_MAX)
#define STRIKES_MS 60000
#define RETRY_MIN_MS 500 /* `restarting`: come back after this and up to RETRY_SPREAD_MS more */
#define RETRY_SPREAD_MS 2500

static int64_t mono(const struct client *client)
{
    return client->clients->env.mono_ms(client->clients->env.ctx);
}

/* Asks to be written. */
static void wake(struct client *client)
{
    client->clients->env.wake(client->clients->env.ctx, client);
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

static void tick(struct client *client, int64_t now_ms)
{
    if (now_ms < client->deadline_ms)
        return;
    if (client->phase == CLIENT_NEW)
        client_close(client, CLOSE_NO_JOIN, NULL);
    else if (client->phase == CLIENT_PARTING)
        client_close(client, client->close_code, NULL);
    else if (client->phase == CLIENT_CLOSING)
        client->overdue = true;
    wake(client);
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
    struct client *client = mem_new(sizeof *client);

    client->clients = all;
    client->owner = all->door;
    (void)str_copy(client->path, sizeof client->path, path);
    client->address = mem_copy_text(address);
    pace_init(&client->pace, &all->limits->rate, now_ms);
    client->deadline_ms = now_ms + JOIN_MS;
    list_add_tail(&all->all, &client->here);
    list_add_tail(&all->hurried, &client->hurried);
    atomic_fetch_add(&all->counters->sockets, 1);
    return client;
}

/* From now on it does not count as unjoined. */
static void count_joined(struct client *client)
{
    if (client->unjoined)
        client->clients->env.joined(client->clients->env.ctx, client->unjoined);
    client->unjoined = 0;
    mem_free(client->address);
    client->address = NULL;
}

/* Its owner goes on without it, or ends. Unwritten messages are sent before the bye, unless the client does not read; a seat
 * keeps them as well, for a resumed connection. */
static void leave(struct client *client)
{
    struct client_owner *owner = client->owner;
    bool keep = client->queue && client->socket && !client->drop;

    if (keep && client->queue != &client->rest)
        resume_copy_unsent(&client->rest, client->queue);
    else if (client->queue && !keep)
        atomic_fetch_sub(&client->clients->counters->queued_bytes, (long long)client->queue->unsent_bytes);
    client->queue = keep ? &client->rest : NULL;
    client->owner = NULL;
    if (owner)
        owner->ops->lost(owner, client);
}

void client_free(struct client *client)
{
    if (!client)
        return;
    client->drop = true;
    leave(client);
    resume_clear(&client->rest);
    count_joined(client);
    list_remove(&client->here);
    list_remove(&client->hurried);
    atomic_fetch_sub(&client->clients->counters->sockets, 1);
    payload_unref(client->first);
    payload_unref(client->aside);
    payload_unref(client->last);
    mem_free(client);
}

/* ---- out ---- */

static const struct payload *next_said(const struct client *client)
{
    const struct payload *numbered = client->queue ? resume_peek(client->queue) : NULL;

    return client->first ? client->first : client->aside ? client->aside : numbered ? numbered : client->last;
}

size_t client_frame_room(const struct client *client)
{
    const struct payload *said = next_said(client);

    return said ? said->len + PAYLOAD_HEAD_MAX : 0;
}

/* One of the messages without numbers. */
static size_t frame_once(struct payload **said, char *to)
{
    size_t len = payload_frame(*said, 0, to);

    payload_unref(*said);
    *said = NULL;
    return len;
}

size_t client_frame(struct client *client, char *to)
{
    const struct payload *said;
    int64_t seq;

    atomic_fetch_add_explicit(&client->clients->counters->messages_out, 1, memory_order_relaxed);
    if (client->first)
        return frame_once(&client->first, to);
    if (client->aside)
        return frame_once(&client->aside, to);
    if (!client->queue || (said = resume_next(client->queue, &seq)) == NULL)
        return frame_once(&client->last, to);
    atomic_fetch_sub(&client->clients->counters->queued_bytes, (long long)said->len);
    if (client->owed > 0) {
        client->owed--;
        client->owed_bytes -= said->len;
    }
    return payload_frame(said, seq, to);
}

int client_close_due(const struct client *client)
{
    return client->phase == CLIENT_CLOSING && (client->drop || !next_said(client)) ? client->close_code : 0;
}

void client_joining(struct client *client, struct client_owner *owner)
{
    client->owner = owner;
    client->phase = CLIENT_JOINING;
}

void client_joined(struct client *client, struct client_owner *owner, struct resume *queue, struct payload *welcome)
{
    count_joined(client);
    client->owner = owner;
    client->phase = CLIENT_JOINED;
    list_remove(&client->hurried);
    client->queue = queue;
    client->owed = resume_unsent(queue);
    client->owed_bytes = queue->unsent_bytes;
    atomic_fetch_add(&client->clients->counters->queued_bytes, (long long)queue->unsent_bytes);
    payload_unref(client->first);
    client->first = welcome;
    wake(client);
}

/* It must be gone soon: what waits for it is written, then bye; the first bye is the last word. */
static void go(struct client *client, enum client_phase phase, enum close_code code, int within_ms, struct payload *bye)
{
    if (client->phase == CLIENT_PARTING)
        payload_unref(bye);
    else
        client->last = bye;
    client->phase = phase;
    client->close_code = (uint16_t)code;
    client->deadline_ms = mono(client) + within_ms;
    list_remove(&client->hurried);
    list_add_tail(&client->clients->hurried, &client->hurried);
    leave(client);
    wake(client);
}

void client_end(struct client *client, enum close_code code, struct payload *bye)
{
    if (client->phase == CLIENT_CLOSING)
        payload_unref(bye);
    else
        go(client, CLIENT_CLOSING, code, CLOSE_MS, bye);
}

void client_part(struct client *client, enum close_code code, struct payload *bye, struct client_owner *owner)
{
    go(client, CLIENT_PARTING, code, PART_MS, bye);
    client->owner = owner;
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

void client_close(struct client *client, enum close_code code, const char *bye_reason)
{
    client_end(client, code, bye_reason ? notice_bye(bye_reason, retry_ms(code), NULL) : NULL);
}

bool client_echo(struct client *client, struct payload *said)
{
    bool allowed = client->phase == CLIENT_NEW && !client->first && client->echoes < ECHOES_MAX;

    if (!allowed) {
        payload_unref(said);
        return false;
    }
    client->echoes++;
    client->first = said;
    wake(client);
    return true;
}

void client_refuse(struct client *client, enum close_code code, struct payload *why)
{
    if (client->phase == CLIENT_CLOSING) {
        payload_unref(why);
        return;
    }
    payload_unref(client->first);
    client->first = why;
    client_close(client, code, NULL);
}

void client_say_aside(struct client *client, struct payload *said)
{
    if (client->aside || client->phase >= CLIENT_PARTING) {
        payload_unref(said);
        return;
    }
    client->aside = said;
    wake(client);
}

static size_t at_most(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool reads_slowly(const struct client *client)
{
    size_t messages = at_most(QUEUE_MESSAGES_MAX + client->owed, RING_MESSAGES);
    size_t bytes = at_most(client->clients->limits->queue_bytes + client->owed_bytes, RING_BYTES);

    return resume_unsent(client->queue) > messages || client->queue->unsent_bytes > bytes;
}

void client_queued(struct client *client)
{
    size_t share = client->clients->limits->queue_bytes / CLIENTS_CROWDED_SHARE;

    if (reads_slowly(client) || (clients_crowded(client->clients) && client->queue->unsent_bytes > share)) {
        atomic_fetch_add(&client->clients->counters->slow_closed, 1);
        client->drop = true;
        client_close(client, CLOSE_BUSY, "busy");
        return;
    }
    wake(client);
}

/* ---- in ---- */

static void hand_over(struct client *client, const struct client_message *m)
{
    switch (client->phase) {
    case CLIENT_JOINING: client_close(client, CLOSE_POLICY, NULL); break;
    case CLIENT_NEW:
    case CLIENT_JOINED:
    case CLIENT_PARTING: client->owner->ops->message(client->owner, client, m); break;
    case CLIENT_CLOSING: break;
    }
}

void client_message(struct client *client, const char *bytes, size_t len)
{
    struct client_message m = { .bytes = bytes, .len = len };
    enum envelope_fault wrong;

    if (client->phase == CLIENT_CLOSING)
        return;
    atomic_fetch_add_explicit(&client->clients->counters->messages_in, 1, memory_order_relaxed);
    m.pace = pace_take(&client->pace, &client->clients->limits->rate, len, mono(client));
    if (m.pace == PACE_FLOODING) {
        client_close(client, CLOSE_FLOODING, "flooding");
        return;
    }
    wrong = envelope_scan(bytes, len, &m.envelope);
    m.broken = wrong != ENVELOPE_OK;
    if (wrong == ENVELOPE_NOT_UTF8 || (wrong == ENVELOPE_BROKEN && !str_is_utf8(bytes, len)))
        client_unreadable(client, CLOSE_NOT_UTF8);
    else
        hand_over(client, &m);
}

void client_unreadable(struct client *client, enum close_code code)
{
    if (client->phase == CLIENT_JOINED)
        client->owner->ops->unreadable(client->owner);
    client_close(client, code, NULL);
}

bool client_strike(struct client *client, int64_t now_ms)
{
    bool third = client->strike_ms[0] > 0 && now_ms - client->strike_ms[0] < STRIKES_MS;

    client->strike_ms[0] = client->strike_ms[1];
    client->strike_ms[1] = now_ms;
    return third;
}
