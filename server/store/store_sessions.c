#include "store/store_sessions.h"

#include "store/query.h"
#include "store/store_rows.h"

#define OF_ONE_USER_MAX ((int)(sizeof((struct session_list *)0)->items / sizeof(struct session)))

static void session_from_row(struct query *q, struct session *x)
{
    col_text(q, "session_id", x->id, sizeof x->id);
    col_text(q, "user_id", x->user_id, sizeof x->user_id);
    col_bytes(q, "cookie_hash", x->cookie_hash, sizeof x->cookie_hash);
    x->created_ms = col_i64(q, "started_ms");
    x->seen_ms = col_i64(q, "seen_ms");
    x->expires_ms = col_i64(q, "expires_ms");
    col_text(q, "agent", x->agent, sizeof x->agent);
}

/* A list holds all sign-ins of a person, so that "end all" can name them all: the oldest ones make room. */
static enum err_code make_room(struct store *s, const char *user_id, struct err *e)
{
    struct query q = query_begin(s, Q_SESSION_MAKE_ROOM);

    query_text(&q, user_id);
    query_i64(&q, OF_ONE_USER_MAX - 1);
    return query_end(&q, e);
}

enum err_code store_session_add(struct store *s, const struct session *x, struct err *e)
{
    enum err_code rc = make_room(s, x->user_id, e);
    struct query q;

    if (rc == ERR_OK)
        rc = run_prune(s, Q_SESSIONS_PRUNE, x->created_ms, 0, e);
    if (rc == ERR_OK)
        rc = run_prune(s, Q_USER_LINKS_PRUNE, x->created_ms, 0, e); /* each user has one: sign-ins outnumber them */
    if (rc != ERR_OK)
        return rc;
    q = query_begin(s, Q_SESSION_ADD);
    query_text(&q, x->id);
    query_text(&q, x->user_id);
    query_bytes(&q, x->cookie_hash, sizeof x->cookie_hash);
    query_i64(&q, x->created_ms);
    query_i64(&q, x->seen_ms);
    query_i64(&q, x->expires_ms);
    query_text(&q, x->agent);
    return not_found_without_reference(query_end(&q, e), e);
}

enum err_code store_session_find(struct store *s, const uint8_t cookie_hash[HASH_BYTES], int64_t now_ms,
                                 struct session *out, struct user *user, struct err *e)
{
    struct query q = query_begin(s, Q_SESSION_FIND);
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

enum err_code store_session_live(struct store *s, const char *id, int64_t now_ms, struct err *e)
{
    bool idle = false;
    struct query q;
    enum err_code rc;

    if (id[0] == '\0')
        return ERR_OK;
    q = query_begin(s, Q_SESSION_LIVE);
    query_text(&q, id);
    query_i64(&q, now_ms);
    if (query_next(&q))
        idle = user_is_idle((enum user_role)col_enum(&q, "role", USER_ROLES), col_i64(&q, "seen_ms"), now_ms);
    rc = query_end_one(&q, e);
    if (rc == ERR_NOT_FOUND || (rc == ERR_OK && idle))
        rc = err_set(e, ERR_AUTH, "signed_out", "This sign-in has ended; sign in again.");
    return rc;
}

enum err_code store_session_seen(struct store *s, const char *id, int64_t now_ms, struct err *e)
{
    struct query q = query_begin(s, Q_SESSION_SEEN);

    query_i64(&q, now_ms);
    query_text(&q, id);
    query_i64(&q, now_ms - SESSION_SEEN_EVERY_MS);
    return query_end(&q, e);
}

static enum err_code read_list(struct query *q, struct session_list *out, struct err *e)
{
    out->count = 0;
    while (out->count < (size_t)OF_ONE_USER_MAX && query_next(q))
        session_from_row(q, &out->items[out->count++]);
    return query_end(q, e);
}

enum err_code store_session_list(struct store *s, const char *user_id, int64_t now_ms, struct session_list *out,
                                 struct err *e)
{
    struct query q = query_begin(s, Q_SESSION_LIST);

    query_text(&q, user_id);
    query_i64(&q, now_ms);
    query_i64(&q, OF_ONE_USER_MAX);
    return read_list(&q, out, e);
}

enum err_code store_session_end(struct store *s, const char *id, const char *user_id, struct err *e)
{
    struct query q = query_begin(s, Q_SESSION_END);

    query_text(&q, id);
    query_text(&q, user_id);
    return end_changed(&q, e);
}

enum err_code store_session_end_all(struct store *s, const char *user_id, const char *keep_id,
                                    struct session_list *ended, struct err *e)
{
    struct query q = query_begin(s, Q_SESSION_OTHERS);
    enum err_code rc;

    query_text(&q, user_id);
    query_text(&q, keep_id);
    query_i64(&q, OF_ONE_USER_MAX);
    rc = read_list(&q, ended, e);
    if (rc != ERR_OK)
        return rc;
    q = query_begin(s, Q_SESSION_END_OTHERS);
    query_text(&q, user_id);
    query_text(&q, keep_id);
    return query_end(&q, e);
}
