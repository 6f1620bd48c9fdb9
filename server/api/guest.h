/* guest.h - a person at the front door: the facts about them, gathered as domain/admission.h asks for them, and the rows that
 * joining writes. It decides nothing. On an HTTP worker. */
#ifndef API_GUEST_H
#define API_GUEST_H

#include <stdbool.h>
#include "domain/admission.h"
#include "domain/room_rules.h"
#include "http/http_call.h"

/* A person at the door, host or guest. Zero before entry_begin(). */
struct entry {
    struct room_rules room;
    struct invitation invitation;   /* id "" without one */
    bool identified;                /* guest_hash is set */
    uint8_t guest_hash[HASH_BYTES]; /* of the guest cookie; guests only */
    char typed[NAME_SIZE];          /* form.typed */
    struct admission_form form;
    struct room_facts here; /* the room as stored */
    struct room_join who;   /* who they are; `as` is the seat of the token */
};

/* The person is known: room, invitation, guest_hash and who.as.role are set. Sets who.as.id and the facts in the room's rules;
 * all other facts have yet to be gathered. */
void entry_begin(struct call *c, struct entry *entry);
/* Gathers the facts that decide whether they may come in, and asks for the verdict. ERR_OK: they may, and who.as has name and
 * generation. Otherwise the refusal. Wrong PINs are counted here, in a write of their own; nothing else changes. */
MUST_CHECK enum err_code entry_admit(struct call *c, struct entry *entry, struct err *e);

/* The invitation with this code (small letters or capitals). ERR_NOT_FOUND "unknown_code". */
MUST_CHECK enum err_code guest_invitation_by_code(struct store *s, const char *code, struct invitation *out,
                                                  struct err *e);

/* The state of the invitation for the asking person, known by the guest cookie: for the owner of its seat it is good. */
MUST_CHECK enum err_code guest_invitation_state(struct call *c, const struct invitation *invitation,
                                                enum invitation_state *out, struct err *e);

/* Inside a write: counts the use of the invitation at an identity's first join, after checking its state again. */
MUST_CHECK enum err_code guest_count_use(struct call *c, struct entry *entry, struct err *e);

#endif
