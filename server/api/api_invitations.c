/* api_invitations.c - links that let guests into a room, for its hosts and the front desk. */
#include <stdio.h>
#include <string.h>

#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/api_json.h"
#include "domain/crypto.h"
#include "store/store_invitations.h"
#include "store/store_rooms.h"
#include "util/arena.h"
#include "util/json_fields.h"
#include "util/str.h"

#define DEFAULT_LIFE_MS (30 * 24 * 3600 * 1000LL) /* of a link without a given end */

/* An invitation and its room, found and allowed. */
struct task {
    struct invitation invitation;
    struct room_rules room;
};

static struct task *task_new(struct call *c)
{
    return arena_new(http_request_arena(c->request), sizeof(struct task));
}

static enum err_code find_room(struct call *c, struct task *task, struct err *e)
{
    enum err_code rc = api_room(c, &task->room, e);

    return rc == ERR_OK ? api_may(c, &task->room, MAY_INVITE, e) : rc;
}

static enum err_code api_invitation_list(struct call *c, struct err *e)
{
    struct task *task = task_new(c);
    struct invitation_list list;
    const char *after;
    int limit;
    json_t *items;
    enum err_code rc = http_request_page(c->request, &limit, &after, e);

    if (rc == ERR_OK)
        rc = find_room(c, task, e);
    if (rc == ERR_OK)
        rc = store_invitation_list(c->store, task->room.id, after ? after : "", limit, &list, e);
    if (rc != ERR_OK)
        return rc;
    items = json_array();
    for (size_t i = 0; i < list.count; i++)
        json_array_append_new(items, api_json_invitation(&list.items[i], c->now_ms));
    api_reply_list(c, items, list.more ? list.items[list.count - 1].id : NULL);
    invitation_list_clear(&list);
    return ERR_OK;
}

/* A moment, given as a time or as seconds from now: with seconds the caller's clock does not matter. 0 when neither is given. */
static enum err_code read_moment(struct call *c, const char *at, const char *in_s, int64_t *out_ms, struct err *e)
{
    const json_t *body = api_body(c);

    if (json_given(body, at) && json_given(body, in_s))
        return err_field(e, in_s, "Give %s or %s, not both.", at, in_s);
    *out_ms = json_given(body, in_s) ? c->now_ms + json_int(body, in_s, 0) * 1000 : json_time_ms(body, at, 0);
    return ERR_OK;
}

static enum err_code read_times(struct call *c, struct invitation *invitation, struct err *e)
{
    const json_t *body = api_body(c);
    bool endless = json_given(body, "expires_at") && !json_has(body, "expires_at"); /* null was given */
    enum err_code rc = read_moment(c, "not_before", "not_before_in_s", &invitation->not_before_ms, e);

    if (rc == ERR_OK)
        rc = read_moment(c, "expires_at", "expires_in_s", &invitation->expires_ms, e);
    if (rc != ERR_OK)
        return rc;
    if (!json_given(body, "expires_at") && !json_given(body, "expires_in_s"))
        invitation->expires_ms =
            (invitation->not_before_ms > c->now_ms ? invitation->not_before_ms : c->now_ms) + DEFAULT_LIFE_MS;
    if (invitation->not_before_ms < 0)
        return err_field(e, "not_before", "not_before lies before 1970");
    if (!endless && invitation->expires_ms <= c->now_ms)
        return err_field(e, "expires_at", "expires_at must be in the future");
    if (!endless && invitation->expires_ms <= invitation->not_before_ms)
        return err_field(e, "expires_at", "expires_at must come after not_before");
    return ERR_OK;
}

static enum err_code read_fields(struct call *c, struct task *task, struct err *e)
{
    const json_t *body = api_body(c);
    struct invitation *invitation = &task->invitation;
    enum err_code rc = read_times(c, invitation, e);

    if (rc == ERR_OK && json_has(body, "guest_name"))
        rc = user_clean_name("guest_name", json_text(body, "guest_name", ""), invitation->guest_name, e);
    if (rc == ERR_OK && json_has(body, "email"))
        rc = user_clean_email(json_text(body, "email", ""), invitation->email, e);
    invitation->max_uses = json_int(body, "max_uses", 1);
    return rc;
}

static enum err_code add(struct call *c, void *arg, struct err *e)
{
    struct task *task = arg;
    struct invitation *invitation = &task->invitation;
    char code[INVITATION_CODE_SIZE];
    enum err_code rc;

    crypto_new_id(invitation->id);
    memcpy(invitation->room_id, task->room.id, sizeof invitation->room_id);
    memcpy(invitation->created_by, c->user->id, sizeof invitation->created_by);
    invitation->created_ms = c->now_ms;
    invitation->generation = 1;
    invitation_code(api_of(c)->keys->link, invitation->id, invitation->generation, code);
    invitation_code_hash(code, invitation->code_hash);
    rc = store_invitation_add(c->store, invitation, e);
    if (rc == ERR_OK)
        rc = api_audit(c, AUDIT_INVITATION_CREATE, invitation->id,
                       invitation->guest_name[0] ? invitation->guest_name : invitation->email,
                       arena_printf(http_request_arena(c->request), "room=%s", task->room.id), e);
    return rc;
}

static enum err_code find_made(struct call *c, void *arg, struct err *e)
{
    struct task *task = arg;

    return store_invitation_by_id(c->store, task->invitation.id, &task->invitation, e);
}

static enum err_code create(struct call *c, void *arg, struct err *e)
{
    static const struct api_once ONCE = { add, find_made };
    struct task *task = arg;
    enum err_code rc = find_room(c, task, e);

    return rc == ERR_OK ? api_make_once(c, &ONCE, task, task->invitation.id, e) : rc;
}

static enum err_code api_invitation_create(struct call *c, struct err *e)
{
    struct task *task = task_new(c);
    enum err_code rc = read_fields(c, task, e);

    if (rc == ERR_OK)
        rc = api_write(c, create, task, e);
    if (rc != ERR_OK)
        return rc;
    hub_links_changed(api_of(c)->hub, &task->room);
    http_reply_json(c->reply, 201, api_json_invitation_link(api_of(c), &task->invitation, &task->room, c->now_ms));
    return ERR_OK;
}

static enum err_code revoke(struct call *c, void *arg, struct err *e)
{
    struct task *task = arg;
    enum err_code rc = api_invitation(c, &task->invitation, &task->room, e);

    if (rc != ERR_OK || task->invitation.revoked_ms != 0)
        return rc;
    rc = store_invitation_revoke(c->store, task->invitation.id, c->now_ms, e);
    return rc == ERR_OK ? api_audit(c, AUDIT_INVITATION_REVOKE, task->invitation.id, "", "", e) : rc;
}

static enum err_code api_invitation_revoke(struct call *c, struct err *e)
{
    struct task *task = task_new(c);
    enum err_code rc = api_write(c, revoke, task, e);

    if (rc != ERR_OK)
        return rc;
    hub_invitation_ended(api_of(c)->hub, task->room.id, task->invitation.id);
    hub_links_changed(api_of(c)->hub, &task->room);
    http_reply_empty(c->reply);
    return ERR_OK;
}

static enum err_code show_again(struct call *c, void *arg, struct err *e)
{
    struct task *task = arg;
    enum err_code rc = api_invitation(c, &task->invitation, &task->room, e);
    enum invitation_state state = invitation_state_at(&task->invitation, c->now_ms, HOLDER_NEW);

    if (rc == ERR_OK && !invitation_allows(state, INVITATION_SHOW))
        return state == INVITATION_REVOKED
                   ? err_set(e, ERR_CONFLICT, "invitation_revoked", "This link was revoked; renew it to get a new one.")
                   : err_set(e, ERR_CONFLICT, "invitation_expired", "This link has ended; renew it to get a new one.");
    return rc == ERR_OK ? api_audit(c, AUDIT_INVITATION_SHOW, task->invitation.id, "", "", e) : rc;
}

static enum err_code api_invitation_link(struct call *c, struct err *e)
{
    struct task *task = task_new(c);
    enum err_code rc = api_write(c, show_again, task, e);

    if (rc == ERR_OK)
        http_reply_json(c->reply, 200, api_json_invitation_link(api_of(c), &task->invitation, &task->room, c->now_ms));
    return rc;
}

static enum err_code renew(struct call *c, void *arg, struct err *e)
{
    struct task *task = arg;
    char code[INVITATION_CODE_SIZE];
    enum err_code rc = api_invitation(c, &task->invitation, &task->room, e);

    if (rc != ERR_OK)
        return rc;
    invitation_code(api_of(c)->keys->link, task->invitation.id, task->invitation.generation + 1, code);
    invitation_code_hash(code, task->invitation.code_hash);
    invitation_renew_times(&task->invitation, c->now_ms);
    rc = store_invitation_renew(c->store, &task->invitation, e);
    if (rc == ERR_OK)
        rc = store_invitation_answer(c->store, task->invitation.id, c->now_ms, e);
    if (rc == ERR_OK)
        rc = store_invitation_by_id(c->store, task->invitation.id, &task->invitation, e);
    return rc == ERR_OK ? api_audit(c, AUDIT_INVITATION_RENEW, task->invitation.id, "", "", e) : rc;
}

static enum err_code api_invitation_renew(struct call *c, struct err *e)
{
    struct task *task = task_new(c);
    enum err_code rc = api_write(c, renew, task, e);

    if (rc != ERR_OK)
        return rc;
    hub_invitation_ended(api_of(c)->hub, task->room.id, task->invitation.id); /* of the code before */
    hub_links_changed(api_of(c)->hub, &task->room);
    http_reply_json(c->reply, 200, api_json_invitation_link(api_of(c), &task->invitation, &task->room, c->now_ms));
    return ERR_OK;
}

/* ---- the table ---- */

/* clang-format off */
#define INVITATION_IN_MAX_S (10LL * 366 * 24 * 3600) /* ten years */

static const struct field INVITATION_CREATE[] = {
    { "guest_name", FIELD_TEXT, .nullable = true, .min = 1, .max = TEXT_NAME, .help = "absent: the guest types it" },
    { "email", FIELD_TEXT, .nullable = true, .min = 1, .max = TEXT_EMAIL, .help = "kept with the invitation, not shown to guests" },
    { "expires_at", FIELD_TIME, .nullable = true, .help = "absent: after 30 days; null: never" },
    { "not_before", FIELD_TIME, .nullable = true, .help = "the link works from this time on; absent: at once" },
    { "expires_in_s", FIELD_INT, .min = 1, .max = INVITATION_IN_MAX_S, .help = "instead of expires_at: seconds from now, by the server's clock" },
    { "not_before_in_s", FIELD_INT, .min = 0, .max = INVITATION_IN_MAX_S, .help = "instead of not_before: seconds from now, by the server's clock" },
    { "max_uses", FIELD_INT, .min = 1, .max = 1000, .help = "number of people who may use it; default 1" },
    END,
};

const struct route ROUTES_INVITATIONS[] = {
    { "GET", V1 "/rooms/:room/invitations", ACCESS_USER, .reads_only = true, .run = api_invitation_list,
      .help = "List a room's invitations, newest first, without their links; `may` lists the actions on each", .answer = "{items, next}" },
    { "POST", V1 "/rooms/:room/invitations", ACCESS_USER, .idempotent = true, .body = INVITATION_CREATE, .run = api_invitation_create,
      .help = "Make an invitation. `reach`: where the link opens (anywhere, network, machine, insecure)",
      .answer = "201 the invitation, with url, code, reach, host_name" },
    { "DELETE", V1 "/invitations/:id", ACCESS_USER, .run = api_invitation_revoke,
      .help = "Revoke an invitation, in any state", .answer = "204" },
    { "POST", V1 "/invitations/:id/link", ACCESS_USER, .body = NOTHING, .run = api_invitation_link,
      .help = "Show a link again, also a used one; this is recorded. 409 for a link that has ended or was revoked", .answer = "the invitation, with url, code, reach, host_name" },
    { "POST", V1 "/invitations/:id/renew", ACCESS_USER, .body = NOTHING, .run = api_invitation_renew,
      .help = "Make a new link; the old one is void", .answer = "the invitation, with url, code, reach, host_name" },
    { 0 },
};
/* clang-format on */
