/* api_users.c - accounts, as administrators manage them, and the parts that people may change themselves. */
#include <stdio.h>
#include <string.h>

#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/api_json.h"
#include "domain/crypto.h"
#include "store/store_users.h"
#include "util/arena.h"
#include "util/json_fields.h"
#include "util/str.h"

/* A change under way. */
struct change {
    struct user user;
    struct user before;
    char code[SECRET_TEXT_SIZE]; /* of a new password link, or "" */
    int64_t link_expires_ms;
    struct session_list ended;
};

static enum err_code find(struct call *c, struct user *out, struct err *e)
{
    enum err_code rc = store_user_by_id(c->store, http_request_param(c->request, "id"), out, e);

    return rc == ERR_NOT_FOUND ? api_not_found(e, "account") : rc;
}

static void reply_user(struct call *c, int status, json_t *body, const struct user *u)
{
    http_reply_json(c->reply, status, body);
    http_reply_etag(c->reply, u->revision);
}

/* Has the form of an IANA name; whether the name exists is left to the browser. */
static enum err_code apply_timezone(struct user *u, const char *name, struct err *e)
{
    if (name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/")] != '\0' ||
        !str_copy(u->timezone, sizeof u->timezone, name))
        return err_field(e, "timezone", "a time zone looks like Europe/Paris");
    return ERR_OK;
}

/* The members that people change themselves; null clears language and time zone. */
static enum err_code apply_personal(struct user *u, const json_t *body, struct err *e)
{
    enum err_code rc = ERR_OK;

    if (json_has(body, "name"))
        rc = user_clean_name("name", json_text(body, "name", ""), u->name, e);
    if (json_given(body, "language")) /* one of the field table's choices */
        (void)str_copy(u->language, sizeof u->language, json_text(body, "language", ""));
    if (rc == ERR_OK && json_given(body, "timezone"))
        rc = apply_timezone(u, json_text(body, "timezone", ""), e);
    return rc;
}

/* Role and whether the account is open, as an administrator sets them. */
static enum err_code apply_account(struct call *c, struct user *u, struct err *e)
{
    const json_t *body = api_body(c);
    char hash[PASSWORD_HASH_SIZE];
    enum err_code rc = ERR_OK;

    (void)user_role_from_name(json_text(body, "role", ""), &u->role); /* absent: stays */
    if (json_bool(body, "disabled", u->state == USER_DISABLED) == (u->state == USER_DISABLED))
        return ERR_OK;
    if (u->state != USER_DISABLED) {
        u->state = USER_DISABLED;
        return ERR_OK;
    }
    rc = store_user_password(c->store, u->id, hash, e);
    u->state = hash[0] ? USER_ACTIVE : USER_INVITED;
    return rc;
}

static bool is_active_admin(const struct user *u)
{
    return u->role == USER_ADMIN && u->state == USER_ACTIVE;
}

/* One person must remain who can let the others in. `after`: NULL when the account is deleted. */
static enum err_code check_admin_left(struct call *c, const struct user *before, const struct user *after,
                                      struct err *e)
{
    int64_t users, admins = 0;
    enum err_code rc;

    if (!is_active_admin(before) || (after && is_active_admin(after)))
        return ERR_OK;
    rc = store_user_count(c->store, &users, &admins, e);
    if (rc == ERR_OK && admins <= 1)
        return err_set(e, ERR_CONFLICT, "last_admin",
                       "This is the last administrator; make somebody else an administrator first.");
    return rc;
}

static enum err_code add_link(struct call *c, struct change *change, struct err *e)
{
    uint8_t hash[HASH_BYTES];
    enum err_code rc;

    crypto_new_secret(change->code, hash);
    change->link_expires_ms = c->now_ms + USER_LINK_MS;
    rc = store_user_link_add(c->store, change->user.id, hash, change->link_expires_ms, e);
    return rc == ERR_OK ? api_audit(c, AUDIT_PASSWORD_LINK, change->user.id, "", "", e) : rc;
}

/* Adds the link to the answer: it is shown only once. */
static json_t *with_link(struct call *c, json_t *o, const struct change *change)
{
    json_object_set_new(o, "link", json_sprintf("%s/password#%s", api_of(c)->public_url, change->code));
    json_object_set_new(o, "reach", json_string(api_of(c)->reach));
    json_object_set_new(o, "link_expires_at", api_json_time(change->link_expires_ms));
    return o;
}

static enum err_code api_user_list(struct call *c, struct err *e)
{
    struct user_list *list = arena_new(http_request_arena(c->request), sizeof *list);
    const char *after;
    int limit;
    json_t *items;
    enum err_code rc = http_request_page(c->request, &limit, &after, e);

    if (rc == ERR_OK)
        rc = store_user_list(c->store, after ? after : "", limit, list, e);
    if (rc != ERR_OK)
        return rc;
    items = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(items, api_json_user(&list->items[i]));
    api_reply_list(c, items, list->more ? list->items[list->count - 1].id : NULL);
    return ERR_OK;
}

static enum err_code create(struct call *c, void *arg, struct err *e)
{
    struct change *change = arg;
    char facts[40];
    enum err_code rc = store_user_add(c->store, &change->user, NULL, e);

    if (rc == ERR_CONFLICT)
        strcpy(e->field, "email");
    if (rc != ERR_OK)
        return rc;
    snprintf(facts, sizeof facts, "role=%s", user_role_name(change->user.role));
    rc = api_audit(c, AUDIT_USER_CREATE, change->user.id, change->user.email, facts, e);
    return rc == ERR_OK ? add_link(c, change, e) : rc;
}

static enum err_code api_user_create(struct call *c, struct err *e)
{
    struct change *change = arena_new(http_request_arena(c->request), sizeof *change);
    enum err_code rc = user_clean_email(json_text(api_body(c), "email", ""), change->user.email, e);

    if (rc == ERR_OK)
        rc = apply_personal(&change->user, api_body(c), e);
    if (rc != ERR_OK)
        return rc;
    (void)user_role_from_name(json_text(api_body(c), "role", "host"), &change->user.role);
    crypto_new_id(change->user.id);
    change->user.state = USER_INVITED;
    change->user.created_ms = c->now_ms;
    rc = api_write(c, create, change, e);
    if (rc == ERR_OK)
        reply_user(c, 201, with_link(c, api_json_user(&change->user), change), &change->user);
    return rc;
}

static enum err_code api_user_show(struct call *c, struct err *e)
{
    struct user u;
    enum err_code rc = find(c, &u, e);

    if (rc == ERR_OK)
        reply_user(c, 200, api_json_user(&u), &u);
    return rc;
}

static enum err_code note_change(struct call *c, const struct change *change, struct err *e)
{
    bool disabled = change->user.state == USER_DISABLED && change->before.state != USER_DISABLED;
    char facts[80];

    snprintf(facts, sizeof facts, "role=%s state=%s", user_role_name(change->user.role),
             user_state_name(change->user.state));
    return api_audit(c, disabled ? AUDIT_USER_DISABLE : AUDIT_USER_CHANGE, change->user.id, change->user.name, facts,
                     e);
}

/* Stores x->user; a changed role or a closed account ends the earlier sign-ins. */
static enum err_code save(struct call *c, struct change *change, struct err *e)
{
    bool other_rights = change->user.role != change->before.role || change->user.state != change->before.state;
    enum err_code rc = check_admin_left(c, &change->before, &change->user, e);

    if (rc == ERR_OK)
        rc = store_user_update(c->store, &change->user, e);
    if (rc == ERR_OK && other_rights)
        rc = api_end_sessions(c, change->user.id, "", &change->ended, e);
    return rc == ERR_OK ? note_change(c, change, e) : rc;
}

static enum err_code change(struct call *c, void *arg, struct err *e)
{
    struct change *edit = arg;
    enum err_code rc = find(c, &edit->user, e);

    edit->before = edit->user;
    if (rc == ERR_OK)
        rc = call_check_etag(c, edit->user.revision, e);
    if (rc == ERR_OK)
        rc = apply_personal(&edit->user, api_body(c), e);
    if (rc == ERR_OK)
        rc = apply_account(c, &edit->user, e);
    return rc == ERR_OK ? save(c, edit, e) : rc;
}

static enum err_code api_user_change(struct call *c, struct err *e)
{
    struct change *edit = arena_new(http_request_arena(c->request), sizeof *edit);
    enum err_code rc = api_write(c, change, edit, e);

    if (rc != ERR_OK)
        return rc;
    api_sessions_ended(c, &edit->ended);
    reply_user(c, 200, api_json_user(&edit->user), &edit->user);
    return ERR_OK;
}

static enum err_code change_own(struct call *c, void *arg, struct err *e)
{
    struct change *change = arg;
    enum err_code rc = store_user_by_id(c->store, c->user->id, &change->user, e);

    change->before = change->user;
    if (rc == ERR_OK)
        rc = call_check_etag(c, change->user.revision, e);
    if (rc == ERR_OK)
        rc = apply_personal(&change->user, api_body(c), e);
    return rc == ERR_OK ? save(c, change, e) : rc;
}

static enum err_code api_me_change(struct call *c, struct err *e)
{
    struct change *change = arena_new(http_request_arena(c->request), sizeof *change);
    enum err_code rc = api_write(c, change_own, change, e);

    if (rc == ERR_OK)
        reply_user(c, 200, api_json_user(&change->user), &change->user);
    return rc;
}

static enum err_code delete_user(struct call *c, void *arg, struct err *e)
{
    struct change *change = arg;
    enum err_code rc = find(c, &change->before, e);

    if (rc == ERR_OK)
        rc = call_check_etag(c, change->before.revision, e);
    if (rc == ERR_OK)
        rc = check_admin_left(c, &change->before, NULL, e);
    if (rc == ERR_OK)
        rc = api_end_sessions(c, change->before.id, "", &change->ended, e);
    if (rc == ERR_OK)
        rc = store_user_delete(c->store, change->before.id, 0, e);
    if (rc == ERR_OK)
        rc = api_audit(c, AUDIT_USER_DELETE, change->before.id, change->before.email, "", e);
    return rc;
}

static enum err_code api_user_delete(struct call *c, struct err *e)
{
    struct change *change = arena_new(http_request_arena(c->request), sizeof *change);
    enum err_code rc = api_write(c, delete_user, change, e);

    if (rc != ERR_OK)
        return rc;
    api_sessions_ended(c, &change->ended);
    http_reply_empty(c->reply);
    return ERR_OK;
}

static enum err_code new_link(struct call *c, void *arg, struct err *e)
{
    struct change *change = arg;
    enum err_code rc = find(c, &change->user, e);

    if (rc == ERR_OK && change->user.state == USER_DISABLED)
        return err_set(e, ERR_CONFLICT, "user_disabled", "This account is disabled; enable it first.");
    return rc == ERR_OK ? add_link(c, change, e) : rc;
}

static enum err_code api_user_link(struct call *c, struct err *e)
{
    struct change *change = arena_new(http_request_arena(c->request), sizeof *change);
    enum err_code rc = api_write(c, new_link, change, e);

    if (rc == ERR_OK)
        http_reply_json(c->reply, 201, with_link(c, json_pack("{s:s}", "id", change->user.id), change));
    return rc;
}

/* ---- the table ---- */

/* clang-format off */
#define PERSONAL                                                                                                       \
    { "language", FIELD_CHOICE, .nullable = true, .choices = "en|ar", .help = "null: the practice's" },               \
    { "timezone", FIELD_TEXT, .nullable = true, .max = 47, .help = "IANA name; null: the device's" }

static const struct field ME[] = { NAME(.min = 1, .help = "shown to others in calls"), PERSONAL, END };
static const struct field USER_CREATE[] = {
    EMAIL(.required = true, .help = "address to sign in with; never changes"),
    NAME(.required = true, .help = "shown to others in calls"),
    { "role", FIELD_CHOICE, .required = true, .choices = "admin|host|desk" },
    PERSONAL,
    END,
};
static const struct field USER_CHANGE[] = {
    NAME(.min = 1),
    { "role", FIELD_CHOICE, .choices = "admin|host|desk", .help = "another role ends the account's sign-ins" },
    { "disabled", FIELD_BOOL, .help = "true ends the account's sign-ins, voids its password link and refuses new sign-ins" },
    PERSONAL,
    END,
};

const struct route ROUTES_USERS[] = {
    { "PATCH", V1 "/me", ACCESS_USER, .body = ME, .run = api_me_change,
      .help = "Change my name, language, time zone", .answer = "the account, with etag" },
    { "GET", V1 "/users", ACCESS_ADMIN, .reads_only = true, .run = api_user_list,
      .help = "List accounts, newest first", .answer = "{items, next}" },
    { "POST", V1 "/users", ACCESS_ADMIN, .body = USER_CREATE, .run = api_user_create,
      .help = "Make an account", .answer = "201 the account, with its one-time password link" },
    { "GET", V1 "/users/:id", ACCESS_ADMIN, .reads_only = true, .run = api_user_show,
      .help = "Show an account", .answer = "the account, with etag" },
    { "PATCH", V1 "/users/:id", ACCESS_ADMIN, .body = USER_CHANGE, .run = api_user_change,
      .help = "Change an account", .answer = "the account, with etag" },
    { "DELETE", V1 "/users/:id", ACCESS_ADMIN, .run = api_user_delete,
      .help = "Delete an account that owns no rooms", .answer = "204" },
    { "POST", V1 "/users/:id/link", ACCESS_ADMIN, .body = NOTHING, .run = api_user_link,
      .help = "Make a new one-time password link; voids the older one", .answer = "201 {id, link, link_expires_at, reach}" },
    { 0 },
};
/* clang-format on */
