/* api_lookup.c - what the page of an invitation needs to know, for anybody with its code. */
#include <string.h>

#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/api_json.h"
#include "api/guest.h"
#include "api/practice.h"
#include "store/store_rooms.h"
#include "util/arena.h"
#include "util/json_fields.h"

/* Rounded up: a guest who comes then is not too early. The page needs no clock of its own. */
static json_int_t seconds_until(int64_t then_ms, int64_t now_ms)
{
    return then_ms > now_ms ? (then_ms - now_ms + 999) / 1000 : 0;
}

/* A guest who came too late, or with a link that another person used, learns whom to ask, but not for whom it was. */
static json_t *answer(const struct invitation *invitation, const struct room_rules *rules,
                      const struct practice *practice, enum invitation_state state, int64_t now_ms)
{
    json_t *o =
        json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:s}, s:b, s:s, s:o, s:o}", "state", invitation_state_name(state),
                  "practice", practice->name, "host_name", rules->owner_name, "room", "id", rules->id, "name",
                  rules->name, "kind", room_kind_name(rules->kind), "pin_required", rules->has_pin, "recording", "off",
                  "phone", api_json_text_or_null(practice->phone), "languages", practice_languages_json(practice));

    if (invitation_lets_in(state)) {
        json_object_set_new(o, "guest_name", api_json_text_or_null(invitation->guest_name));
        json_object_set_new(o, "not_before", api_json_time(invitation->not_before_ms));
        json_object_set_new(o, "opens_in_s", json_integer(seconds_until(invitation->not_before_ms, now_ms)));
        json_object_set_new(o, "consent", api_json_consent(rules));
    }
    return o;
}

static enum err_code api_invitation_lookup(struct call *c, struct err *e)
{
    struct room_rules *room = arena_new(http_request_arena(c->request), sizeof *room);
    struct invitation invitation;
    struct practice practice;
    enum invitation_state state;
    enum err_code rc = guest_invitation_by_code(c->store, json_text(api_body(c), "code", ""), &invitation, e);

    if (rc == ERR_OK)
        rc = store_room_find(c->store, invitation.room_id, room, e);
    if (rc == ERR_OK)
        rc = practice_load(c->store, &practice, e);
    if (rc == ERR_OK)
        rc = guest_invitation_state(c, &invitation, &state, e);
    if (rc == ERR_OK)
        http_reply_json(c->reply, 200, answer(&invitation, room, &practice, state, c->now_ms));
    return rc;
}

/* ---- the table ---- */

/* clang-format off */
const struct route ROUTES_LOOKUP[] = {
    { "POST", V1 "/invitations/lookup", ACCESS_ANYONE, .limit = LIMIT_CODE, .body = LOOKUP, .run = api_invitation_lookup,
      .help = "Show the facts for the page of an invitation",
      .answer = "{state, practice, host_name, room, guest_name, not_before, opens_in_s, pin_required, consent, recording, phone, languages}" },
    { 0 },
};
/* clang-format on */
