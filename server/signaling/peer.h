/* peer.h - one connection: what is to be written to it, how fast it may send, how it ends. It knows no socket: ws.c
 * feeds it and asks it for frames, tests do the same by hand. On its shard's thread. */
#ifndef SIGNALING_PEER_H
#define SIGNALING_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "domain/id.h"
#include "signaling/payload.h"
#include "signaling/resume.h"
#include "util/list.h"

struct floor;
struct seat_link;
struct desk;
struct work;

enum peer_phase {
    PEER_NEW,     /* no `join` yet */
    PEER_JOINING, /* its join is being written */
    PEER_SEATED,  /* `link` or `desk` is set */
    PEER_CLOSING, /* says what is left, then closes */
};
enum close_code { /* RFC 6455 §7.4, and our own from 4400 */
                  CLOSE_NORMAL = 1000,
                  CLOSE_PROTOCOL = 1002,
                  CLOSE_BINARY = 1003,
                  CLOSE_NOT_UTF8 = 1007,
                  CLOSE_POLICY = 1008,
                  CLOSE_TOO_BIG = 1009,
                  CLOSE_RESTART = 1012,
                  CLOSE_BUSY = 1013,
                  CLOSE_AUTH = 4401,
                  CLOSE_REFUSED = 4403,
                  CLOSE_OVER = 4404,
                  CLOSE_NO_JOIN = 4408,
                  CLOSE_REPLACED = 4409,
                  CLOSE_FLOODING = 4429,
};

/* How fast it sends. A seat takes it along from one connection to the next. */
struct pace {
    double tokens, byte_tokens, chat_tokens; /* what may still be sent before it is too fast */
    int64_t refilled_ms;                     /* monotonic */
    int dropped;                             /* messages over the rate since it last kept to it */
    bool told;                               /* that it is too fast */
};

struct peer {
    struct list here;    /* in its floor's list of peers */
    struct list hurried; /* in its floor's list of those with a deadline */
    struct floor *floor;
    void *socket;             /* what ws.c has of it; NULL in tests and once it is closed */
    char room[ID_SIZE];       /* of the path: a room's id or "@desk" */
    char session_id[ID_SIZE]; /* the sign-in that made its token, or "" */
    char *address;            /* owned until it is seated or gone */
    int64_t unjoined;         /* until then: its id among the sockets that have not joined; 0 none */
    enum peer_phase phase;
    uint16_t close_code;    /* while PEER_CLOSING */
    bool drop;              /* close without writing what waits: it reads too slowly */
    bool overdue;           /* the last words were not read in time: cut it */
    struct seat_link *link; /* its seat, or NULL */
    struct desk *desk;      /* its dashboard, or NULL */
    struct work *work;      /* PEER_JOINING: what it waits for, or NULL */
    struct resume *queue;   /* numbered messages, owned by link or desk; &rest while closing; NULL before */
    struct resume rest;     /* while closing: what was not written yet */
    uint32_t owed;          /* messages that waited in `queue` when it was seated and are not written yet, */
    size_t owed_bytes;      /* and their bytes: whoever resumes is not slow for what was said while they were away */
    struct payload *first;  /* before the numbered ones: welcome, or the error that refuses a join */
    struct payload *last;   /* after them: bye */
    struct pace pace;
    int64_t number;       /* the client's own, of the message that is being handled; 0: it has none */
    int64_t deadline_ms;  /* while `hurried`, monotonic: for `join`, later for the close */
    int64_t strike_ms[2]; /* the last two faults; 0 none */
};

struct peer *peer_new(struct floor *f, const char *room, const char *address, int64_t now_ms);
/* The socket is gone: leaves its seat or desk, frees. */
void peer_free(struct peer *p);

/* What ws.c asks when it may write: how much room the next frame needs at most, 0 when there is none; then the frame itself into
 * `to`, which holds that much. Returns its length. */
size_t peer_frame_room(const struct peer *p);
size_t peer_frame(struct peer *p, char *to);
/* Everything is said and it is to be closed: with which code? 0: not yet. */
int peer_close_due(const struct peer *p);

/* It has its seat (or dashboard), whose numbered messages come from `queue`, and `welcome` first; takes that reference. */
void peer_seat(struct peer *p, struct resume *queue, struct payload *welcome);
/* Asks to be written to. */
void peer_wake(struct peer *p);
/* Its join is refused for a reason of REFUSALS (refusal.h): an unnumbered error, then the close that belongs to it. */
void peer_refuse(struct peer *p, const char *reason, const char *detail);
/* Ends the connection: says bye (reason NULL: without), then closes. Leaves its seat (which becomes away unless it has ended).
 * Harmless when it is closing already. */
void peer_close(struct peer *p, enum close_code code, const char *bye_reason);
/* The same with a bye of the caller's making, or NULL; takes the reference. */
void peer_end(struct peer *p, enum close_code code, struct payload *bye);
/* A numbered message was added to its queue: written soon, or closed as too slow. */
void peer_queued(struct peer *p);
/* One that is hurried: joins too late; last words that nobody reads. */
void peer_tick(struct peer *p, int64_t now_ms);

enum peer_pace {
    PACE_OK,
    PACE_TOO_FAST, /* tell it, and set pace.told */
    PACE_DROP,     /* told already */
    PACE_FLOODING,
};
/* A message of `len` bytes arrived. */
enum peer_pace peer_pace(struct peer *p, size_t len, int64_t now_ms);
bool peer_chat_allowed(struct peer *p);
/* A fault: true at the third within a minute. */
bool peer_strike(struct peer *p, int64_t now_ms);

#endif
