#include "api/api_call.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "store/store_audit.h"
#include "store/store_invitations.h"
#include "store/store_rooms.h"
#include "util/str.h"

struct api *api_of(const struct call *c)
{
    return c->api;
}

const json_t *api_body(const struct call *c)
{
    return http_request_body(c->request);
}

enum err_code api_write(struct call *c, enum err_code (*work)(struct call *c, void *arg, struct err *e), void *arg,
                        struct err *e)
{
    enum err_code rc = store_write_begin(c->store, e);

    if (rc != ERR_OK)
        return rc;
    return store_write_end(c->store, work(c, arg, e), e);
}

static enum err_code make_first(struct call *c, const struct api_once *once, void *arg, const char *id, struct err *e)
{
    enum err_code rc = once->make(c, arg, e);

    return rc == ERR_OK && c->repeat ? store_repeat_add(c->store, c->user->id, c->repeat, id, c->now_ms, e) : rc;
}

enum err_code api_make_once(struct call *c, const struct api_once *once, void *arg, char id[ID_SIZE], struct err *e)
{
    enum err_code rc = ERR_NOT_FOUND;

    if (c->repeat)
        rc = store_repeat_find(c->store, c->user->id, c->repeat, c->now_ms, id, e);
    if (rc == ERR_OK)
        rc = once->find(c, arg, e);
    return rc == ERR_NOT_FOUND ? make_first(c, once, arg, id, e) : rc;
}

static enum err_code add_row(struct call *c, const char *actor, enum audit_action action, const char *object,
                             const char *detail, const char *facts, struct err *e)
{
    struct audit_event event = { .action = action, .at_ms = c->now_ms };
    int len = snprintf(event.facts, sizeof event.facts, "%s%srequest=%s", facts, facts[0] ? " " : "",
                       http_request_id(c->request));

    if (!str_copy(event.actor, sizeof event.actor, actor) || !str_copy(event.object, sizeof event.object, object) ||
        !str_copy(event.detail, sizeof event.detail, detail) || len >= (int)sizeof event.facts)
        return err_set(e, ERR_INTERNAL, "internal", "a row of the record is too long");
    return store_audit_add(c->store, &event, e);
}

enum err_code api_audit(struct call *c, enum audit_action action, const char *object, const char *detail,
                        const char *facts, struct err *e)
{
    return add_row(c, c->user ? c->user->id : "anonymous", action, object, detail, facts, e);
}

/* The network of an address, /24 or /48: it tells a stranger's sign-in from one's own, but not anybody's home. */
static void shorten(const char *address, char to[INET6_ADDRSTRLEN + 4])
{
    uint8_t bytes[16];

    to[0] = '\0';
    if (inet_pton(AF_INET, address, bytes) == 1) {
        bytes[3] = 0;
        inet_ntop(AF_INET, bytes, to, INET6_ADDRSTRLEN);
        strcat(to, "/24");
    } else if (inet_pton(AF_INET6, address, bytes) == 1) {
        memset(bytes + 6, 0, 10);
        inet_ntop(AF_INET6, bytes, to, INET6_ADDRSTRLEN);
        strcat(to, "/48");
    }
}

enum err_code api_audit_arrival(struct call *c, enum audit_action action, const char *actor, const char *object,
                                const char *facts, struct err *e)
{
    char address[INET6_ADDRSTRLEN + 4];

    shorten(http_request_address(c->request), address);
    return add_row(c, actor, action, object, address, facts, e);
}

void api_site(const struct call *c, char to[IP_SITE_SIZE])
{
    const char *address = http_request_address(c->request);

    if (!ip_site(address, to))
        str_copy(to, IP_SITE_SIZE, address);
}

enum err_code api_not_found(struct err *e, const char *what)
{
    return err_set(e, ERR_NOT_FOUND, "not_found", "This %s does not exist, or you may not see it.", what);
}

enum err_code api_room(struct call *c, struct room_rules *out, struct err *e)
{
    enum err_code rc = store_room_find(c->store, http_request_param(c->request, "room"), out, e);

    if (rc == ERR_NOT_FOUND ||
        (rc == ERR_OK && !permission_allows(c->user->role, room_rules_part(out, c->user->id), MAY_SEE_ROOM)))
        return api_not_found(e, "room");
    return rc;
}

enum err_code api_invitation(struct call *c, struct invitation *out, struct room_rules *room, struct err *e)
{
    enum err_code rc = store_invitation_by_id(c->store, http_request_param(c->request, "id"), out, e);

    if (rc == ERR_OK)
        rc = store_room_find(c->store, out->room_id, room, e);
    if (rc == ERR_NOT_FOUND ||
        (rc == ERR_OK && !permission_allows(c->user->role, room_rules_part(room, c->user->id), MAY_SEE_ROOM)))
        return api_not_found(e, "invitation");
    return rc == ERR_OK ? api_may(c, room, MAY_INVITE, e) : rc;
}

enum err_code api_may(const struct call *c, const struct room_rules *rules, enum permission what, struct err *e)
{
    if (permission_allows(c->user->role, room_rules_part(rules, c->user->id), what))
        return ERR_OK;
    if (c->user->role == USER_ADMIN)
        return err_set(
            e, ERR_FORBIDDEN, "not_host",
            "Only the hosts of the room can do this. An administrator can become a co-host first; this is recorded.");
    return err_set(e, ERR_FORBIDDEN, "forbidden", "Your account is not allowed to do this in this room.");
}

enum err_code api_end_sessions(struct call *c, const char *user_id, const char *keep_id, struct session_list *ended,
                               struct err *e)
{
    return store_session_end_all(c->store, user_id, keep_id, ended, e);
}

void api_sessions_ended(struct call *c, const struct session_list *ended)
{
    for (size_t i = 0; i < ended->count; i++)
        hub_session_ended(api_of(c)->hub, ended->items[i].id);
}

void api_reply_list(struct call *c, json_t *items, const char *next)
{
    http_reply_json(c->reply, 200, json_pack("{s:o, s:s?}", "items", items, "next", next));
}
