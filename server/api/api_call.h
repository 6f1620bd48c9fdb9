/* api_call.h - small things that most handlers need. On an HTTP worker, like the handlers. */
#ifndef API_API_CALL_H
#define API_API_CALL_H

#include "api/api.h"
#include "domain/audit.h"
#include "domain/invitation.h"
#include "domain/permission.h"
#include "domain/room_rules.h"
#include "domain/user.h"
#include "http/http_call.h"
#include "store/store_repeats.h"
#include "store/store_sessions.h"
#include "util/ip.h"

struct api *api_of(const struct call *c);
const json_t *api_body(const struct call *c);

/* Runs `work` in one write: either all of it becomes durable, or nothing, and its error is returned. */
MUST_CHECK enum err_code api_write(struct call *c, enum err_code (*work)(struct call *c, void *arg, struct err *e),
                                   void *arg, struct err *e);

/* Inside a write, on a route that is `.idempotent`: makes a thing once. The first request with a key runs `make` and keeps the id that
 * it set in `id`; a repeated one gets that id and runs `find`, and `make` again only when the thing is gone.
 * ERR_INVALID "idempotency_mismatch": the key was used for another request. */
struct api_once {
    enum err_code (*make)(struct call *c, void *arg, struct err *e);
    enum err_code (*find)(struct call *c, void *arg, struct err *e);
};
MUST_CHECK enum err_code api_make_once(struct call *c, const struct api_once *once, void *arg, char id[ID_SIZE],
                                       struct err *e);

/* Appends to the record in the caller's name (user id or "anonymous"), inside a write. `object`: id or "". `detail`: personal
 * data, or "". `facts`: ids and numbers, or ""; the id of the request is added. */
MUST_CHECK enum err_code api_audit(struct call *c, enum audit_action action, const char *object, const char *detail,
                                   const char *facts, struct err *e);
/* The same for people who have just become known: in the name of `actor`, with the shortened address as the detail. */
MUST_CHECK enum err_code api_audit_arrival(struct call *c, enum audit_action action, const char *actor,
                                           const char *object, const char *facts, struct err *e);

/* The origin of the call, for counting: an IPv4 address, the /48 of an IPv6 one. */
void api_site(const struct call *c, char to[IP_SITE_SIZE]);

/* The same refusal for things that do not exist and things that the caller may not know about. */
enum err_code api_not_found(struct err *e, const char *what);

/* The room of the path's {room} (id or slug), when the caller may see it; not_found otherwise. */
MUST_CHECK enum err_code api_room(struct call *c, struct room_rules *out, struct err *e);
/* The invitation of the path's {id} with its room, when the caller may make links there; an invitation to a room that they may
 * not see does not exist for them. */
MUST_CHECK enum err_code api_invitation(struct call *c, struct invitation *out, struct room_rules *room, struct err *e);
/* May the signed-in caller do this in that room? ERR_FORBIDDEN with the remedy. */
MUST_CHECK enum err_code api_may(const struct call *c, const struct room_rules *rules, enum permission what,
                                 struct err *e);

/* Ends the sign-ins of a user except `keep_id` ("" none), inside a write; after the commit, pass the list to api_sessions_ended(). */
MUST_CHECK enum err_code api_end_sessions(struct call *c, const char *user_id, const char *keep_id,
                                          struct session_list *ended, struct err *e);
void api_sessions_ended(struct call *c, const struct session_list *ended); /* closes their sockets */

/* {"items":[…],"next":…}; takes `items`. `next`: the last id included when there are more, otherwise NULL. */
void api_reply_list(struct call *c, json_t *items, const char *next);

#endif
