#include "api/api_json.h"

#include "domain/turn_credential.h"
#include "http/http_reply.h"
#include "util/clock.h"
#include "util/str.h"

json_t *api_json_time(int64_t wall_ms)
{
    char text[CLOCK_RFC3339_SIZE];

    if (wall_ms == 0)
        return json_null();
    clock_rfc3339(text, wall_ms);
    return json_string(text);
}

json_t *api_json_text_or_null(const char *text)
{
    return text[0] ? json_string(text) : json_null();
}

json_t *api_json_etag(int64_t revision)
{
    char tag[HTTP_ETAG_SIZE];

    http_etag(tag, revision);
    return json_string(tag);
}

json_t *api_json_user(const struct user *u)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:o, s:o, s:o, s:o}", "id", u->id, "email", u->email, "name",
                     u->name, "role", user_role_name(u->role), "state", user_state_name(u->state), "disabled",
                     u->state == USER_DISABLED, "language", api_json_text_or_null(u->language), "timezone",
                     api_json_text_or_null(u->timezone), "created_at", api_json_time(u->created_ms), "etag",
                     api_json_etag(u->revision));
}

json_t *api_json_session(const struct session *s, bool current)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:s, s:b}", "id", s->id, "created_at", api_json_time(s->created_ms),
                     "seen_at", api_json_time(s->seen_ms), "expires_at", api_json_time(s->expires_ms), "agent",
                     s->agent, "current", current);
}

static json_t *cohosts_of(const struct room_rules *rules)
{
    json_t *list = json_array();

    for (int i = 0; i < rules->cohost_count; i++)
        json_array_append_new(list, json_string(rules->cohosts[i]));
    return list;
}

json_t *api_json_consent(const struct room_rules *rules)
{
    if (!rules->consent_text[0])
        return json_null();
    return json_pack("{s:I, s:s}", "version", (json_int_t)rules->consent_version, "text", rules->consent_text);
}

json_t *api_json_may(permission_set set)
{
    json_t *may = json_array();

    for (int p = 0; p < PERMISSIONS; p++)
        if (permission_name((enum permission)p) && permission_in(set, (enum permission)p))
            json_array_append_new(may, json_string(permission_name((enum permission)p)));
    return may;
}

json_t *api_json_room(const struct api *a, const struct room_rules *rules, const struct user *viewer)
{
    enum room_part part = room_rules_part(rules, viewer->id);

    json_t *o =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:b, s:b, s:s}", "id", rules->id, "name", rules->name, "slug",
                  rules->slug, "kind", room_kind_name(rules->kind), "topology", room_topology_name(rules->topology),
                  "access", room_access_name(rules->access), "max_participants", rules->max_participants, "has_pin",
                  rules->has_pin, "e2ee", false, "recording", "off");

#define ADD(name, ...) json_object_set_new(o, #name, json_boolean(rules->name));
    ROOM_SWITCHES(ADD)
#undef ADD
    json_object_set_new(o, "capacity", json_integer(room_rules_capacity(rules)));
    json_object_set_new(o, "capacity_max", json_integer(room_rules_capacity_max(rules)));
    json_object_set_new(o, "consent_text", api_json_text_or_null(rules->consent_text));
    json_object_set_new(o, "consent_version", json_integer(rules->consent_version));
    json_object_set_new(o, "owner", json_pack("{s:s, s:s}", "id", rules->owner_id, "name", rules->owner_name));
    json_object_set_new(o, "cohosts", cohosts_of(rules));
    json_object_set_new(o, "host", json_boolean(part != PART_NONE));
    json_object_set_new(o, "may", api_json_may(permission_of_account(viewer->role, part)));
    json_object_set_new(o, "url", json_sprintf("%s/r/%s", a->public_url, rules->slug));
    json_object_set_new(o, "created_at", api_json_time(rules->created_ms));
    json_object_set_new(o, "etag", api_json_etag(rules->revision));
    return o;
}

/* What people who may see the invitation can do with it now, so that clients need no rules of their own. */
static json_t *invitation_may(enum invitation_state state)
{
    json_t *may = json_array();

    for (int a = 0; a < INVITATION_ACTIONS; a++)
        if (invitation_allows(state, (enum invitation_action)a))
            json_array_append_new(may, json_string(invitation_action_name((enum invitation_action)a)));
    return may;
}

json_t *api_json_invitation(const struct invitation *invitation, int64_t now_ms)
{
    enum invitation_state state = invitation_state_at(invitation, now_ms, HOLDER_NEW);
    json_t *o =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:I, s:I, s:o, s:o, s:s, s:o, s:o}", "id", invitation->id, "room",
                  invitation->room_id, "state", invitation_state_name(state), "guest_name",
                  api_json_text_or_null(invitation->guest_name), "email", api_json_text_or_null(invitation->email),
                  "max_uses", (json_int_t)invitation->max_uses, "uses", (json_int_t)invitation->uses, "not_before",
                  api_json_time(invitation->not_before_ms), "expires_at", api_json_time(invitation->expires_ms),
                  "created_by", invitation->created_by, "created_at", api_json_time(invitation->created_ms), "asked_at",
                  api_json_time(invitation_is_asked(invitation) ? invitation->asked_ms : 0));

    json_object_set_new(o, "may", invitation_may(state));
    return o;
}

json_t *api_json_invitation_link(const struct api *a, const struct invitation *invitation,
                                 const struct room_rules *rules, int64_t now_ms)
{
    char code[INVITATION_CODE_SIZE];
    json_t *o = api_json_invitation(invitation, now_ms);

    invitation_code(a->keys->link, invitation->id, invitation->generation, code);
    json_object_set_new(o, "code", json_string(code));
    json_object_set_new(o, "url", json_sprintf("%s/j/#%s", a->public_url, code));
    json_object_set_new(o, "reach", json_string(a->reach));
    json_object_set_new(o, "host_name", json_string(rules->owner_name));
    return o;
}

json_t *api_json_audit(const struct audit_row *row)
{
    char hash[STR_HEX_SIZE(HASH_BYTES)];

    str_hex(hash, row->hash, HASH_BYTES);
    return json_pack("{s:I, s:o, s:s, s:s, s:s, s:s, s:s, s:s}", "seq", (json_int_t)row->seq, "at",
                     api_json_time(row->event.at_ms), "actor", row->event.actor, "action",
                     audit_action_name(row->event.action), "object", row->event.object, "facts", row->event.facts,
                     "detail", row->event.detail, "hash", hash);
}

json_t *api_json_ice(const struct api *a, const char *id, int64_t now_ms, int ttl_s)
{
    struct turn_credential credential;
    json_t *list = json_array(), *urls;

    if (!a->turn_secret || !a->turn_urls || !a->turn_urls[0])
        return list;
    urls = json_array();
    for (const char *const *url = a->turn_urls; *url; url++)
        json_array_append_new(urls, json_string(*url));
    turn_credential_make(a->turn_secret, id, now_ms, ttl_s, &credential);
    json_array_append_new(list, json_pack("{s:o, s:s, s:s}", "urls", urls, "username", credential.username,
                                          "credential", credential.credential));
    return list;
}
