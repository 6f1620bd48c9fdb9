/* http_upgrade.h - is this request head a WebSocket upgrade that we accept? RFC 6455 §4.2.1. Pure. Any thread. */
#ifndef HTTP_HTTP_UPGRADE_H
#define HTTP_HTTP_UPGRADE_H

#include "domain/id.h"
#include "http/handover.h"
#include "http/http_framing.h"
#include "http/http_origin.h"
#include "util/err.h"

#define HTTP_WS_PREFIX "/ws/"
#define HTTP_WS_PROTOCOL "parlour.v1"

struct http_upgrade {
    char room[ID_SIZE]; /* the path's part after /ws/: an id or "@desk" */
    char key[HANDOVER_KEY_SIZE];
};

/* `path` begins with HTTP_WS_PREFIX. ERR_NOT_FOUND (no such path), ERR_FORBIDDEN "origin_mismatch", ERR_INVALID
 * "upgrade_required" (not an upgrade, or another version), "bad_request" (key, protocol or body). */
MUST_CHECK enum err_code http_upgrade_check(const struct http_site *site, const char *path,
                                            const struct http_head *head, struct http_upgrade *out, struct err *e);

#endif
