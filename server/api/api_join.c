/* api_join.c - the door of a room: the person who comes, as host or guest, and the token that takes the seat. */
#include <string.h>

#include "access/access_cookie.h"
#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/api_json.h"
#include "api/guest.h"
#include "domain/crypto.h"
#include "domain/turn_credential.h"
#include "observe/metrics.h"
#include "store/store_rooms.h"
#include "store/store_seats.h"
#include "util/arena.h"
#include "util/json_fields.h"
#include "util/str.h"

/* --- who it is ----------------------------------------------------------------------------------------------------- */

/* Once a call. Sets the guest cookie when there is none, even when the answer is a refusal: the next attempt is the same person. */
static void identify_guest(struct call *c, struct entry *entry)
{
    if (!entry->identified)
        access_guest_identity(c, entry->guest_hash);
    entry->identified = true;
}

static void become_host(struct call *c, struct entry *entry)
{
    entry->who.as.role = SEAT_HOST;
    entry->who.as.name_from = NAME_FROM_ACCOUNT;
    memcpy(entry->who.as.name, c->user->name, sizeof entry->who.as.name);
}

/* --- which way in --------------------------------------------------------------------------------------------------- */

/* With an invitation everybody is a guest, even when signed in. */
static enum err_code by_invitation(struct call *c, struct entry *entry, const char *code, struct err *e)
{
    const char *asked = http_request_param(c->request, "room");
    enum err_code rc = guest_invitation_by_code(c->store, code, &entry->invitation, e);

    if (rc == ERR_OK)
        rc = store_room_find(c->store, entry->invitation.room_id, &entry->room, e);
    if (rc == ERR_OK && strcmp(asked, entry->room.id) != 0 && strcmp(asked, entry->room.slug) != 0)
        return admission_refuse(ADMISSION_UNKNOWN_LINK, ADMISSION_JOIN, NULL, 0, e);
    return rc;
}

static enum err_code without_invitation(struct call *c, struct entry *entry, struct err *e)
{
    enum err_code rc = store_room_find(c->store, http_request_param(c->request, "room"), &entry->room, e);

    if (rc == ERR_NOT_FOUND)
        return admission_refuse(ADMISSION_CLOSED, ADMISSION_JOIN, NULL, 0, e);
    if (rc == ERR_OK && c->user &&
        permission_allows(c->user->role, room_rules_part(&entry->room, c->user->id), MAY_JOIN_AS_HOST))
        become_host(c, entry);
    else if (rc == ERR_OK && (entry->room.access == ROOM_LINK || access_guest_known(c, entry->guest_hash)))
        identify_guest(c, entry);
    return rc;
}

static enum err_code count_use(struct call *c, void *arg, struct err *e)
{
    return guest_count_use(c, arg, e);
}

/* --- the answer ----------------------------------------------------------------------------------------------------- */

static void fill_claims(const struct call *c, const struct entry *entry, struct token_claims *t)
{
    const struct seat *as = &entry->who.as;

    *t = (struct token_claims){ .role = as->role, .name_from = as->name_from, .gen = as->gen };
    memcpy(t->sub, as->id, sizeof t->sub);
    memcpy(t->room, entry->room.id, sizeof t->room);
    memcpy(t->name, as->name, sizeof t->name);
    crypto_new_id(t->jti);
    t->grants = GRANT_PUBLISH | GRANT_CHAT | GRANT_SHARE;
    if (as->role == SEAT_HOST) {
        t->grants |= GRANT_MODERATE;
        memcpy(t->user_id, c->user->id, sizeof t->user_id);
        memcpy(t->session_id, c->session->id, sizeof t->session_id);
    } else {
        memcpy(t->invitation_id, entry->invitation.id, sizeof t->invitation_id);
        t->invitation_gen = entry->invitation.generation;
        memcpy(t->guest_hash, entry->guest_hash, sizeof t->guest_hash);
        t->another_jar = entry->who.another_jar;
        t->back = !entry->here.has_seat && admission_goes_on(&entry->here, &entry->who, c->now_ms);
    }
    t->iat_ms = t->nbf_ms = c->now_ms / 1000 * 1000;
    t->exp_ms = t->iat_ms + TOKEN_TTL_MS;
}

/* Guests get them over the socket, once inside. */
static json_t *ice_servers(const struct api *a, const struct entry *entry, int64_t now_ms)
{
    return entry->who.as.role == SEAT_HOST ? api_json_ice(a, entry->who.as.id, now_ms, TURN_TTL_S) : json_array();
}

/* Where the seat is, or will be as far as is known now; the socket's `welcome` decides. */
static const char *state_of(const struct entry *entry)
{
    bool host = entry->who.as.role == SEAT_HOST;

    return seat_state_name((entry->here.has_seat ? seat_is_inside(entry->here.seat.state) : host) ? SEAT_INSIDE
                                                                                                  : SEAT_WAITING);
}

static json_t *room_of(const struct room_rules *rules)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b}", "id", rules->id, "name", rules->name, "slug",
                     rules->slug, "kind", room_kind_name(rules->kind), "topology", room_topology_name(rules->topology),
                     "waiting_room", rules->waiting_room, "locked", rules->locked, "relay_only", rules->relay_only);
}

static enum err_code answer(struct call *c, const struct entry *entry, struct err *e)
{
    const struct api *a = api_of(c);
    struct token_claims claims;
    char token[TOKEN_MAX];
    enum err_code rc;
    json_t *o;

    fill_claims(c, entry, &claims);
    rc = token_sign(a->ring, a->public_url, &claims, token, e);
    if (rc != ERR_OK)
        return rc;
    metrics_count(METRIC_JOINS, 1);
    o = json_pack("{s:s, s:o, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:i}", "token", token, "expires_at",
                  api_json_time(claims.exp_ms), "participant", entry->who.as.id, "role",
                  entry->who.as.role == SEAT_HOST ? "host" : "guest", "state", state_of(entry), "name",
                  entry->who.as.name, "room", room_of(&entry->room), "ws", json_sprintf("/ws/%s", entry->room.id),
                  "ice_servers", ice_servers(a, entry, c->now_ms), "ice_ttl_s", TURN_TTL_S);
    if (entry->who.has_row) /* a person who was away then learns it only here */
        json_object_set_new(o, "over", json_string(seat_end_name(entry->who.row.end)));
    http_reply_json(c->reply, 200, o);
    return ERR_OK;
}

static enum err_code api_join(struct call *c, struct err *e)
{
    const char *code = json_text(api_body(c), "invitation", NULL);
    struct entry *entry = arena_new(http_request_arena(c->request), sizeof *entry);
    enum err_code rc;

    if (code || !c->session)
        identify_guest(c, entry); /* for every answer, so that none reveals more than another */
    rc = code ? by_invitation(c, entry, code, e) : without_invitation(c, entry, e);
    if (rc == ERR_OK) {
        entry_begin(c, entry);
        rc = entry_admit(c, entry, e);
    }
    if (rc == ERR_OK && entry->invitation.id[0] && !entry->who.known_jar)
        rc = api_write(c, count_use, entry, e);
    return rc == ERR_OK ? answer(c, entry, e) : rc;
}

/* ---- the table ---- */

/* clang-format off */
static const struct field JOIN[] = {
    { "invitation", FIELD_TEXT, .min = 1, .max = TEXT_CODE, .help = "code; with it everybody is a guest" },
    { "name", FIELD_TEXT, .nullable = true, .max = TEXT_NAME, .help = "name of the guest; absent: the invitation's" },
    { "pin", FIELD_TEXT, .max = 64, .help = "if the room asks for one" },
    { "consent", FIELD_OBJECT, .help = "{\"version\": …} of the text that was accepted" },
    END,
};

const struct route ROUTES_JOIN[] = {
    { "POST", V1 "/rooms/:room/join", ACCESS_ANYONE, .limit = LIMIT_JOIN, .body = JOIN, .run = api_join,
      .help = "Ask to enter a room, as guest or host",
      .answer = "{token, expires_at, participant, role, state, name, room, ws, ice_servers, ice_ttl_s, over?}; over: how the "
                "caller's earlier seat here ended. A refusal because consent is missing carries consent {version, text}" },
    { 0 },
};
/* clang-format on */
