/* live_room.h - a room in motion on its shard: the room of domain/room.h, the sessions of those who sit in it, and what is being
 * decided (room_queue.h). On its shard's thread. */
#ifndef LIVE_LIVE_ROOM_H
#define LIVE_LIVE_ROOM_H

#include "domain/room.h"
#include "live/live_shard.h"
#include "live/seat_session.h"
#include "util/bucket.h"
#include "util/list.h"

struct work;

/* What all who wait in a room may make others hear (coalesce.h). */
struct news_budget {
    struct bucket told;   /* what changed about them */
    struct bucket often;  /* chat of those who said something a moment ago, */
    struct bucket seldom; /* and of those who did not: they are heard beside those who flood */
};

struct place {
    struct floor *floor;
    struct room room;
    struct list asked; /* struct work: decisions to come, in order */
    int asked_count;
    struct work *running;       /* its job is under way */
    struct news_budget waiting; /* what all who wait may make others hear */
    int64_t positions_ms;       /* monotonic: when those who wait were last told that the line had moved by itself */
    struct list unused;         /* in floor.unused while nobody sits in it and nothing is decided */
    bool deleted;               /* the room is no longer stored: closes as soon as nothing is under way */
};

struct place *place_find(struct floor *f, const char *room_id); /* NULL: nobody is there */
struct place *place_open(struct floor *f, const char *room_id); /* makes it when absent */
/* Puts a stored seat back at the start. */
void place_restore(struct place *p, const struct seat *seat, int64_t now_ms);
/* Nobody may be there any more: then it is found no longer, and place_sweep() frees it. Until then whoever has it may use it. */
void place_release(struct place *p);
/* Between two turns, when nobody has a room in hand: frees those that were given up. */
void place_sweep(struct floor *f);
void place_free(struct place *p); /* at the end; nothing is under way */

/* Makes a decision true; what is to be told of it is added to `ev`. Every member has its session afterwards. */
void place_apply(struct place *p, const struct room_decision *d, struct room_events *ev);

/* A host's seat whose user no longer hosts the room, as far as its rules are known here. */
bool place_was_host(const struct place *p, const struct seat *s);
/* A host's seat that is none of those. */
bool place_is_host(const struct seat_link *l);
/* Is that so already, with nothing under way that could change it? */
bool place_is_locked(const struct place *p, bool locked);

#endif
