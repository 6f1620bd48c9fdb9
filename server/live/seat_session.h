/* seat_session.h - an open seat on its shard: its client, the numbered messages to it, the lines kept for it. It decides nothing and
 * sees no other seat. On its shard's thread. */
#ifndef LIVE_SEAT_SESSION_H
#define LIVE_SEAT_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include "domain/call_quality.h"
#include "domain/room.h"
#include "live/kept.h"
#include "live/live_shard.h"
#include "live/messages.h"
#include "util/token_bucket.h"
#include "ws/client.h"
#include "ws/numbers.h"
#include "ws/resume.h"

struct live_room;

/* What others were told about a seat, and when (coalesce.h). */
struct coalesce {
    struct list late; /* in shard.late while news is due */
    int64_t next_ms;  /* monotonic: not before this */
    int64_t instance; /* as last told */
    uint32_t turn;    /* of the last event list that asked for it, */
    bool pass;        /* and whether it was told then */
    bool away;        /* as last told */
};

/* Counts an action that is limited per minute, which begins with the first one. */
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

/* The shard's side of an open seat: room_member.link. */
struct seat_session {
    struct live_shard *shard;
    struct live_room *room;
    struct room_member *member;
    struct retired retired;      /* once the seat has ended */
    struct client_owner owner;   /* of `client` */
    struct client *client;       /* NULL while away */
    struct resume queue;         /* its numbered messages */
    struct kept kept;            /* lines written to it and by it */
    int64_t added_ms;            /* monotonic: when the last one was added */
    struct numbers own;          /* the numbers of its messages */
    int64_t used_ms;             /* monotonic: when a host's sign-in was last noted as in use */
    struct pace pace;            /* while away: from its last connection, if `known` */
    struct minute again;         /* coming back */
    struct minute ice;           /* asking for relay credentials */
    struct minute reports;       /* of the quality of the call, */
    int64_t visit_ms;            /* the visit that they belong to (live_room.visit_ms); 0 none yet */
    int64_t reported_ms;         /* wall clock: the first one in it, which begins the stretch; 0 none, */
    struct call_quality quality; /* and all of them together */
    struct seat_status status;
    struct coalesce coalesce; /* what others were told about it, and when */
    size_t away_bytes;        /* of `queue`, counted as kept for an away seat */
    /* While away: unsent messages after this number were dropped to save memory; -1: none were. */
    int64_t missed_from;
    struct token_bucket chats; /* while waiting */
    int64_t chatted_ms;        /* monotonic: last tried to send something while waiting; 0 never */
    /* While away: room_member.order of the people inside who report that they still see and hear this one; 0 nobody. */
    int64_t seen_by[SEEN_BY_MAX];
    int64_t seen_ms;  /* monotonic: when somebody last did; 0 never */
    bool signed_out;  /* its sign-in has ended: such reports no longer keep it */
    bool known;       /* had a connection in this run of the server: its numbers are valid */
    bool confirm_due; /* resumed: its next message voids the older ticket */
};

/* A new session for a member without one; it becomes the member's `link`. */
struct seat_session *seat_session_new(struct live_shard *shard, struct live_room *live, struct room_member *member);
/* The seat has ended, and its member has left the room: takes the member. Both are freed at the end of the turn, and may be read, or
 * written to in vain, until then. Its client must have no owner any more. */
void seat_session_end(struct seat_session *seat);
/* Only with its whole room, by live_room_free(). NULL is fine. */
void seat_session_free(struct seat_session *seat);

/* A numbered message to the seat, connected or not; takes the reference. */
void seat_session_say(struct seat_session *seat, struct payload *said);
/* The seat has no connection (any more): when too much waits for all seats together, this one loses its unsent messages, and gets a
 * fresh picture instead. */
void seat_session_keep_for_later(struct seat_session *seat);
/* Counts the bytes that wait for an away seat: they use memory as well. */
void seat_session_count_away(struct seat_session *seat, size_t bytes);

/* The last number written to a connection of this seat. */
static inline int64_t seat_session_sent_seq(const struct seat_session *seat)
{
    return seat->missed_from >= 0 ? seat->missed_from : seat->queue.sent_seq;
}

static inline struct seat_session *seat_session_of(const struct room_member *member)
{
    return member->link;
}

/* The seat of this owner. */
static inline struct seat_session *seat_session_of_owner(struct client_owner *owner)
{
    return list_entry(owner, struct seat_session, owner);
}

#endif
