/* seat_session.h - a seat as its shard has it: its client, the numbered messages to it, what is kept of it. It decides nothing and
 * sees no other seat. On its shard's thread. */
#ifndef LIVE_SEAT_SESSION_H
#define LIVE_SEAT_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include "domain/room.h"
#include "live/kept.h"
#include "live/live_shard.h"
#include "live/messages.h"
#include "util/bucket.h"
#include "ws/client.h"
#include "ws/numbers.h"
#include "ws/resume.h"

struct live_room;

/* What others heard of a seat, and when (coalesce.h). */
struct coalesce {
    struct list late; /* in shard.late while something is to be told */
    int64_t next_ms;  /* monotonic: not before this */
    int64_t instance; /* as last told */
    uint32_t turn;    /* of the last list of events in which it was asked for, */
    bool pass;        /* and whether it was told then */
    bool away;        /* as last told */
};

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
struct seat_session {
    struct live_shard *shard;
    struct live_room *room;
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
    struct coalesce coalesce; /* what others heard of it, and when */
    size_t away_bytes;        /* of `queue`, counted as kept for one who is away */
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

/* The session of a member who has none yet; the member's `link` from now on. */
struct seat_session *seat_session_new(struct live_shard *f, struct live_room *p, struct room_member *m);
/* The seat is over, and with it what was kept for it. Its client is nobody's before. NULL is fine. */
void seat_session_free(struct seat_session *l);

/* A numbered message to the seat, connected or not; takes the reference. */
void seat_session_say(struct seat_session *l, struct payload *said);
/* Nobody is connected there any more, or nobody was: when all together wait for too much, the seat misses what it has not been sent, and
 * gets a fresh picture instead. */
void seat_session_keep_for_later(struct seat_session *l);
/* So many bytes wait for one who is away: that is memory as well. */
void seat_session_count_away(struct seat_session *l, size_t bytes);

/* The last number that was written to a connection of this seat. */
static inline int64_t seat_session_sent_seq(const struct seat_session *l)
{
    return l->missed_from >= 0 ? l->missed_from : l->queue.sent_seq;
}

static inline struct seat_session *seat_session_of(const struct room_member *m)
{
    return m->link;
}

/* The seat whose client this owner has. */
static inline struct seat_session *seat_session_of_owner(struct client_owner *owner)
{
    return list_entry(owner, struct seat_session, owner);
}

#endif
