/* api_setup.c - the first administrator, made with the code that the server printed, once. */
#include <string.h>

#include "access/access_session.h"
#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/api_json.h"
#include "api/practice.h"
#include "api/setup_code.h"
#include "domain/crypto.h"
#include "observe/metrics.h"
#include "store/store_users.h"
#include "util/arena.h"
#include "util/json_fields.h"
#include "util/mem.h"

struct first {
    struct user user;
    struct practice practice;
    char hash[PASSWORD_HASH_SIZE];
    struct session session;
};

static enum err_code check_nobody(struct call *c, struct err *e)
{
    int64_t users = 0, admins;
    enum err_code rc = store_user_count(c->store, &users, &admins, e);

    if (rc == ERR_OK && users > 0)
        return err_set(e, ERR_CONFLICT, "already_set_up", "This installation is already set up; sign in instead.");
    return rc;
}

static enum err_code check_fields(struct call *c, struct first *f, struct err *e)
{
    const json_t *body = api_body(c);
    const char *known;
    enum err_code rc = user_clean_name("name", json_text(body, "name", ""), f->user.name, e);

    if (rc == ERR_OK)
        rc = user_clean_email(json_text(body, "email", ""), f->user.email, e);
    if (rc == ERR_OK)
        rc = practice_load(c->store, &f->practice, e);
    if (rc == ERR_OK)
        rc = practice_apply(&f->practice, body, e);
    if (rc != ERR_OK)
        return rc;
    known = arena_printf(http_request_arena(c->request), "%s %s %s", f->user.email, f->user.name, f->practice.name);
    return password_check_policy(json_text(body, "password", ""), known, e);
}

/* The code is removed inside the transaction: of two simultaneous setups, the second finds a user and no code. */
static enum err_code make_first(struct call *c, void *arg, struct err *e)
{
    struct first *f = arg;
    enum err_code rc = check_nobody(c, e);

    if (rc == ERR_OK)
        rc = store_user_add(c->store, &f->user, f->hash, e);
    if (rc == ERR_OK)
        rc = practice_save(c->store, &f->practice, e);
    if (rc == ERR_OK)
        rc = access_session_start(c, f->user.id, &f->session, e);
    if (rc == ERR_OK)
        rc = api_audit_arrival(c, AUDIT_SETUP, f->user.id, f->user.id, "role=admin", e);
    return rc;
}

static enum err_code api_setup(struct call *c, struct err *e)
{
    const json_t *body = api_body(c);
    struct api *a = api_of(c);
    struct first f = { .user = { .role = USER_ADMIN, .state = USER_ACTIVE, .created_ms = c->now_ms } };
    enum err_code rc = check_nobody(c, e);

    if (rc == ERR_OK && !setup_code_matches(a->data_folder, json_text(body, "code", "")))
        return err_set(e, ERR_FORBIDDEN, "wrong_code",
                       "This is not the setup code. The code is in the file setup-code in the data folder.");
    if (rc == ERR_OK)
        rc = check_fields(c, &f, e);
    if (rc != ERR_OK)
        return rc;
    crypto_new_id(f.user.id);
    metrics_count(METRIC_PASSWORD_HASHES, 1);
    rc = password_hash(json_text(body, "password", ""), f.hash, e);
    if (rc == ERR_OK)
        rc = api_write(c, make_first, &f, e);
    mem_wipe(f.hash, sizeof f.hash);
    if (rc != ERR_OK)
        return rc;
    setup_code_remove(a->data_folder);
    practice_fill(a->fill, &f.practice);
    http_reply_json(c->reply, 201, json_pack("{s:o, s:b}", "user", api_json_user(&f.user), "mfa_due", false));
    return ERR_OK;
}

/* ---- the table ---- */

/* clang-format off */
static const struct field SETUP[] = {
    CODE("the setup code that the server printed"),
    { "practice", FIELD_TEXT, .required = true, .min = 1, .max = TEXT_NAME, .help = "name of the practice" },
    NAME(.required = true, .help = "name of the first administrator"),
    EMAIL(.required = true, .help = "address to sign in with"),
    PASSWORD("15 to 128 characters"),
    END,
};

const struct route ROUTES_SETUP[] = {
    { "POST", V1 "/setup", ACCESS_ANYONE, .works_before_setup = true, .hashes = true, .limit = LIMIT_SETUP, .body = SETUP, .run = api_setup,
      .help = "Make the first administrator", .answer = "201 {user, mfa_due}, signed in" },
    { 0 },
};
/* clang-format on */
