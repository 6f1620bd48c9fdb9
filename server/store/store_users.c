#include "store/store_users.h"

#include <assert.h>

#include "store/query.h"
#include "store/store_rows.h"

/* Stored numbers and numbers in statements.c: these never change. */
static_assert(USER_ADMIN == 0 && USER_HOST == 1 && USER_DESK == 2, "stored in users.role");
static_assert(USER_INVITED == 0 && USER_ACTIVE == 1 && USER_DISABLED == 2, "stored in users.state");

void user_from_row(struct query *q, struct user *u)
{
    col_text(q, "id", u->id, sizeof u->id);
    col_text(q, "email", u->email, sizeof u->email);
    col_text(q, "name", u->name, sizeof u->name);
    u->role = (enum user_role)col_enum(q, "role", USER_ROLES);
    u->state = (enum user_state)col_enum(q, "state", USER_STATES);
    col_text(q, "language", u->language, sizeof u->language);
    col_text(q, "timezone", u->timezone, sizeof u->timezone);
    u->created_ms = col_i64(q, "created_ms");
    u->revision = col_i64(q, "revision");
}

enum err_code store_user_add(struct store *s, struct user *u, const char *password_hash, struct err *e)
{
    struct query q = query_begin(s, Q_USER_ADD);
    enum err_code rc;

    u->revision = 1;
    query_text(&q, u->id);
    query_text(&q, u->email);
    query_text(&q, u->name);
    query_i64(&q, u->role);
    query_i64(&q, u->state);
    query_text(&q, u->language);
    query_text(&q, u->timezone);
    query_text(&q, password_hash ? password_hash : "");
    query_i64(&q, password_hash ? u->created_ms : 0);
    query_i64(&q, u->created_ms);
    query_i64(&q, u->revision);
    rc = query_end(&q, e);
    return rc == ERR_CONFLICT ? err_set(e, rc, "email_taken", "there is already an account with this e-mail address")
                              : rc;
}

static enum err_code find(struct store *s, enum statement id, const char *key, struct user *out, struct err *e)
{
    struct query q = query_begin(s, id);

    query_text(&q, key);
    if (query_next(&q))
        user_from_row(&q, out);
    return query_end_one(&q, e);
}

enum err_code store_user_by_id(struct store *s, const char *id, struct user *out, struct err *e)
{
    return find(s, Q_USER_BY_ID, id, out, e);
}

enum err_code store_user_by_email(struct store *s, const char *email, struct user *out, struct err *e)
{
    return find(s, Q_USER_BY_EMAIL, email, out, e);
}

enum err_code store_user_password(struct store *s, const char *id, char hash[PASSWORD_HASH_SIZE], struct err *e)
{
    struct query q = query_begin(s, Q_USER_PASSWORD);

    query_text(&q, id);
    if (query_next(&q))
        col_text(&q, "password_hash", hash, PASSWORD_HASH_SIZE);
    return query_end_one(&q, e);
}

enum err_code store_user_set_password(struct store *s, const char *id, const char *hash, int64_t now_ms, struct err *e)
{
    struct query q = query_begin(s, Q_USER_SET_PASSWORD);
    enum err_code rc;

    query_text(&q, hash);
    query_i64(&q, now_ms);
    query_text(&q, id);
    rc = end_changed(&q, e);
    return rc == ERR_OK ? run_with_text(s, Q_USER_LINKS_DROP, id, e) : rc;
}

enum err_code store_user_update(struct store *s, struct user *u, struct err *e)
{
    struct query q = query_begin(s, Q_USER_UPDATE);
    enum err_code rc;

    query_text(&q, u->name);
    query_i64(&q, u->role);
    query_i64(&q, u->state);
    query_text(&q, u->language);
    query_text(&q, u->timezone);
    query_text(&q, u->id);
    query_i64(&q, u->revision);
    rc = end_changed(&q, e);
    if (rc == ERR_NOT_FOUND)
        rc = check_revision(s, Q_USER_REVISION, u->id, u->revision, e);
    else if (rc == ERR_OK)
        u->revision++;
    if (rc == ERR_OK && u->state == USER_DISABLED)
        rc = run_with_text(s, Q_USER_LINKS_DROP, u->id, e);
    return rc;
}

static enum err_code check_owns_none(struct store *s, const char *id, struct err *e)
{
    struct query q = query_begin(s, Q_USER_OWNS_ROOM);
    bool owns;
    enum err_code rc;

    query_text(&q, id);
    owns = query_next(&q);
    rc = query_end(&q, e);
    if (rc == ERR_OK && owns)
        rc = err_set(e, ERR_CONFLICT, "owns_rooms",
                     "this person owns rooms: delete them or disable the account instead");
    return rc;
}

enum err_code store_user_delete(struct store *s, const char *id, int64_t revision, struct err *e)
{
    enum err_code rc = check_revision(s, Q_USER_REVISION, id, revision, e);

    if (rc == ERR_OK)
        rc = check_owns_none(s, id, e);
    if (rc == ERR_OK) /* the rooms lose a co-host, which changes them */
        rc = run_with_text(s, Q_USER_LEAVE_ROOMS, id, e);
    if (rc == ERR_OK)
        rc = run_with_text(s, Q_USER_DELETE, id, e);
    return rc;
}

enum err_code store_user_list(struct store *s, const char *after_id, int limit, struct user_list *out, struct err *e)
{
    const int most = (int)(sizeof out->items / sizeof out->items[0]);
    enum err_code rc = check_cursor(s, Q_USER_REVISION, after_id, e);
    struct query q;

    out->count = 0;
    out->more = false;
    if (rc != ERR_OK)
        return rc;
    limit = limit < 1 ? 1 : limit > most ? most : limit;
    q = query_begin(s, after_id[0] ? Q_USER_PAGE : Q_USER_FIRST_PAGE);
    if (after_id[0])
        query_text(&q, after_id);
    query_i64(&q, limit + 1);
    while (query_next(&q)) {
        if (out->count == (size_t)limit) {
            out->more = true;
            break;
        }
        user_from_row(&q, &out->items[out->count++]);
    }
    return query_end(&q, e);
}

enum err_code store_user_count(struct store *s, int64_t *users, int64_t *active_admins, struct err *e)
{
    struct query q = query_begin(s, Q_USER_COUNT);

    *users = *active_admins = 0;
    if (query_next(&q)) {
        *users = col_i64(&q, "users");
        *active_admins = col_i64(&q, "active_admins");
    }
    return query_end_one(&q, e);
}

/* --- one-time password links ---------------------------------------------------------------------------------------- */

enum err_code store_user_link_add(struct store *s, const char *user_id, const uint8_t code_hash[HASH_BYTES],
                                  int64_t expires_ms, struct err *e)
{
    enum err_code rc = run_with_text(s, Q_USER_LINKS_DROP, user_id, e);
    struct query q;

    if (rc != ERR_OK)
        return rc;
    q = query_begin(s, Q_USER_LINK_ADD);
    query_bytes(&q, code_hash, HASH_BYTES);
    query_text(&q, user_id);
    query_i64(&q, expires_ms);
    return not_found_without_reference(query_end(&q, e), e);
}

enum err_code store_user_link_find(struct store *s, const uint8_t code_hash[HASH_BYTES], int64_t now_ms,
                                   char user_id[ID_SIZE], struct err *e)
{
    struct query q = query_begin(s, Q_USER_LINK_FIND);
    enum err_code rc;

    query_bytes(&q, code_hash, HASH_BYTES);
    query_i64(&q, now_ms);
    if (query_next(&q))
        col_text(&q, "user_id", user_id, ID_SIZE);
    rc = query_end_one(&q, e);
    if (rc == ERR_NOT_FOUND)
        return err_set(e, ERR_AUTH, "bad_code", "this link has expired or was used already: ask for a new one");
    return rc;
}

enum err_code store_user_link_take(struct store *s, const uint8_t code_hash[HASH_BYTES], int64_t now_ms,
                                   char user_id[ID_SIZE], struct err *e)
{
    enum err_code rc = store_user_link_find(s, code_hash, now_ms, user_id, e);
    struct query q;

    if (rc != ERR_OK)
        return rc;
    q = query_begin(s, Q_USER_LINK_DROP);
    query_bytes(&q, code_hash, HASH_BYTES);
    return query_end(&q, e);
}

/* --- settings of the practice --------------------------------------------------------------------------------------- */

enum err_code store_setting_get(struct store *s, const char *name, char *out, size_t size, struct err *e)
{
    struct query q = query_begin(s, Q_SETTING_GET);

    out[0] = '\0';
    query_text(&q, name);
    if (query_next(&q))
        col_text(&q, "value", out, size);
    return query_end(&q, e);
}

enum err_code store_setting_set(struct store *s, const char *name, const char *value, struct err *e)
{
    struct query q = query_begin(s, Q_SETTING_SET);

    query_text(&q, name);
    query_text(&q, value);
    return query_end(&q, e);
}
