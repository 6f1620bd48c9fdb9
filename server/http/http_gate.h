/* http_gate.h - what a request head leads to: refusal, file, plain page, handler, WebSocket. Decides only; knows no
 * connection. Inside http/ only. On the connection's thread. */
#ifndef HTTP_HTTP_GATE_H
#define HTTP_HTTP_GATE_H

#include <stdatomic.h>

#include "http/http_files.h"
#include "http/http_redirect.h"
#include "http/http_router.h"
#include "http/http_settings.h"
#include "http/http_upgrade.h"

/* One door: what a listener serves. Read-only while it is open. */
struct http_gate {
    struct http_core *core;
    struct http_files *files;             /* NULL: only plain pages */
    const struct http_plain *plain;       /* ends with a zero entry, or NULL */
    const struct http_redirect *redirect; /* everything is answered by it; NULL: nothing */
    const char *const *trusted_proxies;
    size_t max_body_bytes;
    const atomic_bool *ready; /* false: starting or draining */
};

enum http_decision_kind {
    DECIDE_REFUSE_CLOSE, /* the bytes that follow cannot be trusted: answer `e`, then close */
    DECIDE_REFUSE,       /* answer `e` */
    DECIDE_FIXED,
    DECIDE_PLAIN,
    DECIDE_ROUTE,
    DECIDE_UPGRADE,
};

struct http_decision {
    enum http_decision_kind kind;
    struct err e;                /* of a refusal */
    char allow[HTTP_ALLOW_SIZE]; /* methods, for 405; otherwise "" */
    bool html;                   /* a person will read the refusal */
    struct http_found fixed;
    const struct http_plain *plain;
    struct http_exchange *exchange; /* of a route; the caller owns it */
    struct http_upgrade upgrade;
    char address[HTTP_ADDRESS_SIZE]; /* that an upgrade counts for: the client's, or its /64 */
};

/* `peer`: the peer's address as text. */
void http_gate_decide(const struct http_gate *g, struct http_head *head, const char *peer, struct http_decision *out);

#endif
