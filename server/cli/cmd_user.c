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
static enum err_code make_password_or_link(const struct command_call *call, const char *email,
                                           struct password_or_link *choice, struct err *e)
{
    enum err_code rc;

    memset(choice, 0, sizeof *choice);
    if (!call->args->password) {
        crypto_new_secret(choice->code, choice->code_hash);
        return ERR_OK;
    }
    rc = password_check_policy(call->args->password, email, e);
    if (rc == ERR_OK) {
        bool may = password_may_hash(true); /* only this command's user waits */

        rc = password_hash(call->args->password, choice->hash, e);
        password_may_hash(may);
    }
    return rc;
}

static enum err_code grant_password_or_link(struct command_call *call, const struct user *user,
                                            const struct password_or_link *choice, struct err *e)
{
    enum err_code rc;

    if (*choice->hash)
        rc = store_user_set_password(call->store, user->id, choice->hash, call->now_ms, e);
    else
        rc = store_user_link_add(call->store, user->id, choice->code_hash, call->now_ms + USER_LINK_MS, e);
    return rc;
}

static json_t *user_json(const struct user *user)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", user->id, "email", user->email, "name", user->name, "role",
                     user_role_name(user->role), "state", user_state_name(user->state));
}

static void add_link(const struct command_call *call, json_t *answer, const struct password_or_link *choice)
{
    char until[CLOCK_RFC3339_SIZE];

    clock_rfc3339(until, call->now_ms + USER_LINK_MS);
    json_object_set_new(answer, "link", json_sprintf("%s/password#%s", call->config->public_url, choice->code));
    json_object_set_new(answer, "link_expires_at", json_string(until));
}

/* A link is passed on, so problems with it are reported here, where there is a remedy. */
static void tell_reach(const struct command_call *call)
{
    struct form_url url;

    if (form_url(call->config->public_url, &url) && form_reach_words(url.reach))
        tell(call, "%s\n", form_reach_words(url.reach));
}

static void say_password_or_link(const struct command_call *call, const struct user *user,
                                 const struct password_or_link *choice)
{
    if (command_wants_json(call)) {
        json_t *answer = user_json(user);

        if (*choice->code)
            add_link(call, answer, choice);
        say_json(call, answer);
    } else if (*choice->code) {
        tell(call, "Give this link to %s yourself. It sets the password of %s, once, within %d days:\n", user->name,
             user->email, USER_LINK_DAYS);
        say(call, "%s/password#%s\n", call->config->public_url, choice->code);
        tell(call, "After that they sign in at %s/signin\n", call->config->public_url);
        tell_reach(call);
    } else {
        tell(call, "%s can sign in at %s/signin\n", user->email, call->config->public_url);
    }
}

static enum err_code user_from_flags(const struct command_call *call, struct user *user, struct err *e)
{
    const char *role = command_flag(call, "role");
    enum err_code rc;

    memset(user, 0, sizeof *user);
    crypto_new_id(user->id);
    user->created_ms = call->now_ms;
    user->state = call->args->password ? USER_ACTIVE : USER_INVITED;
    if (!user_role_from_name(role, &user->role))
        return err_set(e, ERR_INTERNAL, "internal", "the command's row takes a role that there is not");
    rc = user_clean_email(call->args->words[0], user->email, e);
    return rc == ERR_OK ? user_clean_name("name", command_flag(call, "name"), user->name, e) : rc;
}

static enum err_code user_add_rows(struct command_call *call, struct user *user, const struct password_or_link *choice,
                                   struct err *e)
{
    char facts[40] = "role=";
    enum err_code rc = store_user_add(call->store, user, *choice->hash ? choice->hash : NULL, e);

    strcat(facts, user_role_name(user->role));
    if (rc == ERR_OK && *choice->code)
        rc = grant_password_or_link(call, user, choice, e);
    return rc == ERR_OK ? command_audit(call, AUDIT_USER_CREATE, user->id, facts, user->email, e) : rc;
}

enum cli_status cmd_user_add(struct command_call *call)
{
    struct password_or_link p = { 0 };
    struct err e = { 0 };
    struct user u;
    enum err_code rc = user_from_flags(call, &u, &e);

    if (rc == ERR_OK)
        rc = make_password_or_link(call, u.email, &p, &e);
    if (rc == ERR_OK)
        rc = store_write_begin(call->store, &e);
    if (rc == ERR_OK)
        rc = store_write_end(call->store, user_add_rows(call, &u, &p, &e), &e);
    if (rc == ERR_OK) {
        setup_code_remove(call->config->data); /* the machine's owner has set it up this way */
        say_password_or_link(call, &u, &p);
    }
    mem_wipe(&p, sizeof p);
    return rc == ERR_OK ? CLI_DONE : command_failed(call, &e);
}

enum cli_status cmd_user_list(struct command_call *call)
{
    struct user_list *page = mem_new(sizeof *page);
    json_t *items = json_array();
    char after[ID_SIZE] = "";
    struct err e = { 0 };
    enum err_code rc;

    do {
        rc = store_user_list(call->store, after, PAGE, page, &e);
        for (size_t i = 0; rc == ERR_OK && i < page->count; i++) {
            const struct user *user = &page->items[i];

            str_copy(after, sizeof after, user->id);
            json_array_append_new(items, user_json(user));
            if (!command_wants_json(call))
                say(call, "%-6s %-9s %-32s %s\n", user_role_name(user->role), user_state_name(user->state), user->email,
                    user->name);
        }
    } while (rc == ERR_OK && page->more && page->count > 0);
    if (rc == ERR_OK && command_wants_json(call))
        say_json(call, json_pack("{s:O}", "items", items));
    json_decref(items);
    mem_free(page);
    return rc == ERR_OK ? CLI_DONE : command_failed(call, &e);
}

static enum err_code find_user(struct command_call *call, struct user *user, struct err *e)
{
    char email[EMAIL_SIZE];
    enum err_code rc = user_clean_email(call->args->words[0], email, e);

    if (rc == ERR_OK)
        rc = store_user_by_email(call->store, email, user, e);
    if (rc == ERR_NOT_FOUND)
        err_set(e, rc, "not_found", "no account has this address. `parlour user list` shows the accounts");
    return rc;
}

/* Nobody could let the others in again. */
static enum err_code refuse_last_admin(struct command_call *call, const struct user *user, struct err *e)
{
    int64_t users, admins;
    enum err_code rc = store_user_count(call->store, &users, &admins, e);

    if (rc == ERR_OK && user->role == USER_ADMIN && user->state == USER_ACTIVE && admins <= 1)
        return err_set(e, ERR_CONFLICT, "last_admin",
                       "this is the last admin who can sign in. Make another one first: parlour user add");
    return rc;
}

static enum err_code disable_rows(struct command_call *call, struct user *user, struct session_list *ended,
                                  struct err *e)
{
    enum err_code rc = find_user(call, user, e);

    if (rc == ERR_OK)
        rc = refuse_last_admin(call, user, e);
    if (rc == ERR_OK) {
        user->state = USER_DISABLED;
        rc = store_user_update(call->store, user, e);
    }
    if (rc == ERR_OK)
        rc = store_session_end_all(call->store, user->id, "", ended, e);
    return rc == ERR_OK ? command_audit(call, AUDIT_USER_DISABLE, user->id, "", user->email, e) : rc;
}

/* After the commit: a running server closes the sockets of these sign-ins. */
static void close_sockets(struct command_call *call, const struct session_list *ended)
{
    for (size_t i = 0; call->hub && i < ended->count; i++)
        hub_session_ended(call->hub, ended->items[i].id);
}

enum cli_status cmd_user_disable(struct command_call *call)
{
    struct session_list *ended = mem_new(sizeof *ended);
    struct err e = { 0 };
    struct user u = { 0 };
    enum err_code rc = store_write_begin(call->store, &e);

    if (rc == ERR_OK)
        rc = store_write_end(call->store, disable_rows(call, &u, ended, &e), &e);
    if (rc == ERR_OK) {
        close_sockets(call, ended);
        tell(call, "%s can no longer sign in; %zu sign-ins ended.\n", u.email, ended->count);
    }
    mem_free(ended);
    return rc == ERR_OK ? CLI_DONE : command_failed(call, &e);
}

static enum err_code password_rows(struct command_call *call, const struct user *user,
                                   const struct password_or_link *choice, struct session_list *ended, struct err *e)
{
    enum err_code rc = grant_password_or_link(call, user, choice, e);

    if (rc == ERR_OK && *choice->hash)
        rc = store_session_end_all(call->store, user->id, "", ended, e);
    if (rc != ERR_OK)
        return rc;
    return command_audit(call, *choice->hash ? AUDIT_PASSWORD_CHANGE : AUDIT_PASSWORD_LINK, user->id, "", user->email,
                         e);
}

enum cli_status cmd_user_password(struct command_call *call)
{
    struct session_list *ended = mem_new(sizeof *ended);
    struct password_or_link p = { 0 };
    struct err e = { 0 };
    struct user u = { 0 };
    enum err_code rc = find_user(call, &u, &e);

    if (rc == ERR_OK && u.state == USER_DISABLED)
        rc = err_set(&e, ERR_CONFLICT, "disabled", "this account is disabled; an admin can enable it in the dashboard");
    if (rc == ERR_OK)
        rc = make_password_or_link(call, u.email, &p, &e);
    if (rc == ERR_OK)
        rc = store_write_begin(call->store, &e);
    if (rc == ERR_OK)
        rc = store_write_end(call->store, password_rows(call, &u, &p, ended, &e), &e);
    if (rc == ERR_OK) {
        close_sockets(call, ended);
        say_password_or_link(call, &u, &p);
    }
    mem_wipe(&p, sizeof p);
    mem_free(ended);
    return rc == ERR_OK ? CLI_DONE : command_failed(call, &e);
}
