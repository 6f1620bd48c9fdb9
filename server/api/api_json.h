/* api_json.h - domain values as the API shows them. Each returns a new reference. Secrets never pass through here. */
#ifndef API_API_JSON_H
#define API_API_JSON_H

#include <jansson.h>
#include "api/api.h"
#include "domain/audit.h"
#include "domain/invitation.h"
#include "domain/permission.h"
#include "domain/room_rules.h"
#include "domain/user.h"
#include "store/store_sessions.h"

json_t *api_json_time(int64_t wall_ms);          /* RFC 3339 text; null for 0 */
json_t *api_json_text_or_null(const char *text); /* null for "" */
json_t *api_json_etag(int64_t revision);         /* as in the ETag header */
json_t *api_json_user(const struct user *u);
/* `current`: the sign-in that asks. */
json_t *api_json_session(const struct session *s, bool current);
/* The names of a person's permissions, so that clients need no rules of their own. */
json_t *api_json_may(permission_set set);
/* As `viewer` sees it: whether they host it, and what they may do there. */
json_t *api_json_room(const struct api *a, const struct room_rules *rules, const struct user *viewer);
/* The text that guests agree to, {version, text}; null when there is none. */
json_t *api_json_consent(const struct room_rules *rules);
json_t *api_json_invitation(const struct invitation *invitation, int64_t now_ms);
/* The same with `url` and `code`, for people who may hand it out. */
json_t *api_json_invitation_link(const struct api *a, const struct invitation *invitation,
                                 const struct room_rules *rules, int64_t now_ms);
json_t *api_json_audit(const struct audit_row *row);
/* The media relays with a credential in the name of `id`, good for `ttl_s` from now_ms (wall clock); [] when there is no relay. */
json_t *api_json_ice(const struct api *a, const char *id, int64_t now_ms, int ttl_s);

#endif
