/* audit.h - recorded actions and their names; how a row enters the chain. Pure.
 * A row holds ids and facts; personal detail is in a second row (salted) and can be erased without breaking the chain:
 * hash = BLAKE2b(prev hash ‖ seq ‖ at ‖ actor ‖ action ‖ object ‖ facts ‖ BLAKE2b(salt ‖ detail)), each text and hash
 * preceded by its length; numbers and lengths are 8 bytes, high byte first. The action says how it ended. */
#ifndef DOMAIN_AUDIT_H
#define DOMAIN_AUDIT_H

#include <stdint.h>
#include "domain/id.h"

enum audit_action {
    AUDIT_SETUP,
    AUDIT_SIGN_IN,
    AUDIT_SIGN_IN_FAILED,
    AUDIT_SIGN_IN_THROTTLE, /* an account must wait before the next password attempt: once, not for each attempt */
    AUDIT_SIGN_OUT,
    AUDIT_SESSION_END,
    AUDIT_PASSWORD_CHANGE,
    AUDIT_PASSWORD_LINK,
    AUDIT_USER_CREATE,
    AUDIT_USER_CHANGE,
    AUDIT_USER_DISABLE,
    AUDIT_USER_DELETE,
    AUDIT_ROOM_CREATE,
    AUDIT_ROOM_CHANGE,
    AUDIT_ROOM_DELETE,
    AUDIT_ROOM_LOCK,
    AUDIT_COHOST_ADD,
    AUDIT_COHOST_REMOVE,
    AUDIT_INVITATION_CREATE,
    AUDIT_INVITATION_SHOW,
    AUDIT_INVITATION_RENEW,
    AUDIT_INVITATION_REVOKE,
    AUDIT_INVITATION_USE,
    AUDIT_INVITATION_ASK,
    AUDIT_INVITATION_DISMISS,
    AUDIT_SEAT_JOIN,
    AUDIT_SEAT_ADMIT,
    AUDIT_SEAT_HOLD,
    AUDIT_SEAT_RETURN,
    AUDIT_SEAT_DENY,
    AUDIT_SEAT_REMOVE,
    AUDIT_SEAT_LEAVE,
    AUDIT_SEAT_EXPIRE,
    AUDIT_SEAT_REPLACE,
    AUDIT_VISIT_END,
    AUDIT_KEYS_ROTATE,
    AUDIT_BACKUP,
    AUDIT_RESTORE,
    AUDIT_SETTINGS,
    AUDIT_ACTIONS
};

struct audit_event {
    enum audit_action action;
    char actor[ID_SIZE];  /* user or participant id, "cli", "system" or "anonymous" */
    char object[ID_SIZE]; /* id of the object acted on, or "" */
    char facts[200];      /* "key=value key=value" of ids and numbers only, or "" */
    char detail[300];     /* personal: names, e-mail, shortened address; "" for none */
    int64_t at_ms;        /* wall clock */
};

struct audit_row {
    int64_t seq; /* 1, 2, … without gaps */
    struct audit_event event;
    uint8_t salt[16]; /* of the detail */
    uint8_t detail_hash[HASH_BYTES];
    uint8_t prev[HASH_BYTES];
    uint8_t hash[HASH_BYTES];
};

const char *audit_action_name(enum audit_action action); /* "user.create" */
int audit_action_from_name(const char *name);            /* -1: none */
/* Fills detail_hash from event.detail and salt; then hash from everything. */
void audit_row_seal(struct audit_row *row);
/* hash of the row as it should be, from prev and the stored detail_hash (the detail may be erased). */
void audit_row_hash(const struct audit_row *row, uint8_t hash[HASH_BYTES]);
void audit_detail_hash(const struct audit_row *row, uint8_t hash[HASH_BYTES]);

#endif
