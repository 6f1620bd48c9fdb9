/* live_shard.h - what one shard knows: its rooms and its dashboards, and the clients of ws/client.h that are theirs. The thread below is
 * reached through struct floor_env, so tests and the fuzzer run it by hand (live.h says what may be done with it).
 * One thread at a time: the shard's. */
#ifndef LIVE_LIVE_SHARD_H
#define LIVE_LIVE_SHARD_H

#include <stdatomic.h>
#include "live/hub_settings.h"
#include "live/live_event.h"
#include "store/store_worker.h"
#include "util/list.h"
#include "util/map.h"
#include "ws/client.h"

#define FLOOR_RING_BYTES_MAX                                                                                           \
    (128 * 1024 * 1024) /* kept for resuming, all seats of a shard; beyond it only a little of each */

struct desk;

/* What the floor needs from below. Every pointer is set. */
struct floor_env {
    void *ctx;
    int shard, shards; /* which one this is, of how many */
    int64_t (*mono_ms)(void *ctx);
    int64_t (*wall_ms)(void *ctx);
    /* Any job for the store; `done` will be called on another thread. ERR_BUSY: nothing will be called. */
    enum err_code (*post_job)(void *ctx, const struct store_job *job);
    /* Any thread: runs fn(floor of that shard, arg) on its thread, later. `must`: also when the inbox is full (answers to what
     * we asked). False: full, and fn will not be called. */
    bool (*post)(void *ctx, int shard, bool must, void (*fn)(struct floor *f, void *arg), void *arg);
};

/* Shared by all shards. */
struct floor_counters {
    atomic_llong unjoined, rooms, seats_inside, seats_waiting, desks, relayed, refused;
    struct roster *roster; /* open dashboards; NULL: not counted (a shard that is run by hand) */
};

/* Where it goes what a client says. The client may be closing afterwards. */
struct live_handlers {
    void (*newcomer)(struct floor *f, struct client *c, const struct client_message *m); /* its first message */
    void (*seat)(struct seat_link *l, struct client *c, const struct client_message *m);
    void (*seat_lost)(struct seat_link *l); /* its client is gone */
    void (*desk)(struct desk *d, struct client *c, const struct client_message *m);
};

#define FLOOR_OBSERVERS_MAX 4

struct floor {
    struct floor_env env;
    const struct hub_settings *settings; /* outlives the floor */
    struct floor_counters *counters;
    struct clients *clients; /* outlive the floor */
    const struct live_handlers *handlers;
    struct client_owner door; /* owns the clients that have not said who they are */
    live_observer observers[FLOOR_OBSERVERS_MAX];
    int observer_count;
    char epoch[ID_SIZE];    /* one run of the server */
    int64_t wall_offset_ms; /* wall clock at start - monotonic: the seats' clock never jumps */
    struct map places;      /* room id → struct place */
    struct list unused;     /* those in which nobody is any more, until the end of this turn */
    struct list late;       /* seats of which something is to be told (news.h) */
    uint32_t newcomers;     /* who asked for a seat so far */
    uint32_t news_turn;     /* lists of events so far */
    size_t ticked;          /* the places up to here had their turn */
    struct list watches;    /* dashboards that follow this shard's rooms (desk.h) */
    size_t ring_bytes;      /* kept in all rings */
    int64_t next_desk;      /* ids of dashboards whose home is here */
    struct map desks;       /* those dashboards, by the text of their id */
    struct list desks_over; /* those whose client is gone, until the end of this turn */
    bool draining;
};

void floor_init(struct floor *f, const struct floor_env *env, const struct hub_settings *settings,
                struct floor_counters *counters, struct clients *clients, const struct live_handlers *handlers,
                const char *epoch);

/* The seats' clock: milliseconds since the epoch, but never jumping. */
int64_t floor_now_ms(const struct floor *f);
int64_t floor_mono_ms(const struct floor *f);
/* An `error` to send; counted as a message that was refused. The caller owns the reference. */
struct payload *floor_error(struct floor *f, const char *code, const char *detail, const char *of, int64_t n);
/* The join of this client is refused for a reason of REFUSALS (refusal.h): the error, then the close that belongs to it. */
void floor_refuse(struct floor *f, struct client *c, const char *reason, const char *detail);
/* Every event is told to `observer` from now on, and to those who came before it first. */
void floor_observe(struct floor *f, live_observer observer);
/* Returns how many people were told of it. */
int floor_publish(struct floor *f, const struct live_event *ev);
/* The shard that owns this room; the same for every floor. */
int floor_shard_of(const struct floor *f, const char *room_id);

#endif
