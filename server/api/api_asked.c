/* api_asked.c - a new link instead of a dead one: guests ask, the dashboard lists and dismisses. Renewing is in api_invitations.c. */
#include <string.h>

#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/api_json.h"
#include "api/guest.h"
#include "store/store_invitations.h"
#include "store/store_rooms.h"
#include "util/arena.h"
#include "util/json_fields.h"

struct asked {
    struct invitation invitation;
    struct room_rules room;
    bool news; /* the first request for it, or the first after an answer */
};

static struct asked *asked_new(struct call *c)
{
    return arena_new(http_request_arena(c->request), sizeof(struct asked));
}

/* Only for a link that will not let this cookie jar in, now or later. */
static enum err_code check_dead(struct call *c, const struct invitation *invitation, struct err *e)
{
    enum invitation_state state;
    enum err_code rc = guest_invitation_state(c, invitation, &state, e);

    if (rc == ERR_OK && invitation_lets_in(state))
        return err_set(e, ERR_CONFLICT, "invitation_works",
                       "This link works; open it instead of asking for a new one.");
    return rc;
}

/* Which link it is, and whether the request is news to anybody. */
static enum err_code find_dead(struct call *c, struct asked *a, struct err *e)
{
    enum err_code rc = guest_invitation_by_code(c->store, json_text(api_body(c), "code", ""), &a->invitation, e);

    if (rc == ERR_OK)
        rc = store_room_find(c->store, a->invitation.room_id, &a->room, e);
    if (rc == ERR_OK)
        rc = check_dead(c, &a->invitation, e);
    a->news = rc == ERR_OK && invitation_may_ask(&a->invitation, c->now_ms);
    return rc;
}

static enum err_code ask(struct call *c, void *arg, struct err *e)
{
    struct asked *a = arg;
    enum err_code rc = find_dead(c, a, e);

    if (!a->news)
        return rc;
    a->invitation.asked_ms = c->now_ms;
    rc = store_invitation_ask(c->store, a->invitation.id, c->now_ms, e);
    return rc == ERR_OK ? api_audit(c, AUDIT_INVITATION_ASK, a->invitation.id, "", "", e) : rc;
}

static enum err_code api_invitation_ask(struct call *c, struct err *e)
{
    struct asked *a = asked_new(c);
    enum err_code rc = find_dead(c, a, e);

    if (rc == ERR_OK && a->news) /* a person who presses again waits for no disk, and keeps nobody waiting */
        rc = api_write(c, ask, a, e);
    if (rc != ERR_OK)
        return rc;
    if (a->news)
        hub_links_changed(api_of(c)->hub, &a->room);
    http_reply_json(c->reply, 200, json_pack("{s:o}", "asked_at", api_json_time(a->invitation.asked_ms)));
    return ERR_OK;
}

static enum err_code api_invitation_list_asked(struct call *c, struct err *e)
{
    struct invitation_list list;
    const char *whose = permission_allows(c->user->role, PART_NONE, MAY_INVITE) ? "" : c->user->id; /* "": all */
    enum err_code rc = store_invitation_list_asked(c->store, whose, &list, e);
    json_t *items;

    if (rc != ERR_OK)
        return rc;
    items = json_array();
    for (size_t i = 0; i < list.count; i++)
        json_array_append_new(items, api_json_invitation(&list.items[i], c->now_ms));
    api_reply_list(c, items, NULL);
    invitation_list_clear(&list);
    return ERR_OK;
}

static enum err_code dismiss(struct call *c, void *arg, struct err *e)
{
    struct asked *a = arg;
    enum err_code rc = api_invitation(c, &a->invitation, &a->room, e);

    a->news = rc == ERR_OK && invitation_is_asked(&a->invitation);
    if (!a->news)
        return rc;
    a->invitation.answered_ms = a->invitation.asked_ms;
    rc = store_invitation_answer(c->store, a->invitation.id, c->now_ms, e);
    return rc == ERR_OK ? api_audit(c, AUDIT_INVITATION_DISMISS, a->invitation.id, "", "", e) : rc;
}

static enum err_code api_invitation_dismiss(struct call *c, struct err *e)
{
    struct asked *a = asked_new(c);
    enum err_code rc = api_write(c, dismiss, a, e);

    if (rc != ERR_OK)
        return rc;
    if (a->news)
        hub_links_changed(api_of(c)->hub, &a->room);
    http_reply_json(c->reply, 200, api_json_invitation(&a->invitation, c->now_ms));
    return ERR_OK;
}

/* ---- the table ---- */

/* clang-format off */
const struct route ROUTES_ASKED[] = {
    { "POST", V1 "/invitations/request-new", ACCESS_ANYONE, .limit = LIMIT_CODE, .body = LOOKUP, .run = api_invitation_ask,
      .help = "Ask the practice for a new link, with the code of a link that no longer works; the dashboard shows it", .answer = "{asked_at}" },
    { "GET", V1 "/invitations/asked", ACCESS_USER, .reads_only = true, .run = api_invitation_list_asked,
      .help = "List requests for a new link, in rooms where I may make links; the oldest first", .answer = "{items, next}" },
    { "POST", V1 "/invitations/:id/dismiss", ACCESS_USER, .body = NOTHING, .run = api_invitation_dismiss,
      .help = "Dismiss a request for a new link; the old link stays as it is", .answer = "the invitation" },
    { 0 },
};
/* clang-format on */
