/* user add | list | disable | password. Who may sign in, from the machine itself. */
#include "cli/cmd.h"

#include <string.h>

#include "api/setup_code.h"
#include "config/config_form.h"
#include "domain/crypto.h"
#include "domain/password.h"
#include "store/store_sessions.h"
#include "store/store_users.h"
#include "util/clock.h"
#include "util/mem.h"
#include "util/str.h"

#define PAGE 200

/* What an account needs for signing in: a password's hash, or a link to set one. */
struct password_or_link {
    char hash[PASSWORD_HASH_SIZE]; /* "" with a link */
    char code[SECRET_TEXT_SIZE];   /* of the link; "" with a password */
    uint8_t code_hash[HASH_BYTES];
};

/* Hashes the password outside the write, which would otherwise take 100 ms longer. */
static enum err_code make_password_or_link(const struct command_call *c, const char *email, struct password_or_link *p,
                                           struct err *e)
{
    enum err_code rc;

    memset(p, 0, sizeof *p);
    if (!c->args->password) {
        crypto_new_secret(p->code, p->code_hash);
        return ERR_OK;
    }
    rc = password_check_policy(c->args->password, email, e);
    if (rc == ERR_OK) {
        bool may = password_may_hash(true); /* only this command's user waits */

        rc = password_hash(c->args->password, p->hash, e);
        password_may_hash(may);
    }
    return rc;
}

static enum err_code grant_password_or_link(struct command_call *c, const struct user *u,
                                            const struct password_or_link *p, struct err *e)
{
    enum err_code rc;

    if (*p->hash)
        rc = store_user_set_password(c->store, u->id, p->hash, c->now_ms, e);
    else
        rc = store_user_link_add(c->store, u->id, p->code_hash, c->now_ms + USER_LINK_MS, e);
    return rc;
}

static json_t *user_json(const struct user *u)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", u->id, "email", u->email, "name", u->name, "role",
                     user_role_name(u->role), "state", user_state_name(u->state));
}

static void add_link(const struct command_call *c, json_t *answer, const struct password_or_link *p)
{
    char until[CLOCK_RFC3339_SIZE];

    clock_rfc3339(until, c->now_ms + USER_LINK_MS);
    json_object_set_new(answer, "link", json_sprintf("%s/password#%s", c->config->public_url, p->code));
    json_object_set_new(answer, "link_expires_at", json_string(until));
}

/* A link is passed on, so problems with it are reported here, where there is a remedy. */
static void tell_reach(const struct command_call *c)
{
    struct form_url url;

    if (form_url(c->config->public_url, &url) && form_reach_words(url.reach))
        tell(c, "%s\n", form_reach_words(url.reach));
}

static void say_password_or_link(const struct command_call *c, const struct user *u, const struct password_or_link *p)
{
    if (command_wants_json(c)) {
        json_t *answer = user_json(u);

        if (*p->code)
            add_link(c, answer, p);
        say_json(c, answer);
    } else if (*p->code) {
        tell(c, "Give this link to %s yourself. It sets the password of %s, once, within %d days:\n", u->name, u->email,
             USER_LINK_DAYS);
        say(c, "%s/password#%s\n", c->config->public_url, p->code);
        tell(c, "After that they sign in at %s/signin\n", c->config->public_url);
        tell_reach(c);
    } else {
        tell(c, "%s can sign in at %s/signin\n", u->email, c->config->public_url);
    }
}

static enum err_code user_from_flags(const struct command_call *c, struct user *u, struct err *e)
{
    const char *role = command_flag(c, "role");
    enum err_code rc;

    memset(u, 0, sizeof *u);
    crypto_new_id(u->id);
    u->created_ms = c->now_ms;
    u->state = c->args->password ? USER_ACTIVE : USER_INVITED;
    if (!user_role_from_name(role, &u->role))
        return err_set(e, ERR_INTERNAL, "internal", "the command's row takes a role that there is not");
    rc = user_clean_email(c->args->words[0], u->email, e);
    return rc == ERR_OK ? user_clean_name("name", command_flag(c, "name"), u->name, e) : rc;
}

static enum err_code user_add_rows(struct command_call *c, struct user *u, const struct password_or_link *p,
                                   struct err *e)
{
    char facts[40] = "role=";
    enum err_code rc = store_user_add(c->store, u, *p->hash ? p->hash : NULL, e);

    strcat(facts, user_role_name(u->role));
    if (rc == ERR_OK && *p->code)
        rc = grant_password_or_link(c, u, p, e);
    return rc == ERR_OK ? command_audit(c, AUDIT_USER_CREATE, u->id, facts, u->email, e) : rc;
}

enum cli_status cmd_user_add(struct command_call *c)
{
    struct password_or_link p = { 0 };
    struct err e = { 0 };
    struct user u;
    enum err_code rc = user_from_flags(c, &u, &e);

    if (rc == ERR_OK)
        rc = make_password_or_link(c, u.email, &p, &e);
    if (rc == ERR_OK)
        rc = store_write_begin(c->store, &e);
    if (rc == ERR_OK)
        rc = store_write_end(c->store, user_add_rows(c, &u, &p, &e), &e);
    if (rc == ERR_OK) {
        setup_code_remove(c->config->data); /* the machine's owner has set it up this way */
        say_password_or_link(c, &u, &p);
    }
    mem_wipe(&p, sizeof p);
    return rc == ERR_OK ? CLI_DONE : command_failed(c, &e);
}

enum cli_status cmd_user_list(struct command_call *c)
{
    struct user_list *page = mem_new(sizeof *page);
    json_t *items = json_array();
    char after[ID_SIZE] = "";
    struct err e = { 0 };
    enum err_code rc;

    do {
        rc = store_user_list(c->store, after, PAGE, page, &e);
        for (size_t i = 0; rc == ERR_OK && i < page->count; i++) {
            const struct user *u = &page->items[i];

            str_copy(after, sizeof after, u->id);
            json_array_append_new(items, user_json(u));
            if (!command_wants_json(c))
                say(c, "%-6s %-9s %-32s %s\n", user_role_name(u->role), user_state_name(u->state), u->email, u->name);
        }
    } while (rc == ERR_OK && page->more && page->count > 0);
    if (rc == ERR_OK && command_wants_json(c))
        say_json(c, json_pack("{s:O}", "items", items));
    json_decref(items);
    mem_free(page);
    return rc == ERR_OK ? CLI_DONE : command_failed(c, &e);
}

static enum err_code find_user(struct command_call *c, struct user *u, struct err *e)
{
    char email[EMAIL_SIZE];
    enum err_code rc = user_clean_email(c->args->words[0], email, e);

    if (rc == ERR_OK)
        rc = store_user_by_email(c->store, email, u, e);
    if (rc == ERR_NOT_FOUND)
        err_set(e, rc, "not_found", "no account has this address. `parlour user list` shows the accounts");
    return rc;
}

/* Nobody could let the others in again. */
static enum err_code refuse_last_admin(struct command_call *c, const struct user *u, struct err *e)
{
    int64_t users, admins;
    enum err_code rc = store_user_count(c->store, &users, &admins, e);

    if (rc == ERR_OK && u->role == USER_ADMIN && u->state == USER_ACTIVE && admins <= 1)
        return err_set(e, ERR_CONFLICT, "last_admin",
                       "this is the last admin who can sign in. Make another one first: parlour user add");
    return rc;
}

static enum err_code disable_rows(struct command_call *c, struct user *u, struct session_list *ended, struct err *e)
{
    enum err_code rc = find_user(c, u, e);

    if (rc == ERR_OK)
        rc = refuse_last_admin(c, u, e);
    if (rc == ERR_OK) {
        u->state = USER_DISABLED;
        rc = store_user_update(c->store, u, e);
    }
    if (rc == ERR_OK)
        rc = store_session_end_all(c->store, u->id, "", ended, e);
    return rc == ERR_OK ? command_audit(c, AUDIT_USER_DISABLE, u->id, "", u->email, e) : rc;
}

/* After the commit: a running server closes the sockets of these sign-ins. */
static void close_sockets(struct command_call *c, const struct session_list *ended)
{
    for (size_t i = 0; c->hub && i < ended->count; i++)
        hub_session_ended(c->hub, ended->items[i].id);
}

enum cli_status cmd_user_disable(struct command_call *c)
{
    struct session_list *ended = mem_new(sizeof *ended);
    struct err e = { 0 };
    struct user u = { 0 };
    enum err_code rc = store_write_begin(c->store, &e);

    if (rc == ERR_OK)
        rc = store_write_end(c->store, disable_rows(c, &u, ended, &e), &e);
    if (rc == ERR_OK) {
        close_sockets(c, ended);
        tell(c, "%s can no longer sign in; %zu sign-ins ended.\n", u.email, ended->count);
    }
    mem_free(ended);
    return rc == ERR_OK ? CLI_DONE : command_failed(c, &e);
}

static enum err_code password_rows(struct command_call *c, const struct user *u, const struct password_or_link *p,
                                   struct session_list *ended, struct err *e)
{
    enum err_code rc = grant_password_or_link(c, u, p, e);

    if (rc == ERR_OK && *p->hash)
        rc = store_session_end_all(c->store, u->id, "", ended, e);
    if (rc != ERR_OK)
        return rc;
    return command_audit(c, *p->hash ? AUDIT_PASSWORD_CHANGE : AUDIT_PASSWORD_LINK, u->id, "", u->email, e);
}

enum cli_status cmd_user_password(struct command_call *c)
{
    struct session_list *ended = mem_new(sizeof *ended);
    struct password_or_link p = { 0 };
    struct err e = { 0 };
    struct user u = { 0 };
    enum err_code rc = find_user(c, &u, &e);

    if (rc == ERR_OK && u.state == USER_DISABLED)
        rc = err_set(&e, ERR_CONFLICT, "disabled", "this account is disabled; an admin can enable it in the dashboard");
    if (rc == ERR_OK)
        rc = make_password_or_link(c, u.email, &p, &e);
    if (rc == ERR_OK)
        rc = store_write_begin(c->store, &e);
    if (rc == ERR_OK)
        rc = store_write_end(c->store, password_rows(c, &u, &p, ended, &e), &e);
    if (rc == ERR_OK) {
        close_sockets(c, ended);
        say_password_or_link(c, &u, &p);
    }
    mem_wipe(&p, sizeof p);
    mem_free(ended);
    return rc == ERR_OK ? CLI_DONE : command_failed(c, &e);
}
