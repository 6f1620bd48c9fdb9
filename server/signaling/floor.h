/* floor.h - everything one shard owns: its rooms, its connections and its dashboards, without the thread and the sockets
 * under them. Those are reached through struct floor_env, so tests and the fuzzer run a whole floor by hand.
 * One thread at a time: the shard's. */
#ifndef SIGNALING_FLOOR_H
#define SIGNALING_FLOOR_H

#include <stdatomic.h>
#include "signaling/hub.h"
#include "signaling/payload.h"
#include "signaling/peer.h"
#include "util/list.h"
#include "util/map.h"

#define FLOOR_RING_BYTES_MAX                                                                                           \
    (128 * 1024 * 1024) /* kept for resuming, all seats of a shard; beyond it only a little of each */

#define FLOOR_TICKS_PER_S 20 /* often and little: who speaks meanwhile waits for it */

struct place;

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
    /* This peer has something to be written, or is to be closed. */
    void (*wake)(void *ctx, struct peer *p);
    /* This peer is seated now, or gone: it no longer counts as unjoined. */
    void (*joined)(void *ctx, int64_t unjoined);
};

/* Shared by all shards. */
struct floor_counters {
    atomic_llong sockets, unjoined, rooms, seats_inside, seats_waiting, desks;
    struct roster *roster; /* open dashboards; NULL: not counted (a floor that is run by hand) */
    atomic_llong messages_in, messages_out, relayed, refused, slow_closed, queued_bytes;
    atomic_llong kept_bytes; /* not written yet, for seats without a connection */
};

struct floor {
    struct floor_env env;
    const struct hub_settings *settings; /* outlives the floor */
    struct floor_counters *counters;
    char epoch[ID_SIZE];    /* one run of the server */
    int64_t wall_offset_ms; /* wall clock at start - monotonic: the seats' clock never jumps */
    struct map places;      /* room id → struct place */
    struct list peers;      /* all connections */
    struct list hurried;    /* those that must join or close by a deadline */
    struct list late;       /* seats of which something is to be told (news.h) */
    uint32_t newcomers;     /* who asked for a seat so far */
    uint32_t news_turn;     /* lists of events so far */
    size_t ticked;          /* the places up to here had their turn */
    struct list watches;    /* dashboards that follow this shard's rooms (desk.h) */
    size_t ring_bytes;      /* kept in all rings */
    int64_t next_desk;      /* ids of dashboards whose home is here */
    struct map desks;       /* those dashboards, by the text of their id */
    bool draining;
};

void floor_init(struct floor *f, const struct floor_env *env, const struct hub_settings *settings,
                struct floor_counters *counters, const char *epoch);
void floor_clear(struct floor *f); /* every peer is gone before */

/* All queues together hold as much as they may, and a little of each is all that can stay. */
#define FLOOR_CROWDED_SHARE 16
bool floor_is_crowded(const struct floor *f);
/* The seats' clock: milliseconds since the epoch, but never jumping. */
int64_t floor_now_ms(const struct floor *f);
/* Deadlines, away seats, rings nobody will ask for any more. FLOOR_TICKS_PER_S times a second; of very many places, each has
 * its turn every second or so. */
void floor_tick(struct floor *f);
/* An `error` to send; counted as a message that was refused. The caller owns the reference. */
struct payload *floor_error(struct floor *f, const char *code, const char *detail, const char *of, int64_t n);
/* bye `restarting`, 1012, for everyone; nobody is let in any more. */
void floor_drain(struct floor *f);
void floor_session_ended(struct floor *f, const char *session_id);
/* After a committed change over the API. */
void floor_room_changed(struct floor *f, const struct room_rules *rules);
void floor_room_deleted(struct floor *f, const char *room_id);
void floor_invitation_ended(struct floor *f, const char *room_id, const char *invitation_id);
/* Would a guest who comes now find a place to wait? */
bool floor_has_place(struct floor *f, const struct hub_newcomer *n);
/* The shard that owns this room; the same for every floor. */
int floor_shard_of(const struct floor *f, const char *room_id);

#endif
