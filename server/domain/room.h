/* room.h - a room in use: the people inside and waiting, who may decide what, and who must be told.
 *
 * A functional core in two steps. room_decide() and room_decide_join() only read a room and compute its next state: full new
 * seat rows. The caller makes them durable. room_apply() then applies them here and lists who must be told what. Between the two
 * only connections may come and go (room_lost()); all other decisions wait.
 *
 * It is not a store, a protocol or a clock: it sends nothing, writes nothing, and times come in (`now_ms`: milliseconds since
 * the epoch on a clock that never jumps). A room is touched by one thread at a time. */
#ifndef DOMAIN_ROOM_H
#define DOMAIN_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "domain/admission.h"
#include "domain/permission.h"
#include "domain/room_rules.h"
#include "domain/seat.h"
#include "util/err.h"
#include "util/ip.h"

#define ROOM_SEATS_MAX 256                 /* open seats of a room; hosts may exceed it */
#define ROOM_CROWD_MAX 192                 /* of these, waiting by links for several and by the address (the crowd) */
#define ROOM_LINK_MAX 96                   /* of the crowd, by one link */
#define ROOM_SITE_MAX 48                   /* of the crowd, from one site */
#define ROOM_AWAY_MS (120 * INT64_C(1000)) /* how long an inside seat is kept without a connection */
#define ROOM_WAIT_AWAY_MS (15 * 60 * INT64_C(1000)) /* the same for a waiting seat */
#define ROOM_BLOCK_MS (24 * 3600 * INT64_C(1000))

/* The rules that a running room needs; a lean copy of struct room_rules (no consent text, names at their actual length). */
struct room_view {
    char id[ID_SIZE];
    char *name, *slug;      /* owned */
    char (*hosts)[ID_SIZE]; /* owner first, then co-hosts; owned */
    int host_count;
    enum room_kind kind;
    int capacity; /* how many may be inside or away */
    ROOM_SWITCHES(ROOM_SWITCH_FIELD)
    int64_t revision; /* 0: the rules are not yet known */
};
/* Copies. `v` may already hold older rules. */
void room_view_set(struct room_view *v, const struct room_rules *rules);
void room_view_clear(struct room_view *v);
enum room_part room_view_part(const struct room_view *v, const char *user_id);

/* One person with an open seat. Readable by everyone, changed only by this module (except `link`). */
struct room_member {
    struct seat seat; /* current state, "away" included */
    bool connected;
    int64_t order;           /* rises with each entry and each reload: in a pair, the later one makes the first offer */
    int position;            /* in the queue as last told, from 1; 0 inside */
    char *text;              /* the host's message to a person who waits or was sent away, or NULL; owned */
    void *link;              /* belongs to the caller; not used here */
    char site[IP_SITE_SIZE]; /* origin of its last connection (ip_home()); belongs to the caller; "" unknown */
    enum seat_state before;  /* the last decision; SEAT_NONE: it came with it */
    /* Scratch of room_apply(): */
    const struct room_change *change;
};

struct room {
    struct room_view view;
    struct room_member **members; /* in order of arrival; owned */
    size_t count, cap;
    int64_t next_order;
    /* When a host's seat last ended because its connection was lost; 0: since then a host has come in, or has ended the visit. */
    int64_t host_lost_ms;
    bool positions_due; /* a waiting person went away or came back: room_positions() has news */
};

void room_init(struct room *r, const char *id); /* empty, rules not yet known */
void room_clear(struct room *r);
struct room_member *room_find(const struct room *r, const char *participant_id); /* NULL */
int room_inside(const struct room *r);                                           /* inside or away */
int room_hosts_inside(const struct room *r);
/* When two were inside for the first time, one of them a guest if there is one (wall clock); 0: fewer than two are inside. */
int64_t room_together_ms(const struct room *r);
/* Puts a stored open seat back after a restart, away since now_ms. */
struct room_member *room_restore(struct room *r, const struct seat *seat, int64_t now_ms);
/* One that is no longer in its room, and belongs to the caller. */
void room_member_free(struct room_member *m);

/* May `viewer` know of `subject`? NULL viewer: the front desk, which sees everyone. Never true for oneself. */
bool room_sees(const struct room_member *viewer, const struct room_member *subject);
/* Both inside: does `a` make the first offer to `b`? */
bool room_offers(const struct room_member *a, const struct room_member *b);

/* ---- deciding ---- */

#define ROOM_VERB(permission, verb, ...) verb,
/* What a room decides: what people ask for (permission.h), and what only the server does. */
enum room_verb {
    ROOM_JOIN,
    ROOM_RESUME,
    ROOM_CONFIRM,
    PERMISSIONS_DECIDED(ROOM_VERB) ROOM_TIMEOUT,
    ROOM_HOST_GONE,
    ROOM_LET_IN,
    ROOM_REVOKE,
    ROOM_CLOSE,
    ROOM_VERBS
};
/* The decision that a message with this permission asks for; ROOM_VERBS: none. */
enum room_verb room_verb_of(enum permission may);

struct room_request {
    enum room_verb verb;
    permission_set may;                 /* of the person who asks; not looked at `by_system` */
    char by[ID_SIZE];                   /* participant, user or "system" */
    char participant[ID_SIZE];          /* the participant it is about; "" for END, HOST_GONE, LET_IN, REVOKE, CLOSE */
    bool block;                         /* DENY, REMOVE */
    const char *text;                   /* message to the guest, or NULL; borrowed */
    bool beside;                        /* ADMIT: even when another guest is inside; they meet */
    bool instead;                       /* ADMIT: the visit of the guests inside ends first; not with `beside` */
    uint8_t ticket_hash[HASH_BYTES];    /* RESUME: the new ticket */
    uint8_t presented_hash[HASH_BYTES]; /* RESUME: the one shown */
    char invitation_id[ID_SIZE];        /* REVOKE: people who wait by this one must leave */
    bool by_system;                     /* time, a restart, a deleted room */
};
struct room_change {
    struct seat seat; /* the new row: state WAITING, INSIDE or ENDED (away is not stored) */
    enum seat_event why;
    const char *reason; /* sent with the news: "returned", "host_left", … or NULL; static text */
};
struct room_decision {
    enum room_verb verb;
    char by[ID_SIZE];
    bool block;
    int64_t host_lost_ms; /* JOIN: a person re-enters to a host who is lost as well: since when; otherwise 0 */
    bool host_left;       /* the last host leaves, and guests go back to waiting; also those who were lost before */
    bool ends_visit;      /* everyone inside, or every guest, leaves: recorded as the end of a visit */
    char *text;           /* owned; NULL none */
    struct room_change *changes; /* owned; may be empty: nothing to do */
    size_t count, cap;
};
void room_decision_clear(struct room_decision *d);

/* ERR_FORBIDDEN "forbidden", ERR_NOT_FOUND "not_found" (nobody with this id in the required state), ERR_CONFLICT
 * "guest_inside" (ADMIT with neither `beside` nor `instead`: room_meets() tells whom they would meet), ERR_LIMIT
 * "room_full" (ADMIT), ERR_AUTH "bad_ticket" (RESUME). On an error the decision is empty. The caller clears it in every
 * case. */
MUST_CHECK enum err_code room_decide(const struct room *r, const struct room_request *request, int64_t now_ms,
                                     struct room_decision *out, struct err *e);

/* Would this guest, once admitted, meet `other`: another guest, inside or away, whose seat the admission does not end? */
bool room_meets(const struct room_member *guest, const struct room_member *other);

/* Is this the hash of the seat's current ticket, or of the previous one while that is valid? Constant time. */
bool room_ticket_fits(const struct seat *s, const uint8_t hash[HASH_BYTES]);

/* Is there a place for one more waiting person? A room, a link for several, and a site each have a number of places (ROOM_SEATS_MAX
 * and below). When they are taken, the person who has been gone the longest gives way, but for a newcomer in a crowd only others in
 * the crowd do; a guest by a personal link finds a place as long as anybody is gone or the crowd is not full.
 * `invitation_id` "" by the address; `site` by ip_home(), "" unknown. */
void room_door(const struct room *r, bool crowd, const char *invitation_id, const char *site, struct door *out);

/* The caller fills `door`. */
void room_facts(const struct room *r, const char *participant_id, struct room_facts *out);
/* A guest waits, or enters when there is no waiting room and a host is inside; a host enters. An open seat is taken over
 * unchanged (instance + 1, unless the page continues the last one). Errors of admission_ask() at the SEAT stage; all facts that it
 * needs must be known. */
MUST_CHECK enum err_code room_decide_join(const struct room_facts *f, const struct room_join *join, int64_t now_ms,
                                          struct room_decision *out, struct err *e);

/* ---- applying, and telling ------- */

enum room_news { NEWS_JOINED, NEWS_WAITING, NEWS_ADMITTED, NEWS_AWAY, NEWS_BACK, NEWS_CHANGED, NEWS_LEFT, ROOM_NEWS };
const char *room_news_name(enum room_news news);
enum room_event_kind {
    EVENT_PARTICIPANT, /* `to` (NULL: the front desk) is told `news` of `about` */
    EVENT_STATE,       /* `to`: your own state or place in the queue changed */
    EVENT_BYE,         /* `to`: your seat has ended */
};
struct room_event {
    enum room_event_kind kind;
    enum room_news news;
    struct room_member *to;
    struct room_member *about;
    const char *reason; /* or NULL; static text */
};
struct room_events {
    struct room_event *items;
    size_t count, cap;
    /* Seats that ended: no longer in the room. room_events_clear() frees them, unless the caller takes them over (gone_count = 0). */
    struct room_member **gone;
    size_t gone_count, gone_cap;
};
void room_events_clear(struct room_events *ev);

/* Appends to `ev`. A person who joins or resumes gets no event about it: they get the whole picture. */
void room_apply(struct room *r, const struct room_decision *d, struct room_events *ev);
/* The connection of a member is gone: away. Nothing has to be stored. Harmless when it was already away. */
void room_lost(struct room *r, struct room_member *m, int64_t now_ms, struct room_events *ev);
/* Adds `news` of the current `m` for everyone who sees it. */
void room_tell(struct room *r, struct room_member *m, enum room_news news, struct room_events *ev);
/* Places in the queue count connected people. When a person goes away or comes back, the people behind them are told of their new
 * places here and not at once: an unstable connection must not notify everybody each time. The caller chooses the pace. */
void room_positions(struct room *r, struct room_events *ev);
/* A visible part of `m` changed (its status): NEWS_CHANGED for everyone who sees it. */
void room_changed(struct room *r, struct room_member *m, struct room_events *ev);
/* The last host inside lost the connection so long ago that they are no longer expected: the guests inside must be sent
 * back to waiting (ROOM_HOST_GONE). */
bool room_host_gone(const struct room *r, int64_t now_ms);
/* When the seat of this member ends unless it gets a connection; INT64_MAX while connected. */
int64_t room_away_deadline_ms(const struct room_member *m);

#endif
