/* store_users.h - accounts, passwords, one-time password links, settings of the practice. See store.h for threads.
 * Functions that change something are called inside a write; the caller adds audit rows in the same write. */
#ifndef STORE_STORE_USERS_H
#define STORE_STORE_USERS_H

#include "domain/password.h"
#include "domain/user.h"
#include "store/store.h"

struct user_list {
    struct user items[200];
    size_t count;
    bool more; /* there are more users after items[count-1] */
};

/* The caller gives everything but the revision. ERR_CONFLICT "email_taken"; password_hash NULL: none yet. */
MUST_CHECK enum err_code store_user_add(struct store *store, struct user *user, const char *password_hash,
                                        struct err *e);
MUST_CHECK enum err_code store_user_by_id(struct store *store, const char *id, struct user *out, struct err *e);
MUST_CHECK enum err_code store_user_by_email(struct store *store, const char *email, struct user *out, struct err *e);
/* hash "" when there is none. */
MUST_CHECK enum err_code store_user_password(struct store *store, const char *id, char hash[PASSWORD_HASH_SIZE],
                                             struct err *e);
/* Also makes an invited user active, and voids an unused password link. ERR_NOT_FOUND. */
MUST_CHECK enum err_code store_user_set_password(struct store *store, const char *id, const char *hash, int64_t now_ms,
                                                 struct err *e);
/* Writes name, role, state, language, timezone of *user if the stored revision is user->revision (otherwise ERR_CHANGED), increments it in *u.
 * Disabling voids the user's password link for good. */
MUST_CHECK enum err_code store_user_update(struct store *store, struct user *user, struct err *e);
/* Sessions and links are deleted with the user; rooms lose the co-host. ERR_NOT_FOUND, ERR_CHANGED, ERR_CONFLICT "owns_rooms";
 * revision 0: any. */
MUST_CHECK enum err_code store_user_delete(struct store *store, const char *id, int64_t revision, struct err *e);
/* Newest first, at most 200; after_id "" is the first page. ERR_INVALID field "after" when that row is gone. */
MUST_CHECK enum err_code store_user_list(struct store *store, const char *after_id, int limit, struct user_list *out,
                                         struct err *e);
MUST_CHECK enum err_code store_user_count(struct store *store, int64_t *users, int64_t *active_admins, struct err *e);

/* One-time codes to set a password. A new one voids the older ones of that user. */
MUST_CHECK enum err_code store_user_link_add(struct store *store, const char *user_id,
                                             const uint8_t code_hash[HASH_BYTES], int64_t expires_ms, struct err *e);
/* The owner of the link. ERR_AUTH "bad_code". One read. */
MUST_CHECK enum err_code store_user_link_find(struct store *store, const uint8_t code_hash[HASH_BYTES], int64_t now_ms,
                                              char user_id[ID_SIZE], struct err *e);
/* Uses the code up and returns its owner. ERR_AUTH "bad_code". */
MUST_CHECK enum err_code store_user_link_take(struct store *store, const uint8_t code_hash[HASH_BYTES], int64_t now_ms,
                                              char user_id[ID_SIZE], struct err *e);

/* Settings: short texts by name ("practice", "phone", …). out is "" when unset. */
MUST_CHECK enum err_code store_setting_get(struct store *store, const char *name, char *out, size_t size,
                                           struct err *e);
MUST_CHECK enum err_code store_setting_set(struct store *store, const char *name, const char *value, struct err *e);

#endif
