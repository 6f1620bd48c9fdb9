/* api_password.c - redeeming a one-time password link, and changing one's own password. */
#include <string.h>

#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/practice.h"
#include "api/throttle.h"
#include "domain/crypto.h"
#include "domain/password.h"
#include "observe/metrics.h"
#include "store/store_devices.h"
#include "store/store_users.h"
#include "util/arena.h"
#include "util/clock.h"
#include "util/json_fields.h"
#include "util/mem.h"

struct new_password {
    struct user user;
    uint8_t code_hash[HASH_BYTES]; /* of the link's code */
    char hash[PASSWORD_HASH_SIZE];
    char keep_session[ID_SIZE]; /* the sign-in that stays, or "" */
    struct session_list ended;
};

/* Checks the length, and for things that others know about this person. */
static enum err_code check_policy(struct call *c, const struct user *u, const char *password, struct err *e)
{
    struct practice practice;
    enum err_code rc = practice_load(c->store, &practice, e);

    if (rc != ERR_OK)
        return rc;
    return password_check_policy(
        password, arena_printf(http_request_arena(c->request), "%s %s %s", u->email, u->name, practice.name), e);
}

static enum err_code hash(const char *password, struct new_password *n, struct err *e)
{
    metrics_count(METRIC_PASSWORD_HASHES, 1);
    return password_hash(password, n->hash, e);
}

/* Inside a write: sets the password and ends the sign-ins made with the old one. */
static enum err_code set(struct call *c, struct new_password *n, struct err *e)
{
    enum err_code rc = store_user_set_password(c->store, n->user.id, n->hash, c->now_ms, e);

    if (rc == ERR_OK)
        rc = api_end_sessions(c, n->user.id, n->keep_session, &n->ended, e);
    if (rc == ERR_OK) /* a person who knew the old one may be signed in elsewhere */
        rc = store_device_forget(c->store, n->user.id, n->keep_session[0] ? c->device : NULL, e);
    if (rc == ERR_OK)
        rc = api_audit_arrival(c, AUDIT_PASSWORD_CHANGE, n->user.id, n->user.id,
                               n->keep_session[0] ? "by=self" : "by=link", e);
    return rc;
}

/* The owner of the link; uses the link up, or only reads it. */
static enum err_code find_link(struct call *c, struct new_password *n, bool take, struct err *e)
{
    char user_id[ID_SIZE];
    enum err_code rc = take ? store_user_link_take(c->store, n->code_hash, c->now_ms, user_id, e)
                            : store_user_link_find(c->store, n->code_hash, c->now_ms, user_id, e);

    if (rc == ERR_OK)
        rc = store_user_by_id(c->store, user_id, &n->user, e);
    if (rc == ERR_AUTH || rc == ERR_NOT_FOUND || (rc == ERR_OK && n->user.state == USER_DISABLED))
        return err_set(e, ERR_NOT_FOUND, "unknown_code",
                       "This link has already been used or is too old. Ask an administrator for a new one.");
    return rc;
}

static enum err_code redeem(struct call *c, void *arg, struct err *e)
{
    struct new_password *n = arg;
    enum err_code rc = find_link(c, n, true, e);

    return rc == ERR_OK ? set(c, n, e) : rc;
}

static enum err_code api_password_redeem(struct call *c, struct err *e)
{
    const char *code = json_text(api_body(c), "code", ""), *password = json_text(api_body(c), "password", "");
    struct new_password *n = arena_new(http_request_arena(c->request), sizeof *n);
    char site[IP_SITE_SIZE];
    enum err_code rc;

    crypto_digest(code, strlen(code), n->code_hash);
    /* An unknown code must not cost a hash, and a weak password must not cost the link. */
    rc = find_link(c, n, false, e);
    if (rc == ERR_OK)
        rc = check_policy(c, &n->user, password, e);
    if (rc == ERR_OK)
        rc = hash(password, n, e);
    if (rc == ERR_OK)
        rc = api_write(c, redeem, n, e);
    mem_wipe(n->hash, sizeof n->hash);
    if (rc != ERR_OK)
        return rc;
    api_sessions_ended(c, &n->ended);
    api_site(c, site);
    throttle_passed(api_of(c)->sign_ins, &(struct throttle_who){ .account = n->user.email, .from = site });
    http_reply_json(c->reply, 200, json_pack("{s:s}", "email", n->user.email));
    return ERR_OK;
}

static enum err_code note_wait(struct call *c, void *arg, struct err *e)
{
    (void)arg;
    return api_audit_arrival(c, AUDIT_SIGN_IN_THROTTLE, c->user->id, c->user->id, "", e);
}

/* A finder of a signed-in device must not guess the password through it; and guesses of others elsewhere do not keep the owner
 * from changing it. */
static enum err_code check_current(struct call *c, struct err *e)
{
    const struct throttle_who who = { .account = c->user->email, .from = c->session->id, .own_device = true };
    struct throttle *throttle = api_of(c)->sign_ins;
    char stored[PASSWORD_HASH_SIZE];
    enum err_code rc = throttle_check(throttle, &who, clock_mono_ms(), e);

    if (rc == ERR_OK)
        rc = store_user_password(c->store, c->user->id, stored, e);
    if (rc != ERR_OK)
        return rc;
    metrics_count(METRIC_PASSWORD_HASHES, 1);
    rc = password_verify(json_text(api_body(c), "current", ""), stored, e);
    mem_wipe(stored, sizeof stored);
    if (rc != ERR_AUTH)
        return rc;
    if (throttle_failed(throttle, &who, clock_mono_ms())) {
        rc = api_write(c, note_wait, NULL, e);
        if (rc != ERR_OK)
            return rc;
    }
    err_set(e, ERR_FORBIDDEN, "wrong_password", "This is not your current password.");
    strcpy(e->field, "current");
    return ERR_FORBIDDEN;
}

static enum err_code change(struct call *c, void *arg, struct err *e)
{
    return set(c, arg, e);
}

static enum err_code api_password_change(struct call *c, struct err *e)
{
    const char *password = json_text(api_body(c), "password", "");
    struct new_password *n = arena_new(http_request_arena(c->request), sizeof *n);
    enum err_code rc = check_policy(c, c->user, password, e); /* a weak password must not cost a hash */

    n->user = *c->user;
    memcpy(n->keep_session, c->session->id, sizeof n->keep_session);
    if (rc == ERR_OK)
        rc = check_current(c, e);
    if (rc == ERR_OK)
        rc = hash(password, n, e);
    if (rc == ERR_OK)
        rc = api_write(c, change, n, e);
    mem_wipe(n->hash, sizeof n->hash);
    if (rc != ERR_OK)
        return rc;
    api_sessions_ended(c, &n->ended);
    http_reply_empty(c->reply);
    return ERR_OK;
}

/* ---- the table ---- */

/* clang-format off */
static const struct field PASSWORD_LINK[] = { CODE("from the link"), PASSWORD("the new password"), END };
static const struct field PASSWORD_OWN[] = {
    { "current", FIELD_TEXT, .required = true, .max = PASSWORD_MAX_BYTES, .help = "the password in force" },
    PASSWORD("the new one"),
    END,
};

const struct route ROUTES_PASSWORD[] = {
    { "POST", V1 "/password", ACCESS_ANYONE, .hashes = true, .limit = LIMIT_CODE, .body = PASSWORD_LINK, .run = api_password_redeem,
      .help = "Set a password with a one-time link", .answer = "{email}" },
    { "PUT", V1 "/me/password", ACCESS_USER, .hashes = true, .limit = LIMIT_PASSWORD, .body = PASSWORD_OWN, .run = api_password_change,
      .help = "Change my password; ends my other sign-ins", .answer = "204" },
    { 0 },
};
/* clang-format on */
