/* live_room.h - a live room on its shard: the room of domain/room.h, the sessions of its seats, and the
 * decisions under way (room_queue.h). On its shard's thread. */
#ifndef LIVE_LIVE_ROOM_H
#define LIVE_LIVE_ROOM_H

#include "domain/room.h"
#include "live/live_shard.h"
#include "live/seat_session.h"
#include "util/token_bucket.h"
#include "util/list.h"

struct room_work;

/* The shared pace of all waiting people in a room (coalesce.h). */
struct coalesce_budget {
    struct token_bucket told;   /* changes about them */
    struct token_bucket often;  /* chat of people who wrote something a moment ago, */
    struct token_bucket seldom; /* and of those who did not: they are heard despite a flood */
};

struct live_room {
    struct live_shard *shard;
    struct room room;
    struct list asked; /* struct room_work: decisions to come, in order */
    int asked_count;
    struct room_work *running;      /* its job is under way */
    struct coalesce_budget waiting; /* the shared pace of all waiting people */
    int64_t visit_ms; /* when the last visit began: two were inside, see room_together_ms() (wall clock); 0 none yet */
    int64_t positions_ms;   /* monotonic: when waiting people were last told that the queue had moved by itself */
    struct retired retired; /* once it has no seats and no decisions */
    bool deleted;           /* the room is no longer stored: it closes as soon as nothing is under way */
};

struct live_room *live_room_find(struct live_shard *shard, const char *room_id); /* NULL: not in use */
struct live_room *live_room_open(struct live_shard *shard, const char *room_id); /* makes it when absent */
/* Puts a stored seat back at the start. */
void live_room_restore(struct live_room *live, const struct seat *seat, int64_t now_ms);
/* If it has become empty, it can no longer be found, and it is freed at the end of the turn unless it is in use again. */
void live_room_release(struct live_room *live);
void live_room_free(struct live_room *live); /* at the end; nothing is under way */

/* Applies a decision, and adds its news to `ev`. Every member has its session afterwards. */
void live_room_apply(struct live_room *live, const struct room_decision *d, struct room_events *ev);

/* A host's seat whose user no longer hosts the room, as far as this shard knows its rules. */
bool live_room_was_host(const struct live_room *live, const struct seat *s);
/* Any other host's seat. */
bool live_room_is_host(const struct seat_session *seat);
/* What this seat allows now. */
permission_set live_room_may(const struct seat_session *seat);
/* Is that already the case, with nothing under way that could change it? */
bool live_room_is_locked(const struct live_room *live, bool locked);

#endif
