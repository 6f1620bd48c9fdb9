/* room add | list | delete. */
#include "cli/cmd.h"

#include "api/room_fields.h"
#include "api/room_make.h"
#include "domain/permission.h"
#include "store/store_rooms.h"
#include "store/store_users.h"
#include "util/str.h"

#define PAGE 200

static json_t *room_json(const struct command_call *call, const struct room_rules *rules)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:o}", "id", rules->id, "name", rules->name, "slug", rules->slug, "kind",
                     room_kind_name(rules->kind), "owner", rules->owner_name, "url",
                     json_sprintf("%s/r/%s", call->config->public_url, rules->slug));
}

static enum err_code find_owner(struct command_call *call, struct user *owner, struct err *e)
{
    char email[EMAIL_SIZE];
    enum err_code rc = user_clean_email(command_flag(call, "owner"), email, e);

    if (rc == ERR_OK)
        rc = store_user_by_email(call->store, email, owner, e);
    if (rc == ERR_NOT_FOUND)
        return err_set(e, rc, "not_found",
                       "no account has the address of --owner. `parlour user list` shows the accounts");
    if (rc == ERR_OK && !permission_practice_allows(owner->role, MAY_CREATE_ROOM))
        return err_set(e, ERR_INVALID, "bad_owner",
                       "the front desk never enters a call. Name a host or an admin with --owner");
    return rc;
}

static enum err_code room_from_flags(struct command_call *call, struct room_rules *rules, struct err *e)
{
    struct user owner;
    enum err_code rc = find_owner(call, &owner, e);

    if (rc != ERR_OK)
        return rc;
    room_make_begin(rules, &owner, call->now_ms);
    return room_fields_name(rules, call->args->words[0], e);
}

static enum err_code add_rows(struct command_call *call, struct room_rules *rules, struct err *e)
{
    enum err_code rc = room_make_store(call->store, rules, e);

    return rc == ERR_OK ? command_audit(call, AUDIT_ROOM_CREATE, rules->id, "", rules->name, e) : rc;
}

enum cli_status cmd_room_add(struct command_call *call)
{
    struct err e = { 0 };
    struct room_rules r;
    enum err_code rc = room_from_flags(call, &r, &e);

    if (rc == ERR_OK)
        rc = store_write_begin(call->store, &e);
    if (rc == ERR_OK)
        rc = store_write_end(call->store, add_rows(call, &r, &e), &e);
    if (rc != ERR_OK)
        return command_failed(call, &e);
    if (call->hub)
        hub_room_changed(call->hub, &r);
    if (command_wants_json(call))
        say_json(call, room_json(call, &r));
    else
        say(call, "%s/r/%s\n", call->config->public_url, r.slug);
    return CLI_DONE;
}

enum cli_status cmd_room_list(struct command_call *call)
{
    struct room_list page = { 0 };
    json_t *items = json_array();
    char after[ID_SIZE] = "";
    struct err e = { 0 };
    enum err_code rc;
    bool more = false;

    do {
        rc = store_room_list(call->store, "", after, PAGE, &page, &e);
        for (size_t i = 0; rc == ERR_OK && i < page.count; i++) {
            const struct room_rules *rules = &page.items[i];

            str_copy(after, sizeof after, rules->id);
            json_array_append_new(items, room_json(call, rules));
            if (!command_wants_json(call))
                say(call, "%-24s %-10s %-24s %s\n", rules->slug, room_kind_name(rules->kind), rules->owner_name,
                    rules->name);
        }
        more = rc == ERR_OK && page.more && page.count > 0;
        room_list_clear(&page);
    } while (more);
    if (rc == ERR_OK && command_wants_json(call))
        say_json(call, json_pack("{s:O}", "items", items));
    json_decref(items);
    return rc == ERR_OK ? CLI_DONE : command_failed(call, &e);
}

static enum err_code delete_rows(struct command_call *call, struct room_rules *rules, struct err *e)
{
    enum err_code rc = store_room_find(call->store, call->args->words[0], rules, e);

    if (rc == ERR_NOT_FOUND)
        return err_set(e, rc, "not_found", "there is no such room. `parlour room list` shows them");
    if (rc == ERR_OK)
        rc = store_room_delete(call->store, rules->id, 0, e);
    return rc == ERR_OK ? command_audit(call, AUDIT_ROOM_DELETE, rules->id, "", rules->name, e) : rc;
}

enum cli_status cmd_room_delete(struct command_call *call)
{
    struct err e = { 0 };
    struct room_rules r = { 0 };
    enum err_code rc = store_write_begin(call->store, &e);

    if (rc == ERR_OK)
        rc = store_write_end(call->store, delete_rows(call, &r, &e), &e);
    if (rc != ERR_OK)
        return command_failed(call, &e);
    if (call->hub)
        hub_room_deleted(call->hub, r.id);
    tell(call, "The room %s is deleted, with its invitations.\n", r.slug);
    return CLI_DONE;
}
