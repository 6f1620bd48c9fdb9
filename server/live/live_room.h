/* live_room.h - a room in motion on its shard: the room of domain/room.h, the sessions of those who sit in it, and what is being
 * decided (room_queue.h). On its shard's thread. */
#ifndef LIVE_LIVE_ROOM_H
#define LIVE_LIVE_ROOM_H

#include "domain/room.h"
#include "live/live_shard.h"
#include "live/seat_session.h"
#include "util/bucket.h"
#include "util/list.h"

struct room_work;

/* What all who wait in a room may make others hear (coalesce.h). */
struct coalesce_budget {
    struct bucket told;   /* what changed about them */
    struct bucket often;  /* chat of those who said something a moment ago, */
    struct bucket seldom; /* and of those who did not: they are heard beside those who flood */
};

struct live_room {
    struct live_shard *shard;
    struct room room;
    struct list asked; /* struct room_work: decisions to come, in order */
    int asked_count;
    struct room_work *running;      /* its job is under way */
    struct coalesce_budget waiting; /* what all who wait may make others hear */
    int64_t positions_ms; /* monotonic: when those who wait were last told that the line had moved by itself */
    struct list unused;   /* in shard.unused while nobody sits in it and nothing is decided */
    bool deleted;         /* the room is no longer stored: closes as soon as nothing is under way */
};

struct live_room *live_room_find(struct live_shard *f, const char *room_id); /* NULL: nobody is there */
struct live_room *live_room_open(struct live_shard *f, const char *room_id); /* makes it when absent */
/* Puts a stored seat back at the start. */
void live_room_restore(struct live_room *p, const struct seat *seat, int64_t now_ms);
/* Nobody may be there any more: then it is found no longer, and live_room_sweep() frees it. Until then whoever has it may use it. */
void live_room_release(struct live_room *p);
/* Between two turns, when nobody has a room in hand: frees those that were given up. */
void live_room_sweep(struct live_shard *f);
void live_room_free(struct live_room *p); /* at the end; nothing is under way */

/* Makes a decision true; what is to be told of it is added to `ev`. Every member has its session afterwards. */
void live_room_apply(struct live_room *p, const struct room_decision *d, struct room_events *ev);

/* A host's seat whose user no longer hosts the room, as far as its rules are known here. */
bool live_room_was_host(const struct live_room *p, const struct seat *s);
/* A host's seat that is none of those. */
bool live_room_is_host(const struct seat_session *l);
/* Is that so already, with nothing under way that could change it? */
bool live_room_is_locked(const struct live_room *p, bool locked);

#endif
