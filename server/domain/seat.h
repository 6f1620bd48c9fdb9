/* seat.h - a person's place in a room: its stored form and the table of allowed moves. Pure values. */
#ifndef DOMAIN_SEAT_H
#define DOMAIN_SEAT_H

#include <stdbool.h>
#include <stdint.h>
#include "domain/crypto.h"
#include "domain/id.h"

enum seat_state { SEAT_NONE, SEAT_WAITING, SEAT_WAITING_AWAY, SEAT_INSIDE, SEAT_AWAY, SEAT_ENDED, SEAT_STATES };
enum seat_event {
    ON_JOIN,
    ON_ADMIT,
    ON_HOLD,
    ON_RETURN,
    ON_DENY,
    ON_REMOVE,
    ON_LEAVE,
    ON_END,
    ON_SOCKET_LOST,
    ON_RESUME,
    ON_TIMEOUT,
    ON_REPLACED,
    ON_REVOKED,
    SEAT_EVENTS
};
enum seat_role { SEAT_GUEST, SEAT_HOST };
enum seat_name_from { NAME_FROM_ACCOUNT, NAME_FROM_INVITATION, NAME_FROM_SELF };
/* Why a seat ended; the `reason` of bye. */
enum seat_end {
    END_NONE,
    END_LEFT,
    END_DENIED,
    END_REMOVED,
    END_ENDED,
    END_EXPIRED,
    END_REPLACED,
    END_REVOKED, /* waited by a link that was revoked */
    SEAT_ENDS
};

/* As stored, one row per participant. */
struct seat {
    char id[ID_SIZE]; /* participant id: keyed hash of room and user, or room, invitation and guest identity */
    char room_id[ID_SIZE];
    char user_id[ID_SIZE];       /* "" for guests */
    char invitation_id[ID_SIZE]; /* "" for users and guests of a `link` room */
    char session_id[ID_SIZE]; /* the sign-in that took it: the connection and the ticket end with it; "" for guests */
    char name[NAME_SIZE];
    enum seat_role role;
    enum seat_name_from name_from;
    enum seat_state state;
    enum seat_end end;
    bool held;                       /* waiting with a hold message */
    bool same_invitation;            /* another cookie jar came with a one-person invitation */
    bool crowd;                      /* a guest by a link for several, or by the address of an open room */
    int64_t gen;                     /* how often this seat has ended; a token with an older number is refused */
    int64_t instance;                /* fresh starts of the participant; peers drop the connection when it changes */
    int64_t since_ms;                /* wall clock: in this state since (waiting and inside are kept while away) */
    int64_t away_ms;                 /* wall clock: connection lost at; 0 while connected */
    int64_t ended_ms;                /* wall clock; 0 while open */
    int64_t blocked_until_ms;        /* wall clock: denied or removed with `block`, until then; 0 not */
    int64_t admitted_ms;             /* wall clock of the last admission: re-entry within the grace; 0 never */
    uint8_t ticket_hash[HASH_BYTES]; /* the current resume ticket */
    uint8_t ticket_old_hash[HASH_BYTES]; /* the previous one, valid until the first message on the new socket */
};

/* The participant id of an account, or of a guest identity with an invitation (id "" without), in a room. The same three values
 * give the same id. */
void seat_id_of_user(const uint8_t key[KEY_BYTES], const char *room_id, const char *user_id, char id[ID_SIZE]);
void seat_id_of_guest(const uint8_t key[KEY_BYTES], const char *room_id, const char *invitation_id,
                      const uint8_t guest_hash[HASH_BYTES], char id[ID_SIZE]);

/* A person who was sent away for a while: the participant and their invitation, "" without. */
struct block {
    char participant_id[ID_SIZE], invitation_id[ID_SIZE];
    int64_t until_ms; /* wall clock */
};

enum seat_state seat_next(enum seat_state state, enum seat_event event); /* SEAT_NONE: no such move */
bool seat_is_open(enum seat_state state);
bool seat_is_inside(enum seat_state state);  /* inside or away */
bool seat_is_waiting(enum seat_state state); /* waiting, connected or not */
/* "waiting", "inside", "away" as PROTOCOL.md says; waiting-away is "waiting". */
const char *seat_state_name(enum seat_state state);
const char *seat_end_name(enum seat_end end);

#endif
