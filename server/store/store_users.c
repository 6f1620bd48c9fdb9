#include "store/store_users.h"

#include <assert.h>

#include "store/query.h"
#include "store/store_rows.h"

/* Stored numbers and numbers in statements.c: these never change. */
static_assert(USER_ADMIN == 0 && USER_HOST == 1 && USER_DESK == 2, "stored in users.role");
static_assert(USER_INVITED == 0 && USER_ACTIVE == 1 && USER_DISABLED == 2, "stored in users.state");

void user_from_row(struct query *query, struct user *user)
{
    col_text(query, "id", user->id, sizeof user->id);
    col_text(query, "email", user->email, sizeof user->email);
    col_text(query, "name", user->name, sizeof user->name);
    user->role = (enum user_role)col_enum(query, "role", USER_ROLES);
    user->state = (enum user_state)col_enum(query, "state", USER_STATES);
    col_text(query, "language", user->language, sizeof user->language);
    col_text(query, "timezone", user->timezone, sizeof user->timezone);
    user->created_ms = col_i64(query, "created_ms");
    user->revision = col_i64(query, "revision");
}

enum err_code store_user_add(struct store *store, struct user *user, const char *password_hash, struct err *e)
{
    struct query q = query_begin(store, Q_USER_ADD);
    enum err_code rc;

    user->revision = 1;
    query_text(&q, user->id);
    query_text(&q, user->email);
    query_text(&q, user->name);
    query_i64(&q, user->role);
    query_i64(&q, user->state);
    query_text(&q, user->language);
    query_text(&q, user->timezone);
    query_text(&q, password_hash ? password_hash : "");
    query_i64(&q, password_hash ? user->created_ms : 0);
    query_i64(&q, user->created_ms);
    query_i64(&q, user->revision);
    rc = query_end(&q, e);
    return rc == ERR_CONFLICT ? err_set(e, rc, "email_taken", "there is already an account with this e-mail address")
                              : rc;
}

static enum err_code find(struct store *store, enum statement id, const char *key, struct user *out, struct err *e)
{
    struct query q = query_begin(store, id);

    query_text(&q, key);
    if (query_next(&q))
        user_from_row(&q, out);
    return query_end_one(&q, e);
}

enum err_code store_user_by_id(struct store *store, const char *id, struct user *out, struct err *e)
{
    return find(store, Q_USER_BY_ID, id, out, e);
}

enum err_code store_user_by_email(struct store *store, const char *email, struct user *out, struct err *e)
{
    return find(store, Q_USER_BY_EMAIL, email, out, e);
}

enum err_code store_user_password(struct store *store, const char *id, char hash[PASSWORD_HASH_SIZE], struct err *e)
{
    struct query q = query_begin(store, Q_USER_PASSWORD);

    query_text(&q, id);
    if (query_next(&q))
        col_text(&q, "password_hash", hash, PASSWORD_HASH_SIZE);
    return query_end_one(&q, e);
}

enum err_code store_user_set_password(struct store *store, const char *id, const char *hash, int64_t now_ms,
                                      struct err *e)
{
    struct query q = query_begin(store, Q_USER_SET_PASSWORD);
    enum err_code rc;

    query_text(&q, hash);
    query_i64(&q, now_ms);
    query_text(&q, id);
    rc = end_changed(&q, e);
    return rc == ERR_OK ? run_with_text(store, Q_USER_LINKS_DROP, id, e) : rc;
}

enum err_code store_user_update(struct store *store, struct user *user, struct err *e)
{
    struct query q = query_begin(store, Q_USER_UPDATE);
    enum err_code rc;

    query_text(&q, user->name);
    query_i64(&q, user->role);
    query_i64(&q, user->state);
    query_text(&q, user->language);
    query_text(&q, user->timezone);
    query_text(&q, user->id);
    query_i64(&q, user->revision);
    rc = end_changed(&q, e);
    if (rc == ERR_NOT_FOUND)
        rc = check_revision(store, Q_USER_REVISION, user->id, user->revision, e);
    else if (rc == ERR_OK)
        user->revision++;
    if (rc == ERR_OK && user->state == USER_DISABLED)
        rc = run_with_text(store, Q_USER_LINKS_DROP, user->id, e);
    return rc;
}

static enum err_code check_owns_none(struct store *store, const char *id, struct err *e)
{
    struct query q = query_begin(store, Q_USER_OWNS_ROOM);
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

enum err_code store_user_delete(struct store *store, const char *id, int64_t revision, struct err *e)
{
    enum err_code rc = check_revision(store, Q_USER_REVISION, id, revision, e);

    if (rc == ERR_OK)
        rc = check_owns_none(store, id, e);
    if (rc == ERR_OK) /* the rooms lose a co-host, which changes them */
        rc = run_with_text(store, Q_USER_LEAVE_ROOMS, id, e);
    if (rc == ERR_OK)
        rc = run_with_text(store, Q_USER_DELETE, id, e);
    return rc;
}

enum err_code store_user_list(struct store *store, const char *after_id, int limit, struct user_list *out,
                              struct err *e)
{
    const int most = (int)(sizeof out->items / sizeof out->items[0]);
    enum err_code rc = check_cursor(store, Q_USER_REVISION, after_id, e);
    struct query q;

    out->count = 0;
    out->more = false;
    if (rc != ERR_OK)
        return rc;
    limit = limit < 1 ? 1 : limit > most ? most : limit;
    q = query_begin(store, after_id[0] ? Q_USER_PAGE : Q_USER_FIRST_PAGE);
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

enum err_code store_user_count(struct store *store, int64_t *users, int64_t *active_admins, struct err *e)
{
    struct query q = query_begin(store, Q_USER_COUNT);

    *users = *active_admins = 0;
    if (query_next(&q)) {
        *users = col_i64(&q, "users");
        *active_admins = col_i64(&q, "active_admins");
    }
    return query_end_one(&q, e);
}

/* --- one-time password links ---------------------------------------------------------------------------------------- */

enum err_code store_user_link_add(struct store *store, const char *user_id, const uint8_t code_hash[HASH_BYTES],
                                  int64_t expires_ms, struct err *e)
{
    enum err_code rc = run_with_text(store, Q_USER_LINKS_DROP, user_id, e);
    struct query q;

    if (rc != ERR_OK)
        return rc;
    q = query_begin(store, Q_USER_LINK_ADD);
    query_bytes(&q, code_hash, HASH_BYTES);
    query_text(&q, user_id);
    query_i64(&q, expires_ms);
    return not_found_without_reference(query_end(&q, e), e);
}

enum err_code store_user_link_find(struct store *store, const uint8_t code_hash[HASH_BYTES], int64_t now_ms,
                                   char user_id[ID_SIZE], struct err *e)
{
    struct query q = query_begin(store, Q_USER_LINK_FIND);
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

enum err_code store_user_link_take(struct store *store, const uint8_t code_hash[HASH_BYTES], int64_t now_ms,
                                   char user_id[ID_SIZE], struct err *e)
{
    enum err_code rc = store_user_link_find(store, code_hash, now_ms, user_id, e);
    struct query q;

    if (rc != ERR_OK)
        return rc;
    q = query_begin(store, Q_USER_LINK_DROP);
    query_bytes(&q, code_hash, HASH_BYTES);
    return query_end(&q, e);
}

/* --- settings of the practice --------------------------------------------------------------------------------------- */

enum err_code store_setting_get(struct store *store, const char *name, char *out, size_t size, struct err *e)
{
    struct query q = query_begin(store, Q_SETTING_GET);

    out[0] = '\0';
    query_text(&q, name);
    if (query_next(&q))
        col_text(&q, "value", out, size);
    return query_end(&q, e);
}

enum err_code store_setting_set(struct store *store, const char *name, const char *value, struct err *e)
{
    struct query q = query_begin(store, Q_SETTING_SET);

    query_text(&q, name);
    query_text(&q, value);
    return query_end(&q, e);
}
