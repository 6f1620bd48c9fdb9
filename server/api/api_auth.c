/* api_auth.c - signing in and out, and a person's own list of sign-ins. */
#include <string.h>

#include "access/access_device_cookie.h"
#include "access/access_session.h"
#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/api_json.h"
#include "api/throttle.h"
#include "domain/password.h"
#include "observe/metrics.h"
#include "store/store_devices.h"
#include "store/store_users.h"
#include "util/arena.h"
#include "util/clock.h"
#include "util/json_fields.h"
#include "util/mem.h"
#include "util/str.h"

struct sign_in {
    struct user user;
    bool known;             /* an active account of this address */
    char email[EMAIL_SIZE]; /* as typed and cleaned: the throttle counts by it, also for addresses without an account */
    struct throttle_who who;           /* for the throttle */
    uint8_t device[HASH_BYTES];        /* where the sign-in comes from */
    char hash[PASSWORD_HASH_SIZE];     /* as stored, "" when unknown */
    char new_hash[PASSWORD_HASH_SIZE]; /* with the current cost, "" when it need not change */
    struct session session;
    bool waits; /* this failure makes the account wait */
};

/* Finds the account. The answer does not reveal whether there is one: an unknown address takes the same path with an empty hash. */
static enum err_code find_account(struct call *c, struct sign_in *s, struct err *e)
{
    enum err_code rc;

    if (user_clean_email(json_text(api_body(c), "email", ""), s->email, NULL) != ERR_OK)
        return ERR_OK;
    rc = store_user_by_email(c->store, s->email, &s->user, e);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc == ERR_OK && s->user.state == USER_ACTIVE) {
        s->known = true;
        rc = store_user_password(c->store, s->user.id, s->hash, e);
    }
    return rc;
}

/* A device on which this account was signed in before counts separately, everything else by its site. */
static enum err_code find_origin(struct call *c, struct sign_in *s, struct err *e)
{
    enum err_code rc = ERR_OK;
    char site[IP_SITE_SIZE], hex[STR_HEX_SIZE(HASH_BYTES)];

    s->who = (struct throttle_who){ .account = s->email };
    if (c->device)
        rc = store_device_is_of(c->store, c->device, s->known ? s->user.id : "", c->now_ms, &s->who.own_device, e);
    if (rc != ERR_OK)
        return rc;
    if (s->who.own_device)
        str_hex(hex, c->device, HASH_BYTES);
    else
        api_site(c, site);
    s->who.from = arena_text(http_request_arena(c->request), s->who.own_device ? hex : site);
    return ERR_OK;
}

static enum err_code note_failure(struct call *c, void *arg, struct err *e)
{
    const struct sign_in *s = arg;
    const char *id = s->known ? s->user.id : "", *facts = s->known ? "account=known" : "account=unknown";
    enum err_code rc = api_audit_arrival(c, AUDIT_SIGN_IN_FAILED, "anonymous", id, facts, e);

    return rc == ERR_OK && s->waits ? api_audit_arrival(c, AUDIT_SIGN_IN_THROTTLE, "anonymous", id, facts, e) : rc;
}

static enum err_code refuse(struct call *c, struct sign_in *s, struct err *e)
{
    struct err why = *e;
    enum err_code rc;

    metrics_count(METRIC_SIGN_IN_FAILED, 1);
    s->waits = throttle_failed(api_of(c)->sign_ins, &s->who, clock_mono_ms());
    rc = api_write(c, note_failure, s, e);
    if (rc != ERR_OK)
        return rc;
    *e = why;
    return why.kind;
}

/* Checking took a while, and the password may have been changed or the account closed meanwhile: then the old password
 * opens nothing, and its new hash must not replace the new password. */
static enum err_code check_unchanged(struct call *c, const struct sign_in *s, struct err *e)
{
    char hash[PASSWORD_HASH_SIZE] = "";
    struct user user;
    enum err_code rc = store_user_by_id(c->store, s->user.id, &user, e);

    if (rc == ERR_OK)
        rc = store_user_password(c->store, s->user.id, hash, e);
    if (rc == ERR_NOT_FOUND || (rc == ERR_OK && (user.state != USER_ACTIVE || strcmp(hash, s->hash) != 0)))
        rc = err_set(e, ERR_AUTH, "bad_credentials", "the e-mail address or the password is wrong");
    mem_wipe(hash, sizeof hash);
    return rc;
}

static enum err_code enter(struct call *c, void *arg, struct err *e)
{
    struct sign_in *s = arg;
    enum err_code rc = check_unchanged(c, s, e);

    if (rc == ERR_OK && s->new_hash[0])
        rc = store_user_set_password(c->store, s->user.id, s->new_hash, c->now_ms, e);
    if (rc == ERR_OK)
        rc = access_session_start(c, s->user.id, &s->session, e);
    if (rc == ERR_OK)
        rc = store_device_seen(c->store, s->user.id, s->device, c->now_ms, e);
    if (rc == ERR_OK)
        rc = api_audit_arrival(c, AUDIT_SIGN_IN, s->user.id, s->user.id, "", e);
    return rc;
}

static enum err_code accept(struct call *c, struct sign_in *s, const char *password, struct err *e)
{
    enum err_code rc = ERR_OK;

    if (password_needs_rehash(s->hash))
        rc = password_hash(password, s->new_hash, e);
    access_device_cookie_identity(c, api_of(c)->keys->device, s->device);
    if (rc == ERR_OK)
        rc = api_write(c, enter, s, e);
    if (rc != ERR_OK)
        return rc;
    if (c->session) /* access_session_start() ended it: the cookie is a new one */
        hub_session_ended(api_of(c)->hub, c->session->id);
    throttle_passed(api_of(c)->sign_ins, &s->who);
    metrics_count(METRIC_SIGN_IN_OK, 1);
    http_reply_json(c->reply, 200,
                    json_pack("{s:o, s:b, s:o}", "user", api_json_user(&s->user), "mfa_due", false, "may",
                              api_json_may(permission_of_practice(s->user.role))));
    return ERR_OK;
}

static enum err_code api_sign_in(struct call *c, struct err *e)
{
    const char *password = json_text(api_body(c), "password", "");
    struct sign_in s = { .known = false };
    enum err_code rc = find_account(c, &s, e);

    if (rc == ERR_OK)
        rc = find_origin(c, &s, e);
    if (rc == ERR_OK)
        rc = throttle_check(api_of(c)->sign_ins, &s.who, clock_mono_ms(), e);
    if (rc != ERR_OK)
        return rc;
    metrics_count(METRIC_PASSWORD_HASHES, 1);
    rc = password_verify(password, s.hash, e);
    if (rc == ERR_OK)
        rc = accept(c, &s, password, e);
    if (rc == ERR_AUTH)
        rc = refuse(c, &s, e);
    mem_wipe(s.hash, sizeof s.hash);
    mem_wipe(s.new_hash, sizeof s.new_hash);
    return rc;
}

static enum err_code api_who_am_i(struct call *c, struct err *e)
{
    (void)e;
    http_reply_json(c->reply, 200,
                    json_pack("{s:o, s:b, s:o, s:o}", "user", api_json_user(c->user), "mfa_due", false, "may",
                              api_json_may(permission_of_practice(c->user->role)), "session",
                              api_json_session(c->session, true)));
    return ERR_OK;
}

struct ending {
    const char *session_id;
    enum audit_action action;
};

static enum err_code end_one(struct call *c, void *arg, struct err *e)
{
    const struct ending *ending = arg;
    enum err_code rc = store_session_end(c->store, ending->session_id, c->user->id, e);

    if (rc == ERR_NOT_FOUND)
        return api_not_found(e, "sign-in");
    return rc == ERR_OK ? api_audit(c, ending->action, ending->session_id, "", "", e) : rc;
}

static enum err_code end_session(struct call *c, const char *session_id, enum audit_action action, struct err *e)
{
    struct ending ending = { session_id, action };
    enum err_code rc = api_write(c, end_one, &ending, e);

    if (rc != ERR_OK)
        return rc;
    if (strcmp(session_id, c->session->id) == 0)
        access_session_drop_cookie(c);
    hub_session_ended(api_of(c)->hub, session_id);
    http_reply_empty(c->reply);
    return ERR_OK;
}

static enum err_code api_sign_out(struct call *c, struct err *e)
{
    return end_session(c, c->session->id, AUDIT_SIGN_OUT, e);
}

static enum err_code api_session_end(struct call *c, struct err *e)
{
    return end_session(c, http_request_param(c->request, "id"), AUDIT_SESSION_END, e);
}

static enum err_code api_session_list(struct call *c, struct err *e)
{
    struct session_list *list = arena_new(http_request_arena(c->request), sizeof *list);
    enum err_code rc = store_session_list(c->store, c->user->id, c->now_ms, list, e);
    json_t *items;

    if (rc != ERR_OK)
        return rc;
    items = json_array();
    for (size_t i = 0; i < list->count; i++) {
        bool current = strcmp(list->items[i].id, c->session->id) == 0;

        json_array_append_new(items, api_json_session(&list->items[i], current));
    }
    api_reply_list(c, items, NULL);
    return ERR_OK;
}

/* ---- the table ---- */

/* clang-format off */
static const struct field SIGN_IN[] = {
    EMAIL(.required = true),
    PASSWORD("the password"),
    { "totp", FIELD_TEXT, .later = true, .help = "second factor" },
    { "recovery", FIELD_TEXT, .later = true, .help = "recovery code" },
    END,
};

const struct route ROUTES_AUTH[] = {
    { "POST", V1 "/session", ACCESS_ANYONE, .hashes = true, .limit = LIMIT_SIGN_IN, .body = SIGN_IN, .run = api_sign_in,
      .help = "Sign in", .answer = "{user, mfa_due, may} and the cookie" },
    { "GET", V1 "/session", ACCESS_USER, .reads_only = true, .works_before_setup = true, .run = api_who_am_i,
      .help = "Show my account; `may` lists my permissions beside those in each room", .answer = "{user, mfa_due, may, session}" },
    { "DELETE", V1 "/session", ACCESS_USER, .run = api_sign_out, .help = "Sign out", .answer = "204" },
    { "GET", V1 "/sessions", ACCESS_USER, .reads_only = true, .run = api_session_list,
      .help = "List my sign-ins on all devices", .answer = "{items, next}" },
    { "DELETE", V1 "/sessions/:id", ACCESS_USER, .run = api_session_end,
      .help = "End one of my sign-ins and its sockets", .answer = "204" },
    { 0 },
};
/* clang-format on */
