#include "http/http_router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/crypto.h"
#include "domain/password.h"
#include "http/http_call.h"
#include "http/http_limit.h"
#include "http/http_problem.h"
#include "http/http_session_find.h"
#include "observe/log.h"
#include "observe/metrics.h"
#include "store/store_users.h"
#include "util/clock.h"
#include "util/str.h"

#define JSON_DEPTH 16
#define REPEAT_KEY_MAX 64                       /* characters of an Idempotency-Key */
#define LIMIT_KEY_SIZE STR_HEX_SIZE(HASH_BYTES) /* longer than an address or an id */

/* How often. Practices share one address, so per address only what failed counts, but for an open room, which a stranger could
 * fill; per user everything does. A password that may be guessed is paid for before it is tried. Codes are too long to be guessed,
 * so a wrong one is paid for afterwards, and nobody's wrong ones keep another's good link out. */
static const struct limit {
    enum { PER_USER_CALLS, PER_ADDRESS_FAILURES, PER_ADDRESS_BAD_CODES, PER_ADDRESS_CALLS } counts;
    int per_hour, burst; /* refilled by so many an hour; at once */
} LIMIT_TABLE[LIMITS] = {
    [LIMIT_API] = { PER_USER_CALLS, 600 * 60, 300 }, /* 600 a minute */
    [LIMIT_SIGN_IN] = { PER_ADDRESS_FAILURES, 20 * 60, 20 },
    [LIMIT_CODE] = { PER_ADDRESS_BAD_CODES, 10 * 60, 10 },
    [LIMIT_JOIN] = { PER_ADDRESS_BAD_CODES, 20 * 60, 20 },
    [LIMIT_SETUP] = { PER_ADDRESS_BAD_CODES, 5 * 60, 5 },
    [LIMIT_CREATE] = { PER_USER_CALLS, 30, 30 },   /* new rooms: 30 an hour */
    [LIMIT_PASSWORD] = { PER_USER_CALLS, 30, 10 }, /* changing one's own: two hashes each */
    [LIMIT_AGAIN] = { PER_ADDRESS_CALLS, 120,
                      30 }, /* one guest's next seat: each coming and going is told to all hosts */
    [LIMIT_NEWCOMER] = { PER_ADDRESS_CALLS, 60, 60 }, /* into one open room: a class behind one address, not a crowd */
};

static const struct field NO_FIELDS[] = { { 0 } };

/* Matches one segment pattern after the other; `:name` takes any non-empty segment. */
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
    for (const struct route *r = routes; r->method; r++) {
        if (!path_matches(r->path, path, arena, params))
            continue;
        if (strcmp(r->method, wanted) == 0) {
            *out = r;
            return ERR_OK;
        }
        allow_method(allow, r->method);
    }
    if (!allow[0])
        return err_set(e, ERR_NOT_FOUND, "not_found", "There is nothing at this address");
    return err_set(e, ERR_INVALID, "method_not_allowed", "This address takes %s", allow);
}

static enum err_code check_set_up(struct call *c, const struct http_exchange *x, struct err *e)
{
    int64_t users = 0, admins = 0;
    enum err_code rc;

    if (atomic_load_explicit(&x->core->set_up, memory_order_relaxed))
        return ERR_OK;
    rc = store_user_count(c->store, &users, &admins, e);
    if (rc != ERR_OK)
        return rc;
    if (users > 0)
        atomic_store_explicit(&x->core->set_up, true, memory_order_relaxed);
    else if (!x->route->works_before_setup)
        return err_set(e, ERR_CONFLICT, "setup_due",
                       "Nobody has set this installation up yet; open the setup link first");
    return ERR_OK;
}

static enum err_code check_access(const struct call *c, const struct route *r, struct err *e)
{
    bool allowed = false;

    if (r->access == ACCESS_ANYONE)
        return ERR_OK;
    if (!c->user)
        return err_set(e, ERR_AUTH, "not_signed_in", "Please sign in");
    switch (r->access) {
    case ACCESS_ADMIN: allowed = c->user->role == USER_ADMIN; break;
    case ACCESS_HOST: allowed = c->user->role == USER_ADMIN || c->user->role == USER_HOST; break;
    case ACCESS_USER:
    case ACCESS_ANYONE: allowed = true; break;
    case ACCESSES: break;
    }
    return allowed ? ERR_OK : err_set(e, ERR_FORBIDDEN, "forbidden", "Your account may not do this");
}

/* Whose bucket; "" when nothing is counted. What others at the same address guess does not count against a device where
 * somebody signed in before. */
static void limit_key(const struct call *c, const struct limit *l, char key[LIMIT_KEY_SIZE])
{
    key[0] = '\0';
    if (l->counts == PER_ADDRESS_FAILURES && c->device)
        str_hex(key, c->device, HASH_BYTES);
    else if (l->counts == PER_ADDRESS_FAILURES || l->counts == PER_ADDRESS_BAD_CODES)
        http_address_key(http_request_address(c->request), key);
    else if (c->user)
        str_copy(key, LIMIT_KEY_SIZE, c->user->id);
}

static enum err_code take(const struct http_core *core, enum route_limit limit, const char *key, int cost,
                          struct err *e)
{
    const struct limit *l = &LIMIT_TABLE[limit];
    int64_t scale = core->rate_scale > 0 ? core->rate_scale : 1;

    return http_limit_take(core->limits, (int)limit, key, cost, l->per_hour * scale, l->burst * scale, clock_mono_ms(),
                           e);
}

static enum err_code take_limit(struct call *c, const struct http_exchange *x, int cost, struct err *e)
{
    char key[LIMIT_KEY_SIZE];

    limit_key(c, &LIMIT_TABLE[x->route->limit], key);
    return key[0] ? take(x->core, x->route->limit, key, cost, e) : ERR_OK;
}

enum err_code call_limit_address(const struct call *c, enum route_limit limit, const char *about, struct err *e)
{
    const struct http_exchange *x = list_entry(c->request, const struct http_exchange, request);
    char address[HTTP_ADDRESS_SIZE], key[HTTP_ADDRESS_SIZE + ID_SIZE];

    http_address_key(http_request_address(c->request), address);
    snprintf(key, sizeof key, "%s %s", address, about);
    return take(x->core, limit, key, 1, e);
}

static bool is_failed_try(enum err_code rc)
{
    return rc == ERR_AUTH || rc == ERR_FORBIDDEN || rc == ERR_NOT_FOUND;
}

/* What somebody sends who has no good code. A good link that is early, used or asks for a PIN is none of it. */
static bool is_bad_code(enum err_code rc, const struct err *e)
{
    return rc == ERR_NOT_FOUND || strcmp(e->code, "wrong_code") == 0 || strcmp(e->code, "wrong_pin") == 0;
}

/* A try is paid for before it runs, so that many at once cannot slip through, and paid back when it was none. */
static enum err_code run_paid_before(struct call *c, struct http_exchange *x, struct err *e)
{
    bool only_failures = LIMIT_TABLE[x->route->limit].counts == PER_ADDRESS_FAILURES;
    enum err_code rc = take_limit(c, x, 1, e);
    struct err unused;

    if (rc != ERR_OK)
        return rc;
    rc = x->route->run(c, e);
    if (only_failures && !is_failed_try(rc))
        (void)!take_limit(c, x, -1, &unused);
    return rc;
}

static enum err_code run_paid_after(struct call *c, struct http_exchange *x, struct err *e)
{
    enum err_code rc = x->route->run(c, e), paid = ERR_OK;
    struct err limit;

    if (is_bad_code(rc, e))
        paid = take_limit(c, x, 1, &limit);
    if (paid != ERR_OK)
        *e = limit;
    return paid == ERR_OK ? rc : paid;
}

static enum err_code run_limited(struct call *c, struct http_exchange *x, struct err *e)
{
    bool may = password_may_hash(x->route->hashes);
    enum err_code rc = LIMIT_TABLE[x->route->limit].counts == PER_ADDRESS_BAD_CODES ? run_paid_after(c, x, e)
                                                                                    : run_paid_before(c, x, e);

    password_may_hash(may);
    return rc;
}

static enum err_code read_body(struct http_exchange *x, struct err *e)
{
    const struct field *fields = x->route->body ? x->route->body : NO_FIELDS;
    enum err_code rc;

    if (x->body.len == 0)
        x->request.body = json_object();
    else if ((rc = json_parse_object(x->body.data, x->body.len, JSON_DEPTH, &x->request.body, e)) != ERR_OK)
        return rc;
    return json_fields_check(x->request.body, fields, true, e);
}

/* Who calls, as far as the store knows. */
struct caller {
    struct session session;
    struct user user;
    uint8_t device[HASH_BYTES];
};

/* What was asked, however its JSON is written: the same key is good for the same again. */
static void hash_question(const struct http_exchange *x, uint8_t hash[HASH_BYTES])
{
    char *body = json_dumps(x->request.body, JSON_COMPACT | JSON_SORT_KEYS);
    const char *question =
        arena_printf(x->reply.arena, "%s %s %s", x->request.head.method, x->request.head.target, body);

    crypto_digest(question, strlen(question), hash);
    free(body);
}

static enum err_code read_repeat(struct http_exchange *x, struct call *c, struct err *e)
{
    const char *key = http_request_header(c->request, "Idempotency-Key");
    uint8_t hash[HASH_BYTES];
    struct repeat *r;

    if (!x->route->idempotent || !key)
        return ERR_OK;
    if (!key[0] || strlen(key) > REPEAT_KEY_MAX)
        return err_set(e, ERR_INVALID, "bad_idempotency_key", "Idempotency-Key has 1 to %d characters.",
                       REPEAT_KEY_MAX);
    r = arena_new(x->reply.arena, sizeof *r);
    crypto_digest(key, strlen(key), hash);
    str_hex(r->key, hash, sizeof hash);
    hash_question(x, r->asked);
    c->repeat = r;
    return ERR_OK;
}

static enum err_code run_route(struct http_exchange *x, struct call *c, struct caller *who, struct err *e)
{
    enum err_code rc = check_set_up(c, x, e);

    if (rc == ERR_OK)
        rc = http_session_find(c, &who->session, &who->user, e);
    if (rc == ERR_OK && x->route->hashes)
        rc = http_device_find(c, who->device, e);
    if (rc == ERR_OK)
        rc = check_access(c, x->route, e);
    if (rc == ERR_OK)
        rc = read_body(x, e);
    if (rc == ERR_OK)
        rc = read_repeat(x, c, e);
    if (rc == ERR_OK)
        rc = run_limited(c, x, e);
    if (rc == ERR_OK && x->reply.status == 0)
        http_reply_empty(&x->reply);
    return rc;
}

static void note(const struct http_exchange *x, const struct err *e)
{
    int64_t ms = clock_mono_ms() - x->started_ms;
    int status = x->reply.status;

    metrics_observe(METRIC_HTTP_SECONDS, (double)ms / 1000);
    if (status >= 500)
        log_event(status == 503 ? LOG_WARN : LOG_ERROR, "http.failed",
                  "id=%s method=%s route=%s status=%d code=%s detail=\"%s\"", x->request.id, x->route->method,
                  x->route->path, status, e->code, e->detail);
    log_event(LOG_INFO, "http.request", "id=%s method=%s route=%s status=%d ms=%lld", x->request.id, x->route->method,
              x->route->path, status, (long long)ms);
}

bool http_route_run(struct http_exchange *x, struct store *s)
{
    struct caller who;
    struct err e = { 0 };
    struct call c = {
        .request = &x->request,
        .reply = &x->reply,
        .store = s,
        .api = x->core->api,
        .now_ms = clock_wall_ms(),
    };
    enum err_code rc = run_route(x, &c, &who, &e);

    if (rc != ERR_OK) {
        if (e.kind == ERR_OK) /* the handler returned a code without words */
            e.kind = rc;
        http_reply_problem(&x->reply, &e, x->request.id, false);
    }
    note(x, &e);
    return is_failed_try(rc);
}
