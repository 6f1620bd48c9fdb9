/* api_rooms.c - rooms and their rules. */
#include <stdio.h>
#include <string.h>

#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/api_json.h"
#include "api/room_fields.h"
#include "api/room_make.h"
#include "store/store_rooms.h"
#include "store/store_users.h"
#include "util/arena.h"
#include "util/json_fields.h"

static void reply_room(struct call *c, int status, const struct room_rules *rules)
{
    http_reply_json(c->reply, status, api_json_room(api_of(c), rules, c->user));
    http_reply_etag(c->reply, rules->revision);
}

/* Co-hosts must be able to come: their accounts must be open and allowed to enter calls. */
static enum err_code check_cohosts(struct call *c, const struct room_rules *rules, struct err *e)
{
    for (int i = 0; i < rules->cohost_count; i++) {
        struct user u;
        enum err_code rc = store_user_by_id(c->store, rules->cohosts[i], &u, e);

        if (rc == ERR_NOT_FOUND ||
            (rc == ERR_OK && (!permission_allows(u.role, PART_COHOST, MAY_JOIN_AS_HOST) || u.state == USER_DISABLED)))
            return err_field(e, "cohosts", "co-hosts are ids of accounts with the role host or admin");
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

static enum err_code api_room_list(struct call *c, struct err *e)
{
    const char *whose = permission_allows(c->user->role, PART_NONE, MAY_SEE_ROOM) ? "" : c->user->id; /* "": all */
    struct room_list list;
    const char *after;
    int limit;
    json_t *items;
    enum err_code rc = http_request_page(c->request, &limit, &after, e);

    if (rc == ERR_OK)
        rc = store_room_list(c->store, whose, after ? after : "", limit, &list, e);
    if (rc != ERR_OK)
        return rc;
    items = json_array();
    for (size_t i = 0; i < list.count; i++)
        json_array_append_new(items, api_json_room(api_of(c), &list.items[i], c->user));
    api_reply_list(c, items, list.more ? list.items[list.count - 1].id : NULL);
    room_list_clear(&list);
    return ERR_OK;
}

/* A row for each co-host of `room` who is missing in `other`, the same room before or afterwards. */
static enum err_code note_each(struct call *c, enum audit_action action, const struct room_rules *room,
                               const struct room_rules *other, struct err *e)
{
    enum err_code rc = ERR_OK;

    for (int i = 0; rc == ERR_OK && i < room->cohost_count; i++) {
        char facts[sizeof "user=" + ID_SIZE];

        snprintf(facts, sizeof facts, "user=%s", room->cohosts[i]);
        if (room_rules_part(other, room->cohosts[i]) == PART_NONE)
            rc = api_audit(c, action, room->id, "", facts, e);
    }
    return rc;
}

/* Hosts can enter the room: the record shows to whom it was opened, above all an admin who opens it to themself. */
static enum err_code note_cohosts(struct call *c, const struct room_rules *before, const struct room_rules *after,
                                  struct err *e)
{
    enum err_code rc = note_each(c, AUDIT_COHOST_ADD, after, before, e);

    return rc == ERR_OK ? note_each(c, AUDIT_COHOST_REMOVE, before, after, e) : rc;
}

static enum err_code create(struct call *c, void *arg, struct err *e)
{
    struct room_rules *rules = arg, *none = arena_new(http_request_arena(c->request), sizeof *none);
    enum err_code rc = check_cohosts(c, rules, e);

    if (rc == ERR_OK)
        rc = room_make_store(c->store, rules, e);
    if (rc == ERR_OK)
        rc = api_audit(c, AUDIT_ROOM_CREATE, rules->id, rules->name, "", e);
    return rc == ERR_OK ? note_cohosts(c, none, rules, e) : rc;
}

static enum err_code api_room_create(struct call *c, struct err *e)
{
    struct room_rules *rules = arena_new(http_request_arena(c->request), sizeof *rules);
    enum err_code rc;

    room_make_begin(rules, c->user, c->now_ms);
    rc = room_fields_apply(rules, api_body(c), api_of(c)->keys->pin, e);
    if (rc == ERR_OK)
        rc = api_write(c, create, rules, e);
    if (rc != ERR_OK)
        return rc;
    hub_room_changed(api_of(c)->hub, rules);
    reply_room(c, 201, rules);
    return ERR_OK;
}

static enum err_code api_room_show(struct call *c, struct err *e)
{
    struct room_rules *rules = arena_new(http_request_arena(c->request), sizeof *rules);
    enum err_code rc = api_room(c, rules, e);

    if (rc == ERR_OK)
        reply_room(c, 200, rules);
    return rc;
}

/* The names of the given members: the facts of the row. Their values are not recorded. */
static enum err_code note_change(struct call *c, const struct room_rules *rules, struct err *e)
{
    struct audit_event limits;
    char facts[sizeof limits.facts] = "fields=";
    bool only_lock = json_object_size(api_body(c)) == 1 && json_given(api_body(c), "locked");
    const char *name;
    json_t *value;

    if (only_lock)
        return api_audit(c, AUDIT_ROOM_LOCK, rules->id, "", rules->locked ? "locked=1" : "locked=0", e);
    json_object_foreach((json_t *)api_body(c), name, value)
    {
        size_t len = strlen(facts);

        snprintf(facts + len, sizeof facts - len, "%s%s", facts[len - 1] == '=' ? "" : ",", name);
    }
    return api_audit(c, AUDIT_ROOM_CHANGE, rules->id, rules->name, facts, e);
}

static enum err_code change(struct call *c, void *arg, struct err *e)
{
    struct room_rules *rules = arg, *before = arena_new(http_request_arena(c->request), sizeof *before);
    enum err_code rc = api_room(c, rules, e);

    if (rc == ERR_OK)
        rc = api_may(c, rules, MAY_EDIT_ROOM, e);
    if (rc == ERR_OK)
        rc = call_check_etag(c, rules->revision, e);
    *before = *rules;
    if (rc == ERR_OK)
        rc = room_fields_apply(rules, api_body(c), api_of(c)->keys->pin, e);
    if (rc == ERR_OK && json_given(api_body(c), "cohosts"))
        rc = check_cohosts(c, rules, e);
    if (rc == ERR_OK)
        rc = store_room_update(c->store, rules, e);
    if (rc == ERR_OK)
        rc = note_change(c, rules, e);
    return rc == ERR_OK ? note_cohosts(c, before, rules, e) : rc;
}

static enum err_code api_room_change(struct call *c, struct err *e)
{
    struct room_rules *rules = arena_new(http_request_arena(c->request), sizeof *rules);
    enum err_code rc = api_write(c, change, rules, e);

    if (rc != ERR_OK)
        return rc;
    hub_room_changed(api_of(c)->hub, rules);
    reply_room(c, 200, rules);
    return ERR_OK;
}

static enum err_code delete_room(struct call *c, void *arg, struct err *e)
{
    struct room_rules *rules = arg;
    enum err_code rc = api_room(c, rules, e);

    if (rc == ERR_OK)
        rc = api_may(c, rules, MAY_DELETE_ROOM, e);
    if (rc == ERR_FORBIDDEN && room_rules_part(rules, c->user->id) == PART_COHOST)
        return err_set(e, ERR_FORBIDDEN, "not_owner", "Only the owner of the room or an administrator may delete it.");
    if (rc == ERR_OK)
        rc = call_check_etag(c, rules->revision, e);
    if (rc == ERR_OK)
        rc = store_room_delete(c->store, rules->id, 0, e);
    return rc == ERR_OK ? api_audit(c, AUDIT_ROOM_DELETE, rules->id, rules->name, "", e) : rc;
}

static enum err_code api_room_delete(struct call *c, struct err *e)
{
    struct room_rules *rules = arena_new(http_request_arena(c->request), sizeof *rules);
    enum err_code rc = api_write(c, delete_room, rules, e);

    if (rc != ERR_OK)
        return rc;
    hub_room_deleted(api_of(c)->hub, rules->id);
    http_reply_empty(c->reply);
    return ERR_OK;
}

/* ---- the table ---- */

/* clang-format off */
#define SWITCH(name, by_default, words) { #name, FIELD_BOOL, .help = words },
#define ROOM_RULES                                                                                                     \
    { "slug", FIELD_TEXT, .max = SLUG_SIZE - 1, .help = "in the address /r/<slug>; from the name when absent" },       \
    { "kind", FIELD_CHOICE, .later = true, .choices = "meeting", .help = "receptions come later" },                   \
    { "topology", FIELD_CHOICE, .later = true, .choices = "auto|p2p", .help = "how media flows; media servers come later" }, \
    ROOM_SWITCHES(SWITCH)                                                                                              \
    { "access", FIELD_CHOICE, .choices = "invited|link", .help = "whether guests need an invitation; default invited" }, \
    { "max_participants", FIELD_INT, .min = 2, .max = ROOM_PARTICIPANTS_LIMIT, .help = "people inside at once; default 12. `capacity` is the number in force: at most 4 peer to peer" }, \
    { "pin", FIELD_TEXT, .nullable = true, .max = 64, .help = "4 to 12 digits that guests are asked for; null: none" }, \
    { "e2ee", FIELD_BOOL, .later = true, .help = "end-to-end encrypted groups come later" },                           \
    { "recording", FIELD_CHOICE, .later = true, .choices = "off", .help = "recording comes later" },                   \
    { "consent_text", FIELD_LINES, .nullable = true, .max = CONSENT_SIZE - 1, .help = "guests accept it before joining" }, \
    { "cohosts", FIELD_LIST, .max = ROOM_COHOSTS_MAX, .help = "ids of accounts that host the room beside its owner" }

static const struct field ROOM_CREATE[] = { NAME(.required = true, .min = 1, .help = "1 to 80 characters"), ROOM_RULES, END };
static const struct field ROOM_CHANGE[] = { NAME(.min = 1, .help = "1 to 80 characters"), ROOM_RULES, END };

const struct route ROUTES_ROOMS[] = {
    { "GET", V1 "/rooms", ACCESS_USER, .reads_only = true, .run = api_room_list,
      .help = "List rooms: own and co-hosted ones, all for administrators and the front desk; `may` lists my permissions in each", .answer = "{items, next}" },
    { "POST", V1 "/rooms", ACCESS_HOST, .limit = LIMIT_CREATE, .body = ROOM_CREATE, .run = api_room_create,
      .help = "Make a room", .answer = "201 the room, with etag" },
    { "GET", V1 "/rooms/:room", ACCESS_USER, .reads_only = true, .run = api_room_show,
      .help = "Show a room, by id or slug; `may` lists my permissions there", .answer = "the room, with etag" },
    { "PATCH", V1 "/rooms/:room", ACCESS_USER, .body = ROOM_CHANGE, .run = api_room_change,
      .help = "Change a room", .answer = "the room, with etag" },
    { "DELETE", V1 "/rooms/:room", ACCESS_USER, .run = api_room_delete,
      .help = "Delete a room with its invitations", .answer = "204" },
    { 0 },
};
/* clang-format on */
