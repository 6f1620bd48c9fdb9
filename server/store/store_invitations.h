/* store_invitations.h - invitations and the guest identities that used them. See store.h for threads. */
#ifndef STORE_STORE_INVITATIONS_H
#define STORE_STORE_INVITATIONS_H

#include "domain/invitation.h"
#include "store/store.h"

struct invitation_list {
    struct invitation *items; /* heap; free with invitation_list_clear() */
    size_t count;
    bool more;
};

MUST_CHECK enum err_code store_invitation_add(struct store *store, const struct invitation *invitation, struct err *e);
MUST_CHECK enum err_code store_invitation_by_id(struct store *store, const char *id, struct invitation *out,
                                                struct err *e);
MUST_CHECK enum err_code store_invitation_by_code(struct store *store, const uint8_t code_hash[HASH_BYTES],
                                                  struct invitation *out, struct err *e);
/* Newest first, at most 200; after_id "" is the first page. ERR_INVALID field "after" when that row is gone. */
MUST_CHECK enum err_code store_invitation_list(struct store *store, const char *room_id, const char *after_id,
                                               int limit, struct invitation_list *out, struct err *e);
void invitation_list_clear(struct invitation_list *list);
MUST_CHECK enum err_code store_invitation_revoke(struct store *store, const char *id, int64_t now_ms, struct err *e);
/* generation + 1, with the hash of the new code and the times as they are in *invitation; no longer revoked, uses start at 0. */
MUST_CHECK enum err_code store_invitation_renew(struct store *store, const struct invitation *invitation,
                                                struct err *e);

/* Notes that a new link is requested; that the request is answered, with a link or without. */
MUST_CHECK enum err_code store_invitation_ask(struct store *store, const char *id, int64_t now_ms, struct err *e);
MUST_CHECK enum err_code store_invitation_answer(struct store *store, const char *id, int64_t now_ms, struct err *e);
/* Those with an open request, the oldest first, at most 200: of rooms that this user owns or co-hosts, "" of all. */
MUST_CHECK enum err_code store_invitation_list_asked(struct store *store, const char *user_id,
                                                     struct invitation_list *out, struct err *e);

/* Has this guest identity (hash of the guest cookie) used the invitation? */
MUST_CHECK enum err_code store_invitation_known(struct store *store, const char *invitation_id,
                                                const uint8_t guest_hash[HASH_BYTES], bool *known, struct err *e);
/* Was another identity the first to use it since it was made or renewed? */
MUST_CHECK enum err_code store_invitation_is_anothers(struct store *store, const char *invitation_id,
                                                      const uint8_t guest_hash[HASH_BYTES], bool *anothers,
                                                      struct err *e);
/* Notes the identity's first use, as later than all earlier ones even if the clock disagrees, and counts it. The caller checks the
 * limit inside the same write. */
MUST_CHECK enum err_code store_invitation_use(struct store *store, const char *invitation_id,
                                              const uint8_t guest_hash[HASH_BYTES], int64_t now_ms, struct err *e);

/* Wrong attempts at a room's PIN, kept for ADMISSION_PIN_MEMORY_MS: those from one origin and all. `from`: a hash of the origin. */
MUST_CHECK enum err_code store_pin_failures(struct store *store, const char *room_id, const uint8_t from[HASH_BYTES],
                                            int64_t now_ms, int *of_origin, int *of_room, struct err *e);
MUST_CHECK enum err_code store_pin_failed(struct store *store, const char *room_id, const uint8_t from[HASH_BYTES],
                                          int64_t now_ms, struct err *e);

#endif
