/* room add | list | delete. */
#include "cli/cmd.h"

#include "api/room_fields.h"
#include "api/room_make.h"
#include "domain/permission.h"
#include "store/store_rooms.h"
#include "store/store_users.h"
#include "util/str.h"

#define PAGE 200

static json_t *room_json(const struct command_call *c, const struct room_rules *r)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:o}", "id", r->id, "name", r->name, "slug", r->slug, "kind",
                     room_kind_name(r->kind), "owner", r->owner_name, "url",
                     json_sprintf("%s/r/%s", c->config->public_url, r->slug));
}

static enum err_code find_owner(struct command_call *c, struct user *owner, struct err *e)
{
    char email[EMAIL_SIZE];
    enum err_code rc = user_clean_email(command_flag(c, "owner"), email, e);

    if (rc == ERR_OK)
        rc = store_user_by_email(c->store, email, owner, e);
    if (rc == ERR_NOT_FOUND)
        return err_set(e, rc, "not_found",
                       "no account has the address of --owner. `parlour user list` shows the accounts");
    if (rc == ERR_OK && !permission_practice_allows(owner->role, MAY_CREATE_ROOM))
        return err_set(e, ERR_INVALID, "bad_owner",
                       "the front desk never enters a call. Name a host or an admin with --owner");
    return rc;
}

static enum err_code room_from_flags(struct command_call *c, struct room_rules *r, struct err *e)
{
    struct user owner;
    enum err_code rc = find_owner(c, &owner, e);

    if (rc != ERR_OK)
        return rc;
    room_make_begin(r, &owner, c->now_ms);
    return room_fields_name(r, c->args->words[0], e);
}

static enum err_code add_rows(struct command_call *c, struct room_rules *r, struct err *e)
{
    enum err_code rc = room_make_store(c->store, r, e);

    return rc == ERR_OK ? command_audit(c, AUDIT_ROOM_CREATE, r->id, "", r->name, e) : rc;
}

enum cli_status cmd_room_add(struct command_call *c)
{
    struct err e = { 0 };
    struct room_rules r;
    enum err_code rc = room_from_flags(c, &r, &e);

    if (rc == ERR_OK)
        rc = store_write_begin(c->store, &e);
    if (rc == ERR_OK)
        rc = store_write_end(c->store, add_rows(c, &r, &e), &e);
    if (rc != ERR_OK)
        return command_failed(c, &e);
    if (c->hub)
        hub_room_changed(c->hub, &r);
    if (command_wants_json(c))
        say_json(c, room_json(c, &r));
    else
        say(c, "%s/r/%s\n", c->config->public_url, r.slug);
    return CLI_DONE;
}

enum cli_status cmd_room_list(struct command_call *c)
{
    struct room_list page = { 0 };
    json_t *items = json_array();
    char after[ID_SIZE] = "";
    struct err e = { 0 };
    enum err_code rc;
    bool more = false;

    do {
        rc = store_room_list(c->store, "", after, PAGE, &page, &e);
        for (size_t i = 0; rc == ERR_OK && i < page.count; i++) {
            const struct room_rules *r = &page.items[i];

            str_copy(after, sizeof after, r->id);
            json_array_append_new(items, room_json(c, r));
            if (!command_wants_json(c))
                say(c, "%-24s %-10s %-24s %s\n", r->slug, room_kind_name(r->kind), r->owner_name, r->name);
        }
        more = rc == ERR_OK && page.more && page.count > 0;
        room_list_clear(&page);
    } while (more);
    if (rc == ERR_OK && command_wants_json(c))
        say_json(c, json_pack("{s:O}", "items", items));
    json_decref(items);
    return rc == ERR_OK ? CLI_DONE : command_failed(c, &e);
}

static enum err_code delete_rows(struct command_call *c, struct room_rules *r, struct err *e)
{
    enum err_code rc = store_room_find(c->store, c->args->words[0], r, e);

    if (rc == ERR_NOT_FOUND)
        return err_set(e, rc, "not_found", "there is no such room. `parlour room list` shows them");
    if (rc == ERR_OK)
        rc = store_room_delete(c->store, r->id, 0, e);
    return rc == ERR_OK ? command_audit(c, AUDIT_ROOM_DELETE, r->id, "", r->name, e) : rc;
}

enum cli_status cmd_room_delete(struct command_call *c)
{
    struct err e = { 0 };
    struct room_rules r = { 0 };
    enum err_code rc = store_write_begin(c->store, &e);

    if (rc == ERR_OK)
        rc = store_write_end(c->store, delete_rows(c, &r, &e), &e);
    if (rc != ERR_OK)
        return command_failed(c, &e);
    if (c->hub)
        hub_room_deleted(c->hub, r.id);
    tell(c, "The room %s is deleted, with its invitations.\n", r.slug);
    return CLI_DONE;
}
