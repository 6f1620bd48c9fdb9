/* live_shard.h - the state of one shard: its rooms, its dashboards, and their clients (ws/client.h). It reaches the thread below through
 * struct live_env, so tests and the fuzzer run it by hand (live.h has its operations).
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

/* Kept for resuming by all seats of a shard; beyond it each keeps LIVE_CROWDED_BYTES. */
#define LIVE_RING_BYTES_MAX (128 * 1024 * 1024)
#define LIVE_CROWDED_BYTES 8192

struct dashboard;
struct last_word;

/* Part of everything that can end while callers still hold it: it is freed at the end of the turn. Zeroed: in use. */
struct retired {
    struct list here; /* in shard.retired */
    void (*free)(struct retired *retired);
};

/* Functions that the shard needs from the layer below. Every pointer is set. */
struct live_env {
    void *ctx;
    int shard, shards; /* the number of this shard, and how many there are */
    int64_t (*mono_ms)(void *ctx);
    int64_t (*wall_ms)(void *ctx);
    /* Any job for the store; `done` will be called on another thread. ERR_BUSY: nothing will be called. */
    enum err_code (*post_job)(void *ctx, const struct store_job *job);
    /* Any thread: runs fn(live shard of that number, arg) on its thread, later. `must`: also when the inbox is full (answers to our
     * requests). False: full, and fn will not be called. */
    bool (*post)(void *ctx, int shard, bool must, void (*fn)(struct live_shard *there, void *arg), void *arg);
};

/* Shared by all shards. */
struct live_counters {
    atomic_llong unjoined, rooms, seats_inside, seats_waiting, dashboards, relayed, refused;
    struct roster *roster; /* open dashboards; NULL: not counted (a shard run by hand) */
};

/* The receiver of a client's messages. The client may be closing afterwards. */
struct live_handlers {
    void (*newcomer)(struct live_shard *shard, struct client *client,
                     const struct client_message *m); /* its first message */
    void (*seat)(struct seat_session *session, struct client *client, const struct client_message *m);
    void (*seat_lost)(struct seat_session *session); /* its client is gone */
    void (*last_word)(struct last_word *word, const struct client_message *m);
    void (*dashboard)(struct dashboard *dashboard, struct client *client, const struct client_message *m);
};

#define LIVE_OBSERVERS_MAX 4

struct live_shard {
    struct live_env env;
    const struct hub_settings *settings; /* outlives the shard */
    struct live_counters *counters;
    struct clients *clients; /* outlive the shard */
    const struct live_handlers *handlers;
    struct client_owner door; /* owns clients that have not said who they are */
    live_observer observers[LIVE_OBSERVERS_MAX];
    int observer_count;
    char epoch[ID_SIZE];    /* one run of the server */
    int64_t wall_offset_ms; /* wall clock at start - monotonic: the seats' clock never jumps */
    struct map rooms;       /* room id → struct live_room */
    struct list retired;    /* what has ended in this turn: rooms, seats, dashboards */
    struct list late;       /* seats with delayed news (coalesce.h) */
    uint32_t newcomers;     /* number of joins so far */
    uint32_t coalesce_turn; /* number of event lists so far */
    size_t ticked;          /* the rooms up to here have had their turn */
    struct list watches;    /* dashboards that follow this shard's rooms (dashboard.h) */
    size_t ring_bytes;      /* kept in all rings */
    int64_t next_dashboard; /* ids of dashboards whose home is here */
    struct map dashboards;  /* those dashboards, by their id as text */
    bool draining;
};

void live_shard_init(struct live_shard *shard, const struct live_env *env, const struct hub_settings *settings,
                     struct live_counters *counters, struct clients *clients, const struct live_handlers *handlers,
                     const char *epoch);

/* It has ended, and can no longer be found: free_it(retired) comes at the end of the turn. Until then callers may use it. Harmless when
 * it has retired already. */
void live_shard_retire(struct live_shard *shard, struct retired *retired, void (*free_it)(struct retired *retired));
/* Between two turns, when no code is using anything of the shard. */
void live_shard_end_turn(struct live_shard *shard);

/* The seats' clock: milliseconds since the epoch, but never jumping. */
int64_t live_shard_now_ms(const struct live_shard *shard);
int64_t live_shard_mono_ms(const struct live_shard *shard);
/* An `error` to send; counted as a refused message. The caller owns the reference. */
struct payload *live_shard_error(struct live_shard *shard, const char *code, const char *detail, const char *of,
                                 int64_t n);
/* Refuses the join of this client for a reason in REFUSALS (refusal.h): sends the error, then closes with its code. */
void live_shard_refuse(struct live_shard *shard, struct client *client, const char *reason, const char *detail);
/* From now on `observer` gets every event, after earlier observers. */
void live_shard_observe(struct live_shard *shard, live_observer observer);
/* Returns the number of people told. */
int live_shard_publish(struct live_shard *shard, const struct live_event *ev);
/* The number of the shard that owns this room; every shard says the same. */
int live_shard_of_room(const struct live_shard *shard, const char *room_id);

#endif
