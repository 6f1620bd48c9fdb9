#include "signaling/peer.h"

#include <string.h>

#include "domain/crypto.h"
#include "signaling/desk.h"
#include "signaling/envelope.h"
#include "signaling/floor.h"
#include "signaling/place.h"
#include "signaling/protocol.h"
#include "signaling/refusal.h"
#include "signaling/work.h"
#include "util/mem.h"
#include "util/str.h"

#define JOIN_MS 5000           /* for `join`, from the upgrade */
#define CLOSE_MS 2000          /* for the last words, then the socket is cut */
#define QUEUE_MESSAGES_MAX 256 /* waiting to be written */
#define BYTES_PER_MESSAGE 5243 /* 256 KiB a second at 50 messages a second */
/* More than this wait whenever one that was not written had to go from the ring: then nobody may go on as if nothing were missing. */
#define RING_MESSAGES (RESUME_MESSAGES_MAX - 1)
#define RING_BYTES (RESUME_BYTES_MAX - 2 * ENVELOPE_MAX)
#define CHATS_PER_S 5
#define STRIKES_MS 60000
#define FLOOD_DROPS 200  /* dropped without a pause: it does not listen */
#define RETRY_MIN_MS 500 /* `restarting`: come back after this and up to RETRY_SPREAD_MS more */
#define RETRY_SPREAD_MS 2500

static int64_t mono(const struct peer *p)
{
    return p->floor->env.mono_ms(p->floor->env.ctx);
}

struct peer *peer_new(struct floor *f, const char *room, const char *address, int64_t now_ms)
{
    struct peer *p = mem_new(sizeof *p);

    p->floor = f;
    (void)str_copy(p->room, sizeof p->room, room);
    p->address = mem_copy_text(address);
    p->pace = (struct pace){
        .tokens = f->settings->burst,
        .byte_tokens = (double)f->settings->burst * BYTES_PER_MESSAGE,
        .chat_tokens = CHATS_PER_S,
        .refilled_ms = now_ms,
    };
    p->deadline_ms = now_ms + JOIN_MS;
    list_add_tail(&f->peers, &p->here);
    list_add_tail(&f->hurried, &p->hurried);
    atomic_fetch_add(&f->counters->sockets, 1);
    return p;
}

/* From now on it does not count as unjoined. */
static void count_joined(struct peer *p)
{
    if (p->unjoined)
        p->floor->env.joined(p->floor->env.ctx, p->unjoined);
    p->unjoined = 0;
    mem_free(p->address);
    p->address = NULL;
}

/* Its seat or dashboard goes on without it, or not at all. What was not written yet is said before the bye, but for one who
 * does not read; the seat keeps it as well, for whoever resumes it. */
static void leave(struct peer *p)
{
    struct seat_link *link = p->link;
    struct desk *desk = p->desk;
    bool keep = p->queue && p->socket && !p->drop;

    if (keep)
        resume_copy_unsent(&p->rest, p->queue);
    else if (p->queue)
        atomic_fetch_sub(&p->floor->counters->queued_bytes, (long long)p->queue->unsent_bytes);
    p->queue = keep ? &p->rest : NULL;
    p->link = NULL;
    p->desk = NULL;
    if (p->work)
        p->work->peer = NULL;
    p->work = NULL;
    if (link)
        place_peer_lost(link);
    if (desk)
        desk_peer_lost(desk);
}

void peer_free(struct peer *p)
{
    if (!p)
        return;
    p->drop = true;
    leave(p);
    resume_clear(&p->rest);
    count_joined(p);
    list_remove(&p->here);
    list_remove(&p->hurried);
    atomic_fetch_sub(&p->floor->counters->sockets, 1);
    payload_unref(p->first);
    payload_unref(p->last);
    mem_free(p);
}

/* ---- out ---- */

static const struct payload *next_said(const struct peer *p)
{
    const struct payload *numbered = p->queue ? resume_peek(p->queue) : NULL;

    return p->first ? p->first : numbered ? numbered : p->last;
}

size_t peer_frame_room(const struct peer *p)
{
    const struct payload *said = next_said(p);

    return said ? said->len + PAYLOAD_HEAD_MAX : 0;
}

/* One of the two messages that stand outside the numbers. */
static size_t frame_once(struct payload **said, char *to)
{
    size_t len = payload_frame(*said, 0, to);

    payload_unref(*said);
    *said = NULL;
    return len;
}

size_t peer_frame(struct peer *p, char *to)
{
    const struct payload *said;
    int64_t seq;

    atomic_fetch_add_explicit(&p->floor->counters->messages_out, 1, memory_order_relaxed);
    if (p->first)
        return frame_once(&p->first, to);
    if (!p->queue || (said = resume_next(p->queue, &seq)) == NULL)
        return frame_once(&p->last, to);
    atomic_fetch_sub(&p->floor->counters->queued_bytes, (long long)said->len);
    if (p->owed > 0) {
        p->owed--;
        p->owed_bytes -= said->len;
    }
    return payload_frame(said, seq, to);
}

int peer_close_due(const struct peer *p)
{
    return p->phase == PEER_CLOSING && (p->drop || !next_said(p)) ? p->close_code : 0;
}

void peer_wake(struct peer *p)
{
    p->floor->env.wake(p->floor->env.ctx, p);
}

void peer_seat(struct peer *p, struct resume *queue, struct payload *welcome)
{
    count_joined(p);
    p->work = NULL;
    p->phase = PEER_SEATED;
    list_remove(&p->hurried);
    p->queue = queue;
    p->owed = resume_unsent(queue);
    p->owed_bytes = queue->unsent_bytes;
    atomic_fetch_add(&p->floor->counters->queued_bytes, (long long)queue->unsent_bytes);
    payload_unref(p->first);
    p->first = welcome;
    peer_wake(p);
}

void peer_end(struct peer *p, enum close_code code, struct payload *bye)
{
    if (p->phase == PEER_CLOSING) {
        payload_unref(bye);
        return;
    }
    p->phase = PEER_CLOSING;
    p->close_code = (uint16_t)code;
    p->deadline_ms = mono(p) + CLOSE_MS;
    list_remove(&p->hurried);
    list_add_tail(&p->floor->hurried, &p->hurried);
    p->last = bye;
    leave(p);
    peer_wake(p);
}

/* Whoever is to come back does so at a moment of their own, not all at once. */
static int retry_ms(enum close_code code)
{
    uint16_t random;

    if (code != CLOSE_RESTART && code != CLOSE_BUSY)
        return 0;
    crypto_random(&random, sizeof random);
    return RETRY_MIN_MS + random % RETRY_SPREAD_MS;
}

void peer_close(struct peer *p, enum close_code code, const char *bye_reason)
{
    peer_end(p, code, bye_reason ? protocol_bye(bye_reason, retry_ms(code), NULL) : NULL);
}

void peer_refuse(struct peer *p, const char *reason, const char *detail)
{
    if (p->phase == PEER_CLOSING)
        return;
    payload_unref(p->first);
    p->first = floor_error(p->floor, reason, detail, "join", 0);
    peer_close(p, refusal_close(reason), NULL);
}

static size_t at_most(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool reads_slowly(const struct peer *p)
{
    size_t messages = at_most(QUEUE_MESSAGES_MAX + p->owed, RING_MESSAGES);
    size_t bytes = at_most(p->floor->settings->socket_queue_bytes + p->owed_bytes, RING_BYTES);

    return resume_unsent(p->queue) > messages || p->queue->unsent_bytes > bytes;
}

void peer_queued(struct peer *p)
{
    const struct hub_settings *s = p->floor->settings;
    size_t unsent = p->queue->unsent_bytes;

    if (reads_slowly(p) || (floor_is_crowded(p->floor) && unsent > s->socket_queue_bytes / FLOOR_CROWDED_SHARE)) {
        atomic_fetch_add(&p->floor->counters->slow_closed, 1);
        p->drop = true;
        peer_close(p, CLOSE_BUSY, "busy");
        return;
    }
    peer_wake(p);
}

/* ---- in ---- */

static double refill(double tokens, double rate, double burst, double seconds)
{
    double filled = tokens + rate * seconds;

    return filled > burst ? burst : filled;
}

enum peer_pace peer_pace(struct peer *p, size_t len, int64_t now_ms)
{
    struct pace *at = &p->pace;
    double seconds = (double)(now_ms - at->refilled_ms) / 1000, rate = p->floor->settings->rate_per_s;
    double burst = p->floor->settings->burst;

    at->refilled_ms = now_ms;
    at->tokens = refill(at->tokens, rate, burst, seconds);
    at->byte_tokens = refill(at->byte_tokens, rate * BYTES_PER_MESSAGE, burst * BYTES_PER_MESSAGE, seconds);
    at->chat_tokens = refill(at->chat_tokens, CHATS_PER_S, CHATS_PER_S, seconds);
    if (at->tokens >= 1 && at->byte_tokens >= (double)len) {
        at->tokens -= 1;
        at->byte_tokens -= (double)len;
        if (at->tokens > burst / 2) {
            at->told = false;
            at->dropped = 0;
        }
        return PACE_OK;
    }
    if (++at->dropped > FLOOD_DROPS)
        return PACE_FLOODING;
    return at->told ? PACE_DROP : PACE_TOO_FAST;
}

bool peer_chat_allowed(struct peer *p)
{
    if (p->pace.chat_tokens < 1)
        return false;
    p->pace.chat_tokens -= 1;
    return true;
}

bool peer_strike(struct peer *p, int64_t now_ms)
{
    bool third = p->strike_ms[0] > 0 && now_ms - p->strike_ms[0] < STRIKES_MS;

    p->strike_ms[0] = p->strike_ms[1];
    p->strike_ms[1] = now_ms;
    return third;
}

void peer_tick(struct peer *p, int64_t now_ms)
{
    if (now_ms < p->deadline_ms)
        return;
    if (p->phase == PEER_NEW)
        peer_close(p, CLOSE_NO_JOIN, NULL);
    else if (p->phase == PEER_CLOSING)
        p->overdue = true;
    peer_wake(p);
}
