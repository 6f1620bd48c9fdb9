#include "http/http_upgrade.h"

#include <string.h>
#include <strings.h>

#include "util/str.h"

static bool room_is_plausible(const char *room)
{
    static const char ALPHABET[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_@";

    return room[0] != '\0' && room[strspn(room, ALPHABET)] == '\0';
}

static enum err_code not_an_upgrade(struct err *e)
{
    return err_set(e, ERR_INVALID, "upgrade_required", "only WebSocket version 13 is supported here");
}

static enum err_code check_handshake(const struct http_head *head, struct http_upgrade *out, struct err *e)
{
    const char *upgrade = http_head_find(head, "Upgrade");
    const char *version = http_head_find(head, "Sec-WebSocket-Version");
    const char *key = http_head_find(head, "Sec-WebSocket-Key");

    if (!str_equal(head->version, "HTTP/1.1") || !upgrade || strcasecmp(upgrade, "websocket") != 0 ||
        !http_head_has_token(head, "Connection", "Upgrade") || !str_equal(version, "13"))
        return not_an_upgrade(e);
    if (!key || !handover_key_valid(key))
        return err_set(e, ERR_INVALID, "bad_request", "Sec-WebSocket-Key must be 16 bytes in base64");
    if (!http_head_has_token(head, "Sec-WebSocket-Protocol", HTTP_WS_PROTOCOL))
        return err_set(e, ERR_INVALID, "bad_request", "offer the subprotocol " HTTP_WS_PROTOCOL);
    if (head->length > 0)
        return err_set(e, ERR_INVALID, "bad_request", "an upgrade has no body");
    str_copy(out->key, sizeof out->key, key);
    return ERR_OK;
}

enum err_code http_upgrade_check(const struct http_site *site, const char *path, const struct http_head *head,
                                 struct http_upgrade *out, struct err *e)
{
    const char *origin = http_head_find(head, "Origin");

    if (!str_copy(out->room, sizeof out->room, path + strlen(HTTP_WS_PREFIX)) || !room_is_plausible(out->room))
        return err_set(e, ERR_NOT_FOUND, "not_found", "there is no room of that name");
    if (!str_equal(head->method, "GET"))
        return not_an_upgrade(e);
    if (origin && !http_origin_matches(site, origin))
        return err_set(e, ERR_FORBIDDEN, "origin_mismatch",
                       "This request came from %.90s, but the address of this service is %.90s", origin, site->origin);
    return check_handshake(head, out, e);
}
