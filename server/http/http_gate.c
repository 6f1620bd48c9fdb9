#include "http/http_gate.h"

#include <string.h>

#include "http/http_accept.h"
#include "util/str.h"

#define API_PREFIX "/api/"

static bool is_read(const struct http_head *head)
{
    return str_equal(head->method, "GET") || str_equal(head->method, "HEAD");
}

static const struct http_plain *find_plain(const struct http_gate *g, const char *path)
{
    for (const struct http_plain *p = g->plain; p && p->path; p++)
        if (strcmp(p->path, path) == 0)
            return p;
    return NULL;
}

static enum err_code only_reads(const struct http_head *head, struct http_decision *out)
{
    if (is_read(head))
        return ERR_OK;
    str_copy(out->allow, sizeof out->allow, "GET, HEAD");
    return err_set(&out->e, ERR_INVALID, "method_not_allowed", "This address takes GET and HEAD");
}

static enum err_code decide_upgrade(const struct http_gate *g, const char *path, const struct http_head *head,
                                    const char *peer, struct http_decision *out)
{
    enum err_code rc = http_upgrade_check(&g->core->site, path, head, &out->upgrade, &out->e);

    if (rc == ERR_OK && !atomic_load_explicit(g->ready, memory_order_relaxed))
        rc = err_set(&out->e, ERR_BUSY, "restarting", "The server is starting or stopping; try again in a moment");
    if (rc == ERR_OK) {
        char address[HTTP_ADDRESS_SIZE];

        out->kind = DECIDE_UPGRADE;
        http_address_of_client(peer, head, g->trusted_proxies, address);
        http_address_key(address, out->address); /* a single client may use a whole /64 */
    }
    return rc;
}

/* Everything that can be decided before the body arrives and without the database. */
static enum err_code check_route(const struct http_gate *g, const struct http_exchange *exchange, struct err *e)
{
    const struct http_head *head = &exchange->request.head;
    enum err_code rc;

    if (exchange->route->reads_only)
        return ERR_OK;
    rc = http_origin_check(&g->core->site, head, e);
    if (rc == ERR_OK && head->length > (int64_t)g->max_body_bytes)
        rc = err_set(e, ERR_INVALID, "body_too_large", "the body is larger than %zu bytes", g->max_body_bytes);
    if (rc == ERR_OK && !atomic_load_explicit(g->ready, memory_order_relaxed))
        rc = err_set(e, ERR_BUSY, "restarting", "The server is starting or stopping; try again in a moment");
    return rc;
}

static enum err_code decide_route(const struct http_gate *g, const char *path, const char *query,
                                  const struct http_head *head, const char *peer, struct http_decision *out)
{
    struct http_exchange *exchange = http_exchange_new(g->core, head, g->max_body_bytes);
    enum err_code rc;

    http_address_of_client(peer, head, g->trusted_proxies, exchange->request.address);
    rc = http_route_find(g->core->routes, head->method, path, &exchange->request.arena, &exchange->route,
                         &exchange->request.params, out->allow, &out->e);
    if (rc == ERR_OK)
        rc = http_query_parse(query, &exchange->request.arena, &exchange->request.query, &out->e);
    if (rc == ERR_OK)
        rc = check_route(g, exchange, &out->e);
    if (rc != ERR_OK) {
        http_exchange_free(exchange);
        return rc;
    }
    out->exchange = exchange;
    out->kind = DECIDE_ROUTE;
    return ERR_OK;
}

static enum err_code decide_file(const struct http_gate *g, const char *path, const struct http_head *head,
                                 struct http_decision *out)
{
    bool found = g->files && http_files_find(g->files, path, head, &out->fixed);
    bool person = http_accepts_html(http_head_find(head, "Accept"));
    enum err_code rc;

    if (!found && !(g->files && person && is_read(head) && http_files_missing(g->files, head, &out->fixed)))
        return err_set(&out->e, ERR_NOT_FOUND, "not_found", "There is nothing at this address");
    out->kind = DECIDE_FIXED;
    rc = only_reads(head, out);
    if (rc != ERR_OK && out->fixed.is_ours)
        http_answer_free(out->fixed.answer);
    return rc;
}

/* Plain pages answer to any Host: monitoring asks by address. */
static enum err_code decide_place(const struct http_gate *g, const char *path, const char *query,
                                  const struct http_head *head, const char *peer, struct http_decision *out)
{
    enum err_code rc = http_host_check(&g->core->site, http_head_find(head, "Host"), &out->e);

    out->plain = find_plain(g, path);
    if (rc != ERR_OK && !(out->plain && strcmp(out->e.code, "misdirected") == 0)) {
        out->kind = DECIDE_REFUSE_CLOSE;
        return rc;
    }
    if (out->plain) {
        out->kind = DECIDE_PLAIN;
        return only_reads(head, out);
    }
    if (g->files && str_starts(path, HTTP_WS_PREFIX))
        return decide_upgrade(g, path, head, peer, out);
    if (g->files && str_starts(path, API_PREFIX))
        return decide_route(g, path, query, head, peer, out);
    return decide_file(g, path, head, out);
}

/* Fills `path` (HTTP_TARGET_MAX + 1). */
static enum err_code check_head(struct http_head *head, char *path, const char **query, struct err *e)
{
    enum err_code rc = http_framing_check(head, e);

    return rc == ERR_OK ? http_path_decode(head->target, head->target_len, path, query, e) : rc;
}

void http_gate_decide(const struct http_gate *g, struct http_head *head, const char *peer, struct http_decision *out)
{
    char path[HTTP_TARGET_MAX + 1];
    const char *query = NULL;

    *out = (struct http_decision){ .kind = DECIDE_REFUSE_CLOSE };
    if (check_head(head, path, &query, &out->e) != ERR_OK)
        return;
    if (g->redirect) {
        out->kind = DECIDE_FIXED;
        http_redirect_find(g->redirect, path, head->target, &out->fixed);
        return;
    }
    out->kind = DECIDE_REFUSE;
    if (decide_place(g, path, query, head, peer, out) != ERR_OK && out->kind != DECIDE_REFUSE_CLOSE)
        out->kind = DECIDE_REFUSE;
    out->html = !str_starts(path, API_PREFIX) && http_accepts_html(http_head_find(head, "Accept"));
}
