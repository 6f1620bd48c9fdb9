/* guest.h - may this guest come in? The rules of the door (contract "Guest identity", "Rules of rooms"), in the order in which
 * they are asked, and what joining writes. On an HTTP worker. */
#ifndef API_GUEST_H
#define API_GUEST_H

#include <stdbool.h>
#include "domain/invite.h"
#include "domain/room_rules.h"
#include "domain/seat.h"
#include "http/http_router.h"

/* A person at the door, host or guest. */
struct entry {
    struct room_rules room;
    struct invite invite;           /* id "" without one */
    bool identified;                /* guest_hash is set */
    uint8_t guest_hash[HASH_BYTES]; /* of the guest cookie; guests only */
    bool known;                     /* this identity has used the invitation before */
    bool another_jar;               /* it is for one person, and another identity was the first to use it */
    char participant[ID_SIZE];
    struct seat seat; /* as stored; gen 0 and SEAT_NONE when there never was one */
    bool goes_on;     /* the seat is open, or was lost so lately that its guest comes back without a new admission */
    enum seat_role role;
    enum seat_name_from name_from;
    char name[NAME_SIZE];
};

/* Sets x->seat to what is stored of x->participant, and goes_on. */
MUST_CHECK enum err_code entry_find_seat(struct call *c, struct entry *x, struct err *e);

/* The invitation with this code (small letters or capitals). ERR_NOT_FOUND "unknown_code". */
MUST_CHECK enum err_code guest_invite_by_code(struct store *s, const char *code, struct invite *out, struct err *e);

/* What the invitation is to whoever asks, known by the guest cookie: to who has the seat of it, it is good. */
MUST_CHECK enum err_code guest_invite_state(struct call *c, const struct invite *i, enum invite_state *out,
                                            struct err *e);

/* Holds a guest against every rule of the door and fills name and name_from; room, invite, guest_hash, participant and seat are
 * set before. Wrong PINs are counted here, in a write of their own. Errors as the contract names them; nothing else changes. */
MUST_CHECK enum err_code guest_check(struct call *c, struct entry *x, struct err *e);

/* Inside a write: counts the use of the invitation at an identity's first join, with its state asked again. */
MUST_CHECK enum err_code guest_count_use(struct call *c, struct entry *x, struct err *e);

#endif
