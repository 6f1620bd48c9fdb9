#include "live/hub.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "domain/crypto.h"
#include "live/hub_ask.h"
#include "live/hub_shard.h"
#include "live/live.h"
#include "live/live_room.h"
#include "live/roster.h"
#include "util/clock.h"
#include "util/mem.h"
#include "util/str.h"
#include "ws/frame.h"
#include "ws/unjoined.h"

#define SHARDS_MAX 16
#define INBOX_MAX 16384

struct hub {
    struct hub_settings settings; /* with copies of its data, except the key ring and the secret */
    struct client_limits limits;
    struct client_counters client_counters;
    struct live_counters counters;
    struct hub_shard shards[SHARDS_MAX]; /* settings.shards of them */
    struct unjoined *unjoined;
    atomic_bool stopping;
};

/* ---- sockets that have not joined ---- */

/* Counts it, 0 when it is refused. When another one gives way to it, their number stays. */
static int64_t count_unjoined(struct hub *h, const char *address, int shard)
{
    struct unjoined_one victim;
    int64_t id = 0;

    if (atomic_load(&h->client_counters.sockets) >= h->settings.max_sockets ||
        !unjoined_enter(h->unjoined, address, shard, &id, &victim))
        return 0;
    if (victim.id)
        shard_give_way(h->shards[victim.shard].thread, victim.id);
    else
        atomic_fetch_add(&h->counters.unjoined, 1);
    return id;
}

static void on_joined(void *ctx, int64_t unjoined)
{
    struct hub *h = ctx;

    if (unjoined_leave(h->unjoined, unjoined))
        atomic_fetch_sub(&h->counters.unjoined, 1);
}

/* ---- which shard ---- */

static int shard_of(const struct hub *h, const char *text)
{
    return live_shard_of_room(&h->shards[0].live, text);
}

/* Rooms live where their id says; dashboards are spread. */
enum err_code hub_adopt(struct hub *h, int fd, const char *room, const char *key, const char *address)
{
    bool dashboard = strcmp(room, TOKEN_DASHBOARD) == 0;
    int64_t unjoined = 0;
    int shard;

    if (strlen(room) >= ID_SIZE || strlen(key) != WS_KEY_LEN) {
        close(fd);
        return ERR_INVALID;
    }
    shard = shard_of(h, dashboard ? key : room);
    if (!atomic_load(&h->stopping))
        unjoined = count_unjoined(h, address, shard);
    if (unjoined && shard_adopt(h->shards[shard].thread, fd, room, key, address, unjoined))
        return ERR_OK;
    close(fd);
    if (unjoined)
        on_joined(h, unjoined);
    return ERR_BUSY;
}

/* ---- calls to the shards ---- */

static void run_room_changed(struct live_shard *shard, void *arg)
{
    live_room_changed(shard, arg);
    mem_free(arg);
}

void hub_room_changed(struct hub *h, const struct room_rules *rules)
{
    (void)hub_shard_post(&h->shards[shard_of(h, rules->id)], true, run_room_changed, mem_copy(rules, sizeof *rules));
}

static void run_links_changed(struct live_shard *shard, void *arg)
{
    live_links_changed(shard, arg);
    mem_free(arg);
}

void hub_links_changed(struct hub *h, const struct room_rules *rules)
{
    (void)hub_shard_post(&h->shards[shard_of(h, rules->id)], true, run_links_changed, mem_copy(rules, sizeof *rules));
}

static void run_room_deleted(struct live_shard *shard, void *arg)
{
    live_room_deleted(shard, arg);
    mem_free(arg);
}

void hub_room_deleted(struct hub *h, const char *room_id)
{
    (void)hub_shard_post(&h->shards[shard_of(h, room_id)], true, run_room_deleted, mem_copy_text(room_id));
}

bool hub_has_place(struct hub *h, const struct hub_newcomer *n)
{
    return atomic_load(&h->stopping) || hub_ask_shard(&h->shards[shard_of(h, n->room_id)], n);
}

struct ended_link {
    char room_id[ID_SIZE], invitation_id[ID_SIZE];
};

static void run_invitation_ended(struct live_shard *shard, void *arg)
{
    const struct ended_link *l = arg;

    live_invitation_ended(shard, l->room_id, l->invitation_id);
    mem_free(arg);
}

void hub_invitation_ended(struct hub *h, const char *room_id, const char *invitation_id)
{
    struct ended_link *l = mem_new(sizeof *l);

    (void)str_copy(l->room_id, ID_SIZE, room_id);
    (void)str_copy(l->invitation_id, ID_SIZE, invitation_id);
    (void)hub_shard_post(&h->shards[shard_of(h, room_id)], true, run_invitation_ended, l);
}

static void run_session_ended(struct live_shard *shard, void *arg)
{
    live_session_ended(shard, arg);
    mem_free(arg);
}

void hub_session_ended(struct hub *h, const char *session_id)
{
    for (int i = 0; i < h->settings.shards; i++)
        (void)hub_shard_post(&h->shards[i], true, run_session_ended, mem_copy_text(session_id));
}

void hub_set_ring(struct hub *h, const struct key_ring *ring)
{
    atomic_store(&h->settings.ring, ring);
}

void hub_stats(struct hub *h, struct hub_stats *out)
{
    struct live_counters *c = &h->counters;
    struct client_counters *cc = &h->client_counters;

    *out = (struct hub_stats){
        .sockets = atomic_load(&cc->sockets),
        .unjoined = atomic_load(&c->unjoined),
        .rooms = atomic_load(&c->rooms),
        .seats_inside = atomic_load(&c->seats_inside),
        .seats_waiting = atomic_load(&c->seats_waiting),
        .dashboards = atomic_load(&c->dashboards),
        .messages_in = atomic_load(&cc->messages_in),
        .messages_out = atomic_load(&cc->messages_out),
        .relayed = atomic_load(&c->relayed),
        .refused = atomic_load(&c->refused),
        .slow_closed = atomic_load(&cc->slow_closed),
        .queued_bytes = atomic_load(&cc->queued_bytes),
        .kept_bytes = atomic_load(&cc->kept_bytes),
    };
}

/* ---- life ---- */

static void copy_settings(struct hub *h, const struct hub_settings *from)
{
    size_t urls = 0;
    char **copy;

    h->settings = *from;
    h->limits = (struct client_limits){
        .rate = { .per_s = from->rate_per_s, .burst = from->burst },
        .queue_bytes = from->socket_queue_bytes,
        .total_queue_bytes = from->total_queue_bytes,
    };
    h->settings.public_url = mem_copy_text(from->public_url);
    while (from->turn_urls && from->turn_urls[urls])
        urls++;
    copy = mem_new_array(urls + 1, sizeof(char *));
    for (size_t i = 0; i < urls; i++)
        copy[i] = mem_copy_text(from->turn_urls[i]);
    h->settings.turn_urls = (const char *const *)copy;
}

static void hub_free(struct hub *h)
{
    bool ran = true;

    while (ran) { /* calls left in one inbox may add some to another */
        ran = false;
        for (int i = 0; i < SHARDS_MAX; i++)
            ran |= h->shards[i].thread && shard_run_left(h->shards[i].thread);
    }
    for (int i = 0; i < SHARDS_MAX; i++)
        shard_free(h->shards[i].thread);
    for (size_t i = 0; h->settings.turn_urls[i]; i++)
        mem_free((void *)h->settings.turn_urls[i]);
    mem_free((void *)h->settings.turn_urls);
    mem_free((void *)h->settings.public_url);
    unjoined_free(h->unjoined);
    roster_free(h->counters.roster);
    mem_free(h);
}

/* Every open seat is present, as away, before anyone can ask for it. */
static void restore(struct hub *h, const struct seat *seats, size_t seat_count, const struct room_rules *rules,
                    size_t rule_count)
{
    for (size_t i = 0; i < rule_count; i++)
        room_view_set(&live_room_open(&h->shards[shard_of(h, rules[i].id)].live, rules[i].id)->room.view, &rules[i]);
    for (size_t i = 0; i < seat_count; i++) {
        struct live_shard *shard = &h->shards[shard_of(h, seats[i].room_id)].live;

        live_room_restore(live_room_open(shard, seats[i].room_id), &seats[i], live_shard_now_ms(shard));
    }
}

static void stop_shards(struct hub *h, int64_t deadline_ms)
{
    for (int i = 0; i < SHARDS_MAX; i++)
        if (h->shards[i].thread)
            shard_begin_stop(h->shards[i].thread, deadline_ms);
    for (int i = 0; i < SHARDS_MAX; i++)
        if (h->shards[i].thread)
            shard_join(h->shards[i].thread);
}

enum err_code hub_start(const struct hub_settings *settings, struct store_worker *worker, const struct seat *open_seats,
                        size_t seat_count, const struct room_rules *rules, size_t rule_count, struct hub **out,
                        struct err *e)
{
    struct hub *h = mem_new(sizeof *h);
    struct shard_settings thread = {
        .limits = &h->limits, .counters = &h->client_counters, .inbox_max = INBOX_MAX, .joined = on_joined, .ctx = h
    };
    enum err_code rc = ERR_OK;
    char epoch[ID_SIZE];

    copy_settings(h, settings);
    h->counters.roster = roster_new();
    h->unjoined = unjoined_new(settings->max_unjoined, settings->max_unjoined_per_address);
    crypto_new_id(epoch);
    if (settings->shards < 1 || settings->shards > SHARDS_MAX)
        rc = err_set(e, ERR_INVALID, "invalid", "signal_threads must be from 1 to %d", SHARDS_MAX);
    for (int i = 0; rc == ERR_OK && i < settings->shards; i++)
        rc = hub_shard_open(h->shards, i, settings->shards, &thread, &h->settings, &h->counters, worker, epoch, e);
    if (rc == ERR_OK)
        restore(h, open_seats, seat_count, rules, rule_count);
    for (int i = 0; rc == ERR_OK && i < settings->shards; i++)
        rc = shard_start(h->shards[i].thread, e);
    if (rc != ERR_OK) {
        stop_shards(h, 0);
        hub_free(h);
        return rc;
    }
    *out = h;
    return ERR_OK;
}

bool hub_alive(struct hub *h, int within_ms)
{
    int64_t since_ms = clock_mono_ms() - within_ms;

    for (int i = 0; i < h->settings.shards; i++)
        if (shard_turned_ms(h->shards[i].thread) < since_ms)
            return false;
    return true;
}

void hub_drain(struct hub *h, int deadline_ms)
{
    if (!atomic_exchange(&h->stopping, true))
        stop_shards(h, clock_mono_ms() + deadline_ms);
}

void hub_stop(struct hub *h, int deadline_ms)
{
    if (!h)
        return;
    hub_drain(h, deadline_ms);
    hub_free(h);
}
