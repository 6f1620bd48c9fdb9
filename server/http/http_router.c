#include "http/http_router.h"

#include <stdio.h>
#include <string.h>

#include "domain/password.h"
#include "http/http_call.h"
#include "http/http_guard.h"
#include "http/http_problem.h"
#include "observe/log.h"
#include "observe/metrics.h"
#include "util/clock.h"

#define JSON_DEPTH 16

static const struct field NO_FIELDS[] = { { 0 } };

/* Matches one segment pattern after another; `:name` matches any non-empty segment. */
static bool path_matches(const char *pattern, const char *path, struct arena *arena, struct http_params *params)
{
    params->count = 0;
    while (*pattern && *path) {
        size_t want = strcspn(pattern + 1, "/"), got = strcspn(path + 1, "/");

        if (*pattern != '/' || *path != '/')
            return false;
        if (pattern[1] != ':') {
            if (want != got || strncmp(pattern + 1, path + 1, want) != 0)
                return false;
        } else if (got == 0 || params->count == ROUTE_PARAMS_MAX) {
            return false;
        } else {
            params->items[params->count++] =
                (struct http_param){ arena_text_n(arena, pattern + 2, want - 1), arena_text_n(arena, path + 1, got) };
        }
        pattern += 1 + want;
        path += 1 + got;
    }
    return *pattern == *path;
}

static void allow_method(char allow[HTTP_ALLOW_SIZE], const char *method)
{
    size_t len = strlen(allow);

    snprintf(allow + len, HTTP_ALLOW_SIZE - len, "%s%s", len > 0 ? ", " : "", method);
}

enum err_code http_route_find(const struct route *routes, const char *method, const char *path, struct arena *arena,
                              const struct route **out, struct http_params *params, char allow[HTTP_ALLOW_SIZE],
                              struct err *e)
{
    const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;

    allow[0] = '\0';
    for (const struct route *route = routes; route->method; route++) {
        if (!path_matches(route->path, path, arena, params))
            continue;
        if (strcmp(route->method, wanted) == 0) {
            *out = route;
            return ERR_OK;
        }
        allow_method(allow, route->method);
    }
    if (!allow[0])
        return err_set(e, ERR_NOT_FOUND, "not_found", "There is nothing at this address");
    return err_set(e, ERR_INVALID, "method_not_allowed", "This address takes %s", allow);
}

static enum err_code read_body(struct http_exchange *exchange, struct err *e)
{
    const struct field *fields = exchange->route->body ? exchange->route->body : NO_FIELDS;
    enum err_code rc;

    if (exchange->body.len == 0)
        exchange->request.body = json_object();
    else if ((rc = json_parse_object(exchange->body.data, exchange->body.len, JSON_DEPTH, &exchange->request.body,
                                     e)) != ERR_OK)
        return rc;
    return json_fields_check(exchange->request.body, fields, true, e);
}

static void note(const struct http_exchange *exchange, const struct err *e)
{
    int64_t ms = clock_mono_ms() - exchange->started_ms;
    int status = exchange->reply.status;

    metrics_observe(METRIC_HTTP_SECONDS, (double)ms / 1000);
    if (status >= 500)
        log_event(status == 503 ? LOG_WARN : LOG_ERROR, "http.failed",
                  "id=%s method=%s route=%s status=%d code=%s detail=\"%s\"", exchange->request.id,
                  exchange->route->method, exchange->route->path, status, e->code, e->detail);
    log_event(LOG_INFO, "http.request", "id=%s method=%s route=%s status=%d ms=%lld", exchange->request.id,
              exchange->route->method, exchange->route->path, status, (long long)ms);
}

/* Without a guard nobody is known, so only routes for anyone run. */
static enum err_code admit(const struct http_guard *guard, struct call *c, const struct route *route, struct err *e)
{
    if (guard)
        return guard->admit(c, route, e);
    return route->access == ACCESS_ANYONE ? ERR_OK : err_set(e, ERR_AUTH, "not_signed_in", "Please sign in");
}

static enum err_code run_handler(const struct http_guard *guard, struct call *c, const struct route *route,
                                 struct err *e)
{
    bool may = password_may_hash(route->hashes);
    enum err_code rc = guard ? guard->run(c, route, e) : route->run(c, e);

    password_may_hash(may);
    return rc;
}

static enum err_code run_route(struct http_exchange *exchange, struct call *c, struct err *e)
{
    enum err_code rc = admit(exchange->core->guard, c, exchange->route, e);

    if (rc == ERR_OK)
        rc = read_body(exchange, e);
    if (rc == ERR_OK)
        rc = run_handler(exchange->core->guard, c, exchange->route, e);
    if (rc == ERR_OK && exchange->reply.status == 0)
        http_reply_empty(&exchange->reply);
    return rc;
}

static struct call call_of(struct http_exchange *exchange, struct store *s)
{
    return (struct call){
        .request = &exchange->request,
        .reply = &exchange->reply,
        .store = s,
        .api = exchange->core->api,
        .access = exchange->core->access,
        .now_ms = clock_wall_ms(),
    };
}

bool http_route_run(struct http_exchange *exchange, struct store *s)
{
    struct err e = { 0 };
    struct call c = call_of(exchange, s);
    enum err_code rc = run_route(exchange, &c, &e);

    if (rc != ERR_OK) {
        if (e.kind == ERR_OK) /* the handler returned a code without words */
            e.kind = rc;
        http_reply_problem(&exchange->reply, &e, exchange->request.id, false);
    }
    note(exchange, &e);
    return call_failed_try(rc);
}

const char *http_route_known_as(struct http_exchange *exchange)
{
    struct call c = call_of(exchange, NULL);

    return exchange->route->hashes && exchange->core->guard ? exchange->core->guard->known_as(&c) : NULL;
}
