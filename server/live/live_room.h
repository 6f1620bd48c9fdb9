/* place.h - a room in motion on its shard: the room of domain/room.h, the connections of those who sit in it, and the decisions
 * that are being written. Decide, persist, announce: at most one job of a room is under way; what is asked meanwhile waits in
 * order, bounded. What is only relayed waits for nothing. On its shard's thread. */
#ifndef LIVE_LIVE_ROOM_H
#define LIVE_LIVE_ROOM_H

#include <stdbool.h>
#include <stdint.h>
#include "domain/room.h"
#include "live/live_shard.h"
#include "live/messages.h"
#include "live/kept.h"
#include "live/coalesce.h"
#include "ws/numbers.h"
#include "ws/client.h"
#include "ws/resume.h"
#include "util/list.h"

#define PLACE_WORK_MAX 64 /* decisions of a room that wait; more are answered `busy` */

struct work;

/* What may be done only so often within a minute, which begins with the first time. */
struct minute {
    int64_t from_ms; /* monotonic */
    int count;
};

static inline bool minute_allows(struct minute *m, int most, int64_t now_ms)
{
    if (now_ms - m->from_ms >= 60000)
        *m = (struct minute){ .from_ms = now_ms };
    return ++m->count <= most;
}

#define SEEN_BY_MAX (ROOM_P2P_MAX - 1)

/* The shard's side of an open seat: room_member.link. Lives as long as the member. */
struct seat_link {
    struct place *place;
    struct room_member *member;
    struct client_owner owner; /* of `client` */
    struct client *client;     /* NULL while away */
    struct resume queue;       /* its numbered messages */
    struct kept kept;          /* what was written to it and by it */
    int64_t added_ms;          /* monotonic: when the last one was added */
    struct numbers own;        /* the numbers of what it sends */
    int64_t used_ms;           /* monotonic: a host's sign-in was noted as in use */
    struct pace pace;          /* while away: that of its last connection, if `known` */
    struct minute again;       /* coming back */
    struct minute ice;         /* asking for relay credentials */
    struct seat_status status;
    struct news news;  /* what others heard of it, and when */
    size_t away_bytes; /* of `queue`, counted as kept for one who is away */
    /* Away, and what it had not been sent after this number was given up for want of memory; -1: nothing was. */
    int64_t missed_from;
    struct bucket chats; /* while waiting */
    int64_t chatted_ms;  /* monotonic: tried to say something while waiting; 0 never */
    /* While away: room_member.order of those inside who say that they still see and hear them; 0 nobody. */
    int64_t seen_by[SEEN_BY_MAX];
    int64_t seen_ms;  /* monotonic: when somebody last did; 0 never */
    bool known;       /* had a connection in this run of the server: its numbers mean something */
    bool confirm_due; /* resumed: its next message voids the older ticket */
};

struct place {
    struct floor *floor;
    struct room room;
    struct list asked; /* struct work: decisions to come, in order */
    int asked_count;
    struct work *running;       /* its job is under way */
    struct news_budget waiting; /* what all who wait may make others hear */
    int64_t positions_ms;       /* monotonic: when those who wait were last told that the line had moved by itself */
    bool deleted;               /* the room is no longer stored: closes as soon as nothing is under way */
};

struct place *place_find(struct floor *f, const char *room_id); /* NULL: nobody is there */
struct place *place_open(struct floor *f, const char *room_id); /* makes it when absent */
/* Puts a stored seat back at the start. */
void place_restore(struct place *p, const struct seat *seat, int64_t now_ms);
/* Gives up a place in which nobody sits and nothing is decided; `p` may be gone afterwards. */
void place_release(struct place *p);
void place_free(struct place *p); /* at the end; nothing is under way */

/* Takes `w`: runs it now or after what was asked before. When too much waits, it is answered `busy`. `p` may be gone afterwards. */
void place_ask(struct place *p, struct work *w);
/* The job of `p->running` has been committed, or has failed (its rc says). */
void place_work_done(struct place *p);

/* The connection of this seat is gone. */
void place_client_lost(struct seat_link *l);
/* The seat whose client this owner has. */
static inline struct seat_link *link_of_owner(struct client_owner *owner)
{
    return list_entry(owner, struct seat_link, owner);
}
/* Its status may have changed from `before`: tells who sees it, now or a little later (news.h). */
void place_status_changed(struct seat_link *l, const struct seat_status *before);

/* A host's seat whose user no longer hosts the room, as far as its rules are known here. */
bool place_was_host(const struct place *p, const struct seat *s);
/* A host's seat that is none of those. */
bool place_is_host(const struct seat_link *l);
/* Is that so already, with nothing under way that could change it? */
bool place_is_locked(const struct place *p, bool locked);
/* The page of `by` says whether picture and sound of `to`, whose connection is lost, still arrive. As long as they do, the seat is kept:
 * a call needs no server. One of the two is a host, so that guests keep nobody in a room but for a host. False: not so, nothing done. */
bool place_seen(struct seat_link *by, struct seat_link *to, bool seen);
/* Seats whose time without a connection is over; rings that nobody will ask for; sign-ins of hosts who are there. */
void place_tick(struct place *p, int64_t now_ms, int64_t mono_ms);
/* The room was deleted: everyone goes. `p` may be gone afterwards. */
void place_close(struct place *p);
/* This link was taken back: who waits by it goes, who is inside stays. */
void place_revoke(struct place *p, const char *invitation_id);
/* The rules changed outside (or by `room`): tells everyone. Older ones than those in force are ignored. */
void place_rules(struct place *p, const struct room_rules *rules);

/* The last number that was written to a connection of this seat. */
static inline int64_t link_sent_seq(const struct seat_link *l)
{
    return l->missed_from >= 0 ? l->missed_from : l->queue.sent_seq;
}

static inline struct seat_link *link_of(const struct room_member *m)
{
    return m->link;
}

#endif
