#include "http/http_gate.h"

#include <string.h>

#include "http/http_accept.h"
#include "util/str.h"

#define API_PREFIX "/api/"

static bool is_read(const struct http_head *h)
{
    return str_equal(h->method, "GET") || str_equal(h->method, "HEAD");
}

static const struct http_plain *find_plain(const struct http_gate *g, const char *path)
{
    for (const struct http_plain *p = g->plain; p && p->path; p++)
        if (strcmp(p->path, path) == 0)
            return p;
    return NULL;
}

static enum err_code only_reads(const struct http_head *h, struct http_decision *out)
{
    if (is_read(h))
        return ERR_OK;
    str_copy(out->allow, sizeof out->allow, "GET, HEAD");
    return err_set(&out->e, ERR_INVALID, "method_not_allowed", "This address takes GET and HEAD");
}

static enum err_code decide_upgrade(const struct http_gate *g, const char *path, const struct http_head *h,
                                    const char *peer, struct http_decision *out)
{
    enum err_code rc = http_upgrade_check(&g->core->site, path, h, &out->upgrade, &out->e);

    if (rc == ERR_OK && !atomic_load_explicit(g->ready, memory_order_relaxed))
        rc = err_set(&out->e, ERR_BUSY, "restarting", "The server is starting or stopping; try again in a moment");
    if (rc == ERR_OK) {
        char address[HTTP_ADDRESS_SIZE];

        out->kind = DECIDE_UPGRADE;
        http_address_of_client(peer, h, g->trusted_proxies, address);
        http_address_key(address, out->address); /* a single client may use a whole /64 */
    }
    return rc;
}

/* Everything that can be decided before the body arrives and without the database. */
static enum err_code check_route(const struct http_gate *g, const struct http_exchange *x, struct err *e)
{
    const struct http_head *h = &x->request.head;
    enum err_code rc;

    if (x->route->reads_only)
        return ERR_OK;
    rc = http_origin_check(&g->core->site, h, e);
    if (rc == ERR_OK && h->length > (int64_t)g->max_body_bytes)
        rc = err_set(e, ERR_INVALID, "body_too_large", "the body is larger than %zu bytes", g->max_body_bytes);
    if (rc == ERR_OK && !atomic_load_explicit(g->ready, memory_order_relaxed))
        rc = err_set(e, ERR_BUSY, "restarting", "The server is starting or stopping; try again in a moment");
    return rc;
}

static enum err_code decide_route(const struct http_gate *g, const char *path, const char *query,
                                  const struct http_head *h, const char *peer, struct http_decision *out)
{
    struct http_exchange *x = http_exchange_new(g->core, h, g->max_body_bytes);
    enum err_code rc;

    http_address_of_client(peer, h, g->trusted_proxies, x->request.address);
    rc = http_route_find(g->core->routes, h->method, path, &x->request.arena, &x->route, &x->request.params, out->allow,
                         &out->e);
    if (rc == ERR_OK)
        rc = http_query_parse(query, &x->request.arena, &x->request.query, &out->e);
    if (rc == ERR_OK)
        rc = check_route(g, x, &out->e);
    if (rc != ERR_OK) {
        http_exchange_free(x);
        return rc;
    }
    out->x = x;
    out->kind = DECIDE_ROUTE;
    return ERR_OK;
}

static enum err_code decide_file(const struct http_gate *g, const char *path, const struct http_head *h,
                                 struct http_decision *out)
{
    bool found = g->files && http_files_find(g->files, path, h, &out->fixed);
    bool person = http_accepts_html(http_head_find(h, "Accept"));
    enum err_code rc;

    if (!found && !(g->files && person && is_read(h) && http_files_missing(g->files, h, &out->fixed)))
        return err_set(&out->e, ERR_NOT_FOUND, "not_found", "There is nothing at this address");
    out->kind = DECIDE_FIXED;
    rc = only_reads(h, out);
    if (rc != ERR_OK && out->fixed.is_ours)
        http_answer_free(out->fixed.answer);
    return rc;
}

/* Plain pages answer to any Host: monitoring asks by address. */
static enum err_code decide_place(const struct http_gate *g, const char *path, const char *query,
                                  const struct http_head *h, const char *peer, struct http_decision *out)
{
    enum err_code rc = http_host_check(&g->core->site, http_head_find(h, "Host"), &out->e);

    out->plain = find_plain(g, path);
    if (rc != ERR_OK && !(out->plain && strcmp(out->e.code, "misdirected") == 0)) {
        out->kind = DECIDE_REFUSE_CLOSE;
        return rc;
    }
    if (out->plain) {
        out->kind = DECIDE_PLAIN;
        return only_reads(h, out);
    }
    if (g->files && str_starts(path, HTTP_WS_PREFIX))
        return decide_upgrade(g, path, h, peer, out);
    if (g->files && str_starts(path, API_PREFIX))
        return decide_route(g, path, query, h, peer, out);
    return decide_file(g, path, h, out);
}

/* Fills `path` (HTTP_TARGET_MAX + 1). */
static enum err_code check_head(struct http_head *h, char *path, const char **query, struct err *e)
{
    enum err_code rc = http_framing_check(h, e);

    return rc == ERR_OK ? http_path_decode(h->target, h->target_len, path, query, e) : rc;
}

void http_gate_decide(const struct http_gate *g, struct http_head *h, const char *peer, struct http_decision *out)
{
    char path[HTTP_TARGET_MAX + 1];
    const char *query = NULL;

    *out = (struct http_decision){ .kind = DECIDE_REFUSE_CLOSE };
    if (check_head(h, path, &query, &out->e) != ERR_OK)
        return;
    out->kind = DECIDE_REFUSE;
    if (decide_place(g, path, query, h, peer, out) != ERR_OK && out->kind != DECIDE_REFUSE_CLOSE)
        out->kind = DECIDE_REFUSE;
    out->html = !str_starts(path, API_PREFIX) && http_accepts_html(http_head_find(h, "Accept"));
}
