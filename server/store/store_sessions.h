/* store_sessions.h - sign-ins. Only the hash of the cookie is stored. See store.h for threads. */
#ifndef STORE_STORE_SESSIONS_H
#define STORE_STORE_SESSIONS_H

#include "domain/user.h"
#include "store/store.h"

#define SESSION_SEEN_EVERY_MS 60000 /* shortest time between writes of the use */

struct session {
    char id[ID_SIZE];
    char user_id[ID_SIZE];
    uint8_t cookie_hash[HASH_BYTES];
    int64_t created_ms, seen_ms, expires_ms; /* wall clock */
    char agent[120];                         /* shortened User-Agent, for the person's list */
};
struct session_list {
    struct session items[100];
    size_t count;
};

MUST_CHECK enum err_code store_session_add(struct store *store, const struct session *session, struct err *e);
/* The session and its active user; ERR_AUTH when unknown, expired, or the user is not active. One read. */
MUST_CHECK enum err_code store_session_find(struct store *store, const uint8_t cookie_hash[HASH_BYTES], int64_t now_ms,
                                            struct session *out, struct user *user, struct err *e);
/* Is the sign-in still valid? ERR_AUTH "signed_out" when it has ended, is too old, or was idle for too long (user_is_idle).
 * "" (nobody's) is fine. One read. */
MUST_CHECK enum err_code store_session_live(struct store *store, const char *id, int64_t now_ms, struct err *e);
/* Inside a write: notes that it is in use, unless noted within the last SESSION_SEEN_EVERY_MS. */
MUST_CHECK enum err_code store_session_seen(struct store *store, const char *id, int64_t now_ms, struct err *e);
MUST_CHECK enum err_code store_session_list(struct store *store, const char *user_id, int64_t now_ms,
                                            struct session_list *out, struct err *e);
/* ERR_NOT_FOUND, also when it belongs to another user. */
MUST_CHECK enum err_code store_session_end(struct store *store, const char *id, const char *user_id, struct err *e);
/* Ends all of a user's sign-ins except `keep_id` ("" none); *ended gets their ids (the caller closes the sockets). */
MUST_CHECK enum err_code store_session_end_all(struct store *store, const char *user_id, const char *keep_id,
                                               struct session_list *ended, struct err *e);

#endif
