/* room.h - a room in use: who is inside, who is waiting, who may decide what, and who must be told.
 *
 * A functional core in two steps. room_decide() and room_decide_join() compute from a room that they only read what should
 * become true: full new seat rows. The caller makes that durable. room_apply() then makes it true here and lists who must be
 * told what. Between the two only connections may come and go (room_lost()); whatever else is decided waits.
 *
 * It is no store, no protocol and no clock: it sends nothing, writes nothing, and times come in (`now_ms`: milliseconds since
 * the epoch on a clock that never jumps). A room is touched by one thread at a time. */
#ifndef DOMAIN_ROOM_H
#define DOMAIN_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "domain/admission.h"
#include "domain/room_rules.h"
#include "domain/seat.h"
#include "util/err.h"
#include "util/ip.h"

#define ROOM_SEATS_MAX 256                          /* open seats of a room, but hosts come all the same */
#define ROOM_CROWD_MAX 192                          /* of these, who waits by links for several and by the address */
#define ROOM_LINK_MAX 96                            /* of the crowd, by one link */
#define ROOM_SITE_MAX 48                            /* of the crowd, from one site */
#define ROOM_AWAY_MS (120 * INT64_C(1000))          /* an inside seat is kept so long without a connection */
#define ROOM_WAIT_AWAY_MS (15 * 60 * INT64_C(1000)) /* a waiting one */
#define ROOM_BLOCK_MS (24 * 3600 * INT64_C(1000))

/* The rules that a running room needs; a lean copy of struct room_rules (no consent text, names as long as they are). */
struct room_view {
    char id[ID_SIZE];
    char *name, *slug;      /* owned */
    char (*hosts)[ID_SIZE]; /* owner first, then co-hosts; owned */
    int host_count;
    enum room_kind kind;
    int capacity; /* how many may be inside or away */
    ROOM_SWITCHES(ROOM_SWITCH_FIELD)
    int64_t revision; /* 0: the rules are not known yet */
};
/* Copies. Also for a view that holds older rules. */
void room_view_set(struct room_view *v, const struct room_rules *rules);
void room_view_clear(struct room_view *v);
bool room_view_is_host(const struct room_view *v, const char *user_id);

/* One person with an open seat. Readable by everyone, changed only by this module (but `link`). */
struct room_member {
    struct seat seat; /* state with or without "away", as it is now */
    bool connected;
    int64_t order;           /* rises with each entry and each reload: of a pair, the later one makes the first offer */
    int position;            /* in the queue as last told, from 1; 0 inside */
    char *text;              /* the host's words to one who waits or has been sent away, or NULL; owned */
    void *link;              /* the caller's; never looked at here */
    char site[IP_SITE_SIZE]; /* where its last connection came from (ip_home()); the caller's; "" not known */
    /* Scratch of room_apply(): */
    enum seat_state before;
    const struct room_change *change;
};

struct room {
    struct room_view view;
    struct room_member **members; /* in order of arrival; owned */
    size_t count, cap;
    int64_t next_order;
    /* When a host's seat was last ended for want of a connection; 0: since then a host has come in, or ended the visit. */
    int64_t host_lost_ms;
    bool positions_due; /* somebody who waits went away or came back: room_positions() has something to tell */
};

void room_init(struct room *r, const char *id); /* empty, rules not known yet */
void room_clear(struct room *r);
struct room_member *room_find(const struct room *r, const char *participant_id); /* NULL */
int room_inside(const struct room *r);                                           /* inside or away */
int room_hosts_inside(const struct room *r);
/* Puts a stored open seat back after a restart, away since now_ms. */
struct room_member *room_restore(struct room *r, const struct seat *seat, int64_t now_ms);

/* May `viewer` know of `subject`? NULL viewer: the front desk, who sees everyone. Never true of oneself. */
bool room_sees(const struct room_member *viewer, const struct room_member *subject);
/* Both inside: does `a` make the first offer to `b`? */
bool room_offers(const struct room_member *a, const struct room_member *b);

/* ---- deciding ---- */

enum room_verb {
    ROOM_JOIN,
    ROOM_RESUME,
    ROOM_CONFIRM,
    ROOM_ADMIT,
    ROOM_DENY,
    ROOM_HOLD,
    ROOM_RETURN,
    ROOM_REMOVE,
    ROOM_LEAVE,
    ROOM_END,
    ROOM_TIMEOUT,
    ROOM_HOST_GONE,
    ROOM_LET_IN,
    ROOM_REVOKE,
    ROOM_CLOSE,
    ROOM_VERBS
};
/* What whoever asks may do here. */
enum room_right {
    RIGHT_SEAT,   /* a guest: only with the own seat */
    RIGHT_HOST,   /* a host, by seat or at the dashboard */
    RIGHT_DESK,   /* the front desk: hold, deny, return */
    RIGHT_SYSTEM, /* time, a restart, a deleted room */
};
struct room_request {
    enum room_verb verb;
    enum room_right right;
    char by[ID_SIZE];                   /* participant, user or "system" */
    char participant[ID_SIZE];          /* whom it is about; "" for END, HOST_GONE, LET_IN, REVOKE, CLOSE */
    bool block;                         /* DENY, REMOVE */
    const char *text;                   /* words to the guest, or NULL; borrowed */
    bool beside;                        /* ADMIT: also where another guest is inside; they meet */
    bool instead;                       /* ADMIT: the visit of the guests inside ends first; not with `beside` */
    uint8_t ticket_hash[HASH_BYTES];    /* RESUME: the new ticket */
    uint8_t presented_hash[HASH_BYTES]; /* RESUME: the one that was shown */
    char invitation_id[ID_SIZE];        /* REVOKE: whoever waits by this goes */
};
struct room_change {
    struct seat seat; /* the row to be: state WAITING, INSIDE or ENDED (being away is not stored) */
    enum seat_event why;
    const char *reason; /* for those who are told: "returned", "host_left", … or NULL; static text */
};
struct room_decision {
    enum room_verb verb;
    char by[ID_SIZE];
    bool block;
    int64_t host_lost_ms;        /* JOIN of one who re-enters to a host who is lost as well: since when; else 0 */
    bool host_left;              /* the last host goes, and guests go back to waiting; who was lost before as well */
    bool ends_visit;             /* everyone inside, or every guest, goes: it is recorded as the end of a visit */
    char *text;                  /* owned; NULL none */
    struct room_change *changes; /* owned; may be empty: nothing to do */
    size_t count, cap;
};
void room_decision_clear(struct room_decision *d);

/* ERR_FORBIDDEN "forbidden", ERR_NOT_FOUND "not_found" (nobody under this id in the state that it needs), ERR_CONFLICT
 * "guest_inside" (ADMIT that says neither `beside` nor `instead`: room_meets() tells whom they would meet), ERR_LIMIT
 * "room_full" (ADMIT), ERR_AUTH "bad_ticket" (RESUME). On an error the decision is empty. The caller clears it in every
 * case. */
MUST_CHECK enum err_code room_decide(const struct room *r, const struct room_request *q, int64_t now_ms,
                                     struct room_decision *out, struct err *e);

/* Would this guest, once admitted, meet `other`: another guest, inside or away, whose seat the admission does not end? */
bool room_meets(const struct room_member *guest, const struct room_member *other);

/* Is this the hash of the seat's ticket in force, or of the one before while that is good? Constant time. */
bool room_ticket_fits(const struct seat *s, const uint8_t hash[HASH_BYTES]);

/* Is there a place for one more who waits? A room, what comes by one link for several, and what comes from one site have each so many
 * places (ROOM_SEATS_MAX and below). When they are taken, whoever has been gone the longest gives way, but nobody for one of a
 * crowd who is none of it; a guest by a link of their own finds a place as long as anybody is gone or the crowd is not full.
 * `invitation_id` "" by the address; `site` by ip_home(), "" not known. */
void room_door(const struct room *r, bool crowd, const char *invitation_id, const char *site, struct door *out);

/* `door` is the caller's to fill. */
void room_facts(const struct room *r, const char *participant_id, struct room_facts *out);
/* A guest waits, or enters when there is no waiting room and a host is inside; a host enters. An open seat is taken over as it
 * is (instance + 1, unless the page goes on as the last one). Errors as admission_ask() says for the SEAT stage; everything that it
 * asks is known. */
MUST_CHECK enum err_code room_decide_join(const struct room_facts *f, const struct room_join *j, int64_t now_ms,
                                          struct room_decision *out, struct err *e);

/* ---- making true, and telling ---- */

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
    struct room_member **gone; /* seats that ended: no longer in the room, freed by room_events_clear() */
    size_t gone_count, gone_cap;
};
void room_events_clear(struct room_events *ev);

/* Appends to `ev`. Whoever joins or resumes gets no event of it: they get the whole picture. */
void room_apply(struct room *r, const struct room_decision *d, struct room_events *ev);
/* The connection of a member is gone: away. Nothing to be stored. Harmless when it was away already. */
void room_lost(struct room *r, struct room_member *m, int64_t now_ms, struct room_events *ev);
/* `news` of `m`, as it is now, to all who see it. */
void room_tell(struct room *r, struct room_member *m, enum room_news news, struct room_events *ev);
/* Places in the queue count who is connected. When somebody goes away or comes back, those behind are told of their new places
 * here and not at once: a line that comes and goes must not speak to everybody each time. The caller chooses the pace. */
void room_positions(struct room *r, struct room_events *ev);
/* Something that others see of `m` changed (its status): NEWS_CHANGED to all who see it. */
void room_changed(struct room *r, struct room_member *m, struct room_events *ev);
/* The last host inside was lost for want of a connection, and so long ago that nobody counts on them any more: the guests inside
 * are to be sent back to waiting (ROOM_HOST_GONE). */
bool room_host_gone(const struct room *r, int64_t now_ms);
/* When the seat of this member ends for want of a connection; INT64_MAX while connected. */
int64_t room_away_deadline_ms(const struct room_member *m);

#endif
