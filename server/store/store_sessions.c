#include "store/store_sessions.h"

#include "store/query.h"
#include "store/store_rows.h"

#define OF_ONE_USER_MAX ((int)(sizeof((struct session_list *)0)->items / sizeof(struct session)))

static void session_from_row(struct query *query, struct session *session)
{
    col_text(query, "session_id", session->id, sizeof session->id);
    col_text(query, "user_id", session->user_id, sizeof session->user_id);
    col_bytes(query, "cookie_hash", session->cookie_hash, sizeof session->cookie_hash);
    session->created_ms = col_i64(query, "started_ms");
    session->seen_ms = col_i64(query, "seen_ms");
    session->expires_ms = col_i64(query, "expires_ms");
    col_text(query, "agent", session->agent, sizeof session->agent);
}

/* A list holds all sign-ins of a person, so that "end all" can name them all: the oldest ones make room. */
static enum err_code make_room(struct store *store, const char *user_id, struct err *e)
{
    struct query q = query_begin(store, Q_SESSION_MAKE_ROOM);

    query_text(&q, user_id);
    query_i64(&q, OF_ONE_USER_MAX - 1);
    return query_end(&q, e);
}

enum err_code store_session_add(struct store *store, const struct session *session, struct err *e)
{
    enum err_code rc = make_room(store, session->user_id, e);
    struct query q;

    if (rc == ERR_OK)
        rc = run_prune(store, Q_SESSIONS_PRUNE, session->created_ms, 0, e);
    if (rc == ERR_OK)
        rc = run_prune(store, Q_USER_LINKS_PRUNE, session->created_ms, 0,
                       e); /* each user has one: sign-ins outnumber them */
    if (rc != ERR_OK)
        return rc;
    q = query_begin(store, Q_SESSION_ADD);
    query_text(&q, session->id);
    query_text(&q, session->user_id);
    query_bytes(&q, session->cookie_hash, sizeof session->cookie_hash);
    query_i64(&q, session->created_ms);
    query_i64(&q, session->seen_ms);
    query_i64(&q, session->expires_ms);
    query_text(&q, session->agent);
    return not_found_without_reference(query_end(&q, e), e);
}

enum err_code store_session_find(struct store *store, const uint8_t cookie_hash[HASH_BYTES], int64_t now_ms,
                                 struct session *out, struct user *user, struct err *e)
{
    struct query q = query_begin(store, Q_SESSION_FIND);
    enum err_code rc;

    query_bytes(&q, cookie_hash, HASH_BYTES);
    query_i64(&q, now_ms);
    if (query_next(&q)) {
        user_from_row(&q, user);
        session_from_row(&q, out);
    }
    rc = query_end_one(&q, e);
    return rc == ERR_NOT_FOUND ? err_set(e, ERR_AUTH, "unauthorized", "sign in first") : rc;
}

enum err_code store_session_live(struct store *store, const char *id, int64_t now_ms, struct err *e)
{
    bool idle = false;
    struct query q;
    enum err_code rc;

    if (id[0] == '\0')
        return ERR_OK;
    q = query_begin(store, Q_SESSION_LIVE);
    query_text(&q, id);
    query_i64(&q, now_ms);
    if (query_next(&q))
        idle = user_is_idle((enum user_role)col_enum(&q, "role", USER_ROLES), col_i64(&q, "seen_ms"), now_ms);
    rc = query_end_one(&q, e);
    if (rc == ERR_NOT_FOUND || (rc == ERR_OK && idle))
        rc = err_set(e, ERR_AUTH, "signed_out", "This sign-in has ended; sign in again.");
    return rc;
}

enum err_code store_session_seen(struct store *store, const char *id, int64_t now_ms, struct err *e)
{
    struct query q = query_begin(store, Q_SESSION_SEEN);

    query_i64(&q, now_ms);
    query_text(&q, id);
    query_i64(&q, now_ms - SESSION_SEEN_EVERY_MS);
    return query_end(&q, e);
}

static enum err_code read_list(struct query *query, struct session_list *out, struct err *e)
{
    out->count = 0;
    while (out->count < (size_t)OF_ONE_USER_MAX && query_next(query))
        session_from_row(query, &out->items[out->count++]);
    return query_end(query, e);
}

enum err_code store_session_list(struct store *store, const char *user_id, int64_t now_ms, struct session_list *out,
                                 struct err *e)
{
    struct query q = query_begin(store, Q_SESSION_LIST);

    query_text(&q, user_id);
    query_i64(&q, now_ms);
    query_i64(&q, OF_ONE_USER_MAX);
    return read_list(&q, out, e);
}

enum err_code store_session_end(struct store *store, const char *id, const char *user_id, struct err *e)
{
    struct query q = query_begin(store, Q_SESSION_END);

    query_text(&q, id);
    query_text(&q, user_id);
    return end_changed(&q, e);
}

enum err_code store_session_end_all(struct store *store, const char *user_id, const char *keep_id,
                                    struct session_list *ended, struct err *e)
{
    struct query q = query_begin(store, Q_SESSION_OTHERS);
    enum err_code rc;

    query_text(&q, user_id);
    query_text(&q, keep_id);
    query_i64(&q, OF_ONE_USER_MAX);
    rc = read_list(&q, ended, e);
    if (rc != ERR_OK)
        return rc;
    q = query_begin(store, Q_SESSION_END_OTHERS);
    query_text(&q, user_id);
    query_text(&q, keep_id);
    return query_end(&q, e);
}
