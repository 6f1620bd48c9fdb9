/* admission.h - the rules for taking a seat: one order of questions, one table of refusals. They are decided only here.
 *
 * It is asked three times, with the same kinds of facts: at the front door, which gives a token (JOIN); inside the write that
 * counts the use of a link (USE); and on the store's thread when the token is shown, before the seat is written (SEAT). A stage
 * skips questions that were answered before and cannot have changed, and those that it cannot answer.
 *
 * Facts are gathered one by one: when a question needs facts that are still unknown, they are the answer (ADMISSION_NEEDS_…), so
 * that nothing is read, counted or compared for a person who is refused anyway.
 *
 * Pure: it reads nothing, writes nothing, and times come in (milliseconds since the epoch). Any thread. */
#ifndef DOMAIN_ADMISSION_H
#define DOMAIN_ADMISSION_H

#include <stdbool.h>
#include <stdint.h>
#include "domain/invitation.h"
#include "domain/room_rules.h"
#include "domain/seat.h"
#include "domain/user.h"
#include "util/err.h"

#define ROOM_REENTRY_MS (5 * 60 * INT64_C(1000))       /* how long a lost seat needs no new admission */
#define ADMISSION_ASK_AGAIN_MS (60 * INT64_C(1000))    /* denied or removed without a block: may ask again after this */
#define ADMISSION_PIN_MEMORY_MS (3600 * INT64_C(1000)) /* how long a wrong PIN counts */

enum admission_stage { ADMISSION_JOIN = 1, ADMISSION_USE = 2, ADMISSION_SEAT = 4 };

enum admission {
    ADMISSION_GRANTED,
    /* Facts needed first. The caller gathers them, removes them from `unknown`, and asks again. */
    ADMISSION_NEEDS_SIGN_IN, /* signed_out */
    ADMISSION_NEEDS_RULES,   /* the room's rules: not_host, closed, and capacity and switches of the room */
    ADMISSION_NEEDS_SEAT,    /* the stored row, the room's open seat, hosts, host_lost_ms */
    ADMISSION_NEEDS_LINK,    /* link, link_gen, known_jar, another_jar, invitation_taken */
    ADMISSION_NEEDS_BLOCKS,  /* blocked_until_ms, link_blocked_until_ms */
    ADMISSION_NEEDS_PACE, /* no facts: the caller counts that a person who had a seat asks again, and may refuse by itself */
    ADMISSION_NEEDS_JARS,   /* jars_open */
    ADMISSION_NEEDS_INSIDE, /* inside, hosts */
    ADMISSION_NEEDS_PLACES, /* door, for a person who would wait */
    ADMISSION_NEEDS_NAME,   /* form: typed, host_names */
    ADMISSION_NEEDS_PIN, /* form: of_origin, of_room; unless these lock it, the PIN is compared and counted: pin_right */
    ADMISSION_NEEDS_ARRIVAL, /* no facts: the caller counts another arrival by the room's address, and may refuse by itself */
    ADMISSION_NEEDS_END,
    /* Refused. */
    ADMISSION_SIGNED_OUT = ADMISSION_NEEDS_END,
    ADMISSION_NOT_HOST_NOW, /* no longer a host */
    ADMISSION_NO_HOST_BY_ADMIN,
    ADMISSION_NO_CALL_FOR_DESK,
    ADMISSION_CLOSED,       /* by its address; the same for a missing room */
    ADMISSION_UNKNOWN_LINK, /* no such code, or the link has a new one */
    ADMISSION_LINK_REVOKED,
    ADMISSION_LINK_EXPIRED,
    ADMISSION_LINK_USED,
    ADMISSION_LINK_EARLY,
    ADMISSION_SEAT_OVER, /* the token is for an earlier seat, or for a re-entry that is no longer possible */
    ADMISSION_BLOCKED,
    ADMISSION_TOO_SOON,
    ADMISSION_LINK_IN_USE, /* on the maximum number of devices */
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

/* Is there a place for one more waiting person? See room_door(). */
struct door {
    bool full;
    bool gives_way; /* this seat ends as `expired` in the same decision: */
    struct seat leaver;
};

/* The room's facts that a join depends on, copied, so that it can be decided where the stored row is read. */
struct room_facts {
    int capacity, inside, hosts;
    ROOM_SWITCHES(ROOM_SWITCH_FIELD)
    int64_t host_lost_ms; /* from struct room, or from the store */
    /* The last admission of a guest who is inside; 0: no guest is, or it does not matter yet (JOIN). */
    int64_t guest_since_ms;
    bool has_seat; /* there is an open seat of this person: */
    struct seat seat;
    struct door door[2]; /* for a newcomer in a crowd: [true], for others: [false] */
};

/* The questions to a guest on the page, and the answers. Borrowed. */
struct admission_form {
    const char *typed;             /* the name, cleaned; NULL: none was given */
    const char *const *host_names; /* of the room's hosts; ends with NULL */
    bool compared;                 /* admission_compare_name() has judged it: */
    enum admission judged;
    bool asks_consent; /* the room has a text, of this version: */
    int64_t consent_version;
    int64_t consent_given; /* 0: none */
    bool has_pin;          /* the room has a PIN */
    bool pin_given;
    bool pin_right;
    /* Wrong attempts within ADMISSION_PIN_MEMORY_MS, before this one: by this link from this site, and at the room. */
    int of_origin, of_room;
};

/* The person who comes, and the facts about them. Zero means: no obstacle. */
struct room_join {
    struct seat as;         /* the person: ids, name, role, name_from, crowd, gen of the token, ticket_hash */
    unsigned unknown;       /* a set of ADMISSION_BIT(): facts not yet gathered */
    bool signed_out;        /* the sign-in behind the token has ended */
    bool not_host;          /* role host: but the account does not host the room */
    bool closed;            /* the room cannot be entered by its address */
    enum user_role account; /* JOIN: role of the signed-in user who comes as a guest; USER_ROLES: nobody is signed in */
    bool has_row;           /* no open seat, but an earlier one is stored: */
    struct seat row;
    int64_t blocked_until_ms;      /* this person, by any way in; 0: not blocked */
    int64_t link_blocked_until_ms; /* everybody who comes by this link */
    int64_t instance;              /* the page continues, with its connections, as this instance; 0: it begins anew */
    bool back; /* the front door treated them as re-entering, and asked for neither PIN nor consent */
    const struct invitation *link; /* as stored; borrowed. NULL: there is none, or it no longer matters */
    int64_t link_gen;              /* of the code shown, or of the link in the token */
    bool known_jar;                /* this identity has used the link before */
    /* Of a one-person invitation; otherwise false: */
    bool another_jar;                  /* another person was the first to use it */
    bool invitation_taken;             /* another person has a seat by it and is not marked: at most one ever does */
    int jars_open;                     /* other people with a seat by it */
    const struct admission_form *form; /* JOIN; borrowed */
};

/* The seat of a person who is let in. */
struct admission_place {
    bool enters;   /* inside at once, otherwise waiting */
    bool reenters; /* was inside and lost a moment ago */
    bool marked;   /* marked as using another person's link (same_invitation) */
    bool crowds;   /* takes a waiting place: a door must be open */
};

/* ADMISSION_GRANTED, facts needed first, or the first reason for a refusal. */
enum admission admission_ask(enum admission_stage stage, const struct room_facts *f, const struct room_join *join,
                             int64_t now_ms);
static inline bool admission_needs(enum admission a)
{
    return a > ADMISSION_GRANTED && a < ADMISSION_NEEDS_END;
}

/* The message of a refusal, its code on the wire at this stage, and when to ask again. Returns the kind. `e` may be NULL. */
enum err_code admission_refuse(enum admission refusal, enum admission_stage stage, const struct room_join *join,
                               int64_t now_ms, struct err *e);

/* The code alone; NULL for a refusal that does not occur at this stage. */
const char *admission_code(enum admission refusal, enum admission_stage stage);

/* Adds a block of this room to the facts; `as` has room, person and link. A guest cookie has a different participant id for each
 * link and for the room's address: all of them are one person. `guest_hash`: of the cookie; zeros when there is none. */
void admission_add_block(const uint8_t participant_key[KEY_BYTES], const uint8_t guest_hash[HASH_BYTES],
                         const struct block *block, struct room_join *join);

/* Only for a person without an open seat. */
struct admission_place admission_place(const struct room_facts *f, const struct room_join *join, int64_t now_ms);

/* The seat continues: it is open, or was lost so recently that its guest may come back without a new admission. */
bool admission_goes_on(const struct room_facts *f, const struct room_join *join, int64_t now_ms);

/* The state of the link for the asking person: for the owner of its seat it is good. `join->link` is not NULL. */
enum invitation_state admission_link_state(const struct room_facts *f, const struct room_join *join, int64_t now_ms);

/* The name that a guest will have: the typed one, otherwise that of the continued seat, otherwise the link's; NULL: none. Borrowed. */
const char *admission_name(const struct room_facts *f, const struct room_join *join, int64_t now_ms,
                           enum seat_name_from *from);

/* Judges the name once typed and host_names are known. Comparing names costs more than all other questions together, and these are
 * asked again with each new fact. */
void admission_compare_name(const struct room_facts *f, const struct room_join *join, int64_t now_ms,
                            struct admission_form *form);

/* After this many wrong attempts within ADMISSION_PIN_MEMORY_MS no PIN is compared. `by_address`: without a link. */
bool admission_pin_locked(bool by_address, int of_origin, int of_room);

/* Within ROOM_REENTRY_MS; at_ms 0: never. */
bool admission_lately(int64_t at_ms, int64_t now_ms);

/* The seat in this row ended a few minutes ago because its connection was lost, and the visit goes on: its owner is not a newcomer,
 * and may come back without a new admission. The visit goes on while a host is inside (`hosts`: how many), or was lost as recently
 * (`host_lost_ms`; 0: none was): a server outage takes the seats of both, and picture and sound need no server. */
bool room_may_reenter(const struct seat *row, int hosts, int64_t host_lost_ms, int64_t now_ms);

#endif
