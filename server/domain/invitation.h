/* invitation.h - links that let a guest into one room: codes and states of links. Pure values. */
#ifndef DOMAIN_INVITATION_H
#define DOMAIN_INVITATION_H

#include <stdbool.h>
#include <stdint.h>
#include "domain/crypto.h"
#include "domain/id.h"

#define INVITATION_CODE_SIZE 27 /* base32 of 128 bits and NUL */
/* Of a one-person link, which lets other cookie jars wait: */
#define INVITATION_JARS_MAX 3     /* seats open at once: the second telephone, and one to spare */
#define INVITATION_JARS_EVER 1000 /* identities in all, like the limit of a link for several */

#define INVITATION_ASK_AGAIN_MS (3600 * 1000) /* time after an answer before a new link may be requested again */

struct invitation {
    char id[ID_SIZE];
    char room_id[ID_SIZE];
    char created_by[ID_SIZE];   /* user id */
    char guest_name[NAME_SIZE]; /* "" when the guest types it */
    char email[EMAIL_SIZE];     /* "" */
    int64_t generation;         /* `renew` increments it and voids the old code */
    int64_t max_uses;
    int64_t uses;          /* identities that joined */
    int64_t not_before_ms; /* wall clock; 0 any time */
    int64_t expires_ms;    /* wall clock; 0 never */
    int64_t revoked_ms;    /* 0 not */
    int64_t created_ms;
    int64_t asked_ms;              /* when somebody last asked for a new link; 0 never */
    int64_t answered_ms;           /* when such a request was last answered; 0 never */
    uint8_t code_hash[HASH_BYTES]; /* of the current code */
};

/* Its holder: unknown, an identity that has used it before (then `used` does not apply), or one that has an open seat by it
 * (then only `revoked` applies). */
enum invitation_holder { HOLDER_NEW, HOLDER_KNOWN, HOLDER_SEATED };
enum invitation_state { INVITATION_VALID, INVITATION_EARLY, INVITATION_EXPIRED, INVITATION_USED, INVITATION_REVOKED };

/* base32 of keyed BLAKE2b over id and generation: so it can be shown again without being stored. */
void invitation_code(const uint8_t link_key[KEY_BYTES], const char *id, int64_t generation,
                     char code[INVITATION_CODE_SIZE]);
bool invitation_code_plausible(const char *code); /* form only */
void invitation_code_hash(const char *code, uint8_t hash[HASH_BYTES]);
enum invitation_state invitation_state_at(const struct invitation *invitation, int64_t now_ms,
                                          enum invitation_holder holder);
const char *invitation_state_name(enum invitation_state state);
bool invitation_lets_in(enum invitation_state state); /* now or later; otherwise a new link may be requested */

/* Actions on a link for the people who made it. */
enum invitation_action { INVITATION_SHOW, INVITATION_REVOKE, INVITATION_RENEW };
#define INVITATION_ACTIONS 3
/* A used link can be shown and revoked like any other: its person may come back by it, and another device may wait. An ended
 * link cannot be passed on, but it can be revoked from people who still have a seat by it. */
bool invitation_allows(enum invitation_state state, enum invitation_action action);
const char *invitation_action_name(enum invitation_action action); /* "show" */

/* A new link has been requested, and the request is unanswered. */
bool invitation_is_asked(const struct invitation *invitation);
/* Would a request now be news to anybody? */
bool invitation_may_ask(const struct invitation *invitation, int64_t now_ms);
/* The times of a renewed link: an expired link begins now, for its original duration. */
void invitation_renew_times(struct invitation *invitation, int64_t now_ms);

#endif
