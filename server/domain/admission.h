/* admission.h - who may take a seat: one order of questions, one table of refusals. Nobody else decides it.
 *
 * It is asked three times on the way in, of the same facts: at the front door, which gives a token (JOIN); inside the write that
 * counts the use of a link (USE); and on the store's thread when the token is shown, before the seat is written (SEAT). A stage
 * leaves out what was answered before and cannot have changed, and what it cannot know.
 *
 * Facts are found out one by one: what a question needs and nobody has looked for yet is the answer (ADMISSION_NEEDS_…), so that
 * nothing is read, counted or compared for who is refused anyway.
 *
 * Pure: it reads nothing, writes nothing, and times come in (milliseconds since the epoch). Any thread. */
#ifndef DOMAIN_ADMISSION_H
#define DOMAIN_ADMISSION_H

#include <stdbool.h>
#include <stdint.h>
#include "domain/invite.h"
#include "domain/room_rules.h"
#include "domain/seat.h"
#include "domain/user.h"
#include "util/err.h"

#define ROOM_REENTRY_MS (5 * 60 * INT64_C(1000))       /* a lost seat is had back so long, without a new admission */
#define ADMISSION_ASK_AGAIN_MS (60 * INT64_C(1000))    /* denied or removed without a block: may ask again */
#define ADMISSION_PIN_MEMORY_MS (3600 * INT64_C(1000)) /* a wrong PIN counts so long */

enum admission_stage { ADMISSION_JOIN = 1, ADMISSION_USE = 2, ADMISSION_SEAT = 4 };

enum admission {
    ADMISSION_GRANTED,
    /* What is to be found out first. The caller does, takes it out of `unknown`, and asks again. */
    ADMISSION_NEEDS_SIGN_IN, /* signed_out */
    ADMISSION_NEEDS_RULES,   /* what the room's rules say: not_host, closed, and capacity and switches of the room */
    ADMISSION_NEEDS_SEAT,    /* the stored row, the room's open seat, hosts, host_lost_ms */
    ADMISSION_NEEDS_LINK,    /* link, link_gen, known_jar, another_jar, invitation_taken */
    ADMISSION_NEEDS_BLOCKS,  /* blocked_until_ms, link_blocked_until_ms */
    ADMISSION_NEEDS_PACE, /* nothing: the caller counts that somebody who had a seat asks again, and may refuse it itself */
    ADMISSION_NEEDS_JARS,   /* jars_open */
    ADMISSION_NEEDS_INSIDE, /* inside, hosts */
    ADMISSION_NEEDS_PLACES, /* door, for one who would wait */
    ADMISSION_NEEDS_NAME,   /* form: typed, host_names */
    ADMISSION_NEEDS_PIN, /* form: of_origin, of_room; when these do not lock it, the PIN was compared and counted: pin_right */
    ADMISSION_NEEDS_ARRIVAL, /* nothing: the caller counts one more who comes by the room's address, and may refuse it itself */
    ADMISSION_NEEDS_END,
    /* Refused. */
    ADMISSION_SIGNED_OUT = ADMISSION_NEEDS_END,
    ADMISSION_NOT_HOST_NOW, /* no longer */
    ADMISSION_NO_HOST_BY_ADMIN,
    ADMISSION_NO_CALL_FOR_DESK,
    ADMISSION_CLOSED,       /* by its address; the same for a room that is not there */
    ADMISSION_UNKNOWN_LINK, /* no such code, or another is in force by now */
    ADMISSION_LINK_REVOKED,
    ADMISSION_LINK_EXPIRED,
    ADMISSION_LINK_USED,
    ADMISSION_LINK_EARLY,
    ADMISSION_SEAT_OVER, /* the token was given for an earlier seat, or for a re-entry that is none any more */
    ADMISSION_BLOCKED,
    ADMISSION_TOO_SOON,
    ADMISSION_LINK_IN_USE, /* on as many devices as may be */
    ADMISSION_LOCKED,
    ADMISSION_ROOM_FULL, /* inside */
    ADMISSION_WAITING_FULL,
    ADMISSION_NAME_REQUIRED,
    ADMISSION_NAME_CLAIMS_ROLE,
    ADMISSION_NAME_TAKEN,
    ADMISSION_CONSENT_REQUIRED,
    ADMISSION_CONSENT_OUTDATED,
    ADMISSION_PIN_REQUIRED,
    ADMISSION_PIN_LOCKED,
    ADMISSION_PIN_WRONG,
    ADMISSIONS
};
#define ADMISSION_BIT(need) (1u << (need))
#define ADMISSION_EVERYTHING (ADMISSION_BIT(ADMISSION_NEEDS_END) - 2u) /* as `unknown`: each NEEDS_… */

/* Is there a place for one more who waits? See room_door(). */
struct door {
    bool full;
    bool gives_way; /* this seat ends as `expired` in the same decision: */
    struct seat leaver;
};

/* What a join rests on of the room, copied, so that it can be decided where the stored row is read. */
struct room_facts {
    int capacity, inside, hosts;
    ROOM_SWITCHES(ROOM_SWITCH_FIELD)
    int64_t host_lost_ms; /* struct room's, or what is stored of it */
    int64_t
        guest_since_ms; /* the last admission of a guest who is inside; 0: no guest is, or it does not matter yet (JOIN) */
    bool has_seat;      /* there is an open seat of this person: */
    struct seat seat;
    struct door door[2]; /* for a newcomer who is one of a crowd: [true], and for others: [false] */
};

/* What is asked of a guest on the page, and what was answered. Borrowed. */
struct admission_form {
    const char *typed;             /* the name, cleaned; NULL: none was given */
    const char *const *host_names; /* of the room's hosts; ends with NULL */
    bool compared;                 /* admission_compare_name() has judged it: */
    enum admission judged;
    bool asks_consent; /* the room has a text, of this version: */
    int64_t consent_version;
    int64_t consent_given; /* 0: none */
    bool has_pin;          /* the room has */
    bool pin_given;
    bool pin_right;
    int of_origin,
        of_room; /* wrong tries within ADMISSION_PIN_MEMORY_MS, before this one: by this link from this site, and at the room */
};

/* Who comes, and what is known of them. Zero in all that does not hold them off. */
struct room_join {
    struct seat as;         /* who: ids, name, role, name_from, crowd, gen of the token, ticket_hash */
    unsigned unknown;       /* a set of ADMISSION_BIT(): what nobody has looked for yet */
    bool signed_out;        /* the sign-in behind the token has ended */
    bool not_host;          /* role host: but the account does not host the room */
    bool closed;            /* the room does not let in by its address */
    enum user_role account; /* JOIN: who is signed in, beside being a guest; USER_ROLES: nobody */
    bool has_row;           /* no open seat, but a stored one from before: */
    struct seat row;
    int64_t blocked_until_ms;      /* this person, whatever they come with; 0 not */
    int64_t link_blocked_until_ms; /* whoever comes by this link */
    int64_t instance;              /* the page goes on, connections and all, as this instance; 0: it begins anew */
    bool back; /* the door took them for somebody who re-enters, and asked neither for PIN nor consent */
    const struct invite *link; /* as stored; borrowed. NULL: there is none, or nothing more is to be asked of it */
    int64_t link_gen;          /* of the code that was shown, or that the token was given for */
    bool known_jar;            /* this identity has used the link before */
    /* Of a one-person invitation; false of others: */
    bool another_jar;                  /* somebody else was the first to come with it */
    bool invitation_taken;             /* somebody else sits with it and is not marked: at most one ever does */
    int jars_open;                     /* others who sit with it */
    const struct admission_form *form; /* JOIN; borrowed */
};

/* Where one sits who is let in. */
struct admission_place {
    bool enters;   /* inside at once, else waits */
    bool reenters; /* was inside and lost a moment ago */
    bool marked;   /* as somebody with the link of another (same_invitation) */
    bool crowds;   /* takes a place among those who wait: a door must be open */
};

/* ADMISSION_GRANTED, something to be found out first, or the first reason against. */
enum admission admission_ask(enum admission_stage stage, const struct room_facts *f, const struct room_join *j,
                             int64_t now_ms);
static inline bool admission_needs(enum admission a)
{
    return a > ADMISSION_GRANTED && a < ADMISSION_NEEDS_END;
}

/* The words of a refusal, its code as it goes over the wire at this stage, and when to ask again. Returns the kind. `e` may be NULL. */
enum err_code admission_refuse(enum admission refusal, enum admission_stage stage, const struct room_join *j,
                               int64_t now_ms, struct err *e);

/* The code alone; NULL of one that is not given at this stage. */
const char *admission_code(enum admission refusal, enum admission_stage stage);

/* Only of somebody without an open seat. */
struct admission_place admission_place(const struct room_facts *f, const struct room_join *j, int64_t now_ms);

/* The seat goes on: it is open, or was lost so lately that its guest comes back without a new admission. */
bool admission_goes_on(const struct room_facts *f, const struct room_join *j, int64_t now_ms);

/* What the link is to whoever asks: to who has the seat of it, it is good. `j->link` is there. */
enum invite_state admission_link_state(const struct room_facts *f, const struct room_join *j, int64_t now_ms);

/* The name that a guest will have: what was typed, else that of the seat that goes on, else the link's; NULL: none. Borrowed. */
const char *admission_name(const struct room_facts *f, const struct room_join *j, int64_t now_ms,
                           enum seat_name_from *from);

/* Judges the name once typed and host_names are there. To compare names costs more than all other questions together, and they are asked
 * anew with each fact that is found. */
void admission_compare_name(const struct room_facts *f, const struct room_join *j, int64_t now_ms,
                            struct admission_form *form);

/* After so many wrong tries within ADMISSION_PIN_MEMORY_MS nothing more is compared. `by_address`: without a link. */
bool admission_pin_locked(bool by_address, int of_origin, int of_room);

/* Within ROOM_REENTRY_MS; at_ms 0: never. */
bool admission_lately(int64_t at_ms, int64_t now_ms);

/* The seat that this row was ended for want of a connection, a few minutes ago, while the visit goes on: whoever had it is no
 * newcomer, and comes back without a new admission. It goes on while a host is inside (`hosts`: how many), or was lost as lately
 * (`host_lost_ms`; 0: none was): a server that is away takes the seats of both, and picture and sound need no server. */
bool room_may_reenter(const struct seat *row, int hosts, int64_t host_lost_ms, int64_t now_ms);

#endif
