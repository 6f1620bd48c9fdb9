#include "access/access_limit.h"

#include <stdio.h>
#include <string.h>

#include "access/access_parts.h"
#include "domain/id.h"
#include "domain/user.h"
#include "http/http_address.h"
#include "util/clock.h"
#include "util/str.h"

#define LIMIT_KEY_SIZE STR_HEX_SIZE(HASH_BYTES) /* longer than an address or an id */

/* The rate limits. A practice shares one address, so per address only failures count, except in an open room, which a stranger
 * could fill; per user every request counts. A password that may be guessed is paid for before it is tried. Codes are too long to
 * be guessed, so a wrong one is paid for afterwards, and one person's wrong codes do not block another's good link. */
static const struct limit {
    enum { PER_USER_CALLS, PER_ADDRESS_FAILURES, PER_ADDRESS_BAD_CODES, PER_ADDRESS_CALLS, PER_KEY_CALLS } counts;
    int per_hour, burst; /* tokens refilled an hour; tokens at once */
} LIMIT_TABLE[LIMITS] = {
    [LIMIT_API] = { PER_USER_CALLS, 600 * 60, 300 }, /* 600 a minute */
    [LIMIT_SIGN_IN] = { PER_ADDRESS_FAILURES, 20 * 60, 20 },
    [LIMIT_CODE] = { PER_ADDRESS_BAD_CODES, 10 * 60, 10 },
    [LIMIT_JOIN] = { PER_ADDRESS_BAD_CODES, 20 * 60, 20 },
    [LIMIT_SETUP] = { PER_ADDRESS_BAD_CODES, 5 * 60, 5 },
    [LIMIT_CREATE] = { PER_USER_CALLS, 30, 30 },   /* new rooms: 30 an hour */
    [LIMIT_PASSWORD] = { PER_USER_CALLS, 30, 10 }, /* changing one's own password: two hashes each */
    /* One guest's next seat: all hosts are told of each arrival and departure. */
    [LIMIT_AGAIN] = { PER_ADDRESS_CALLS, 120, 30 },
    /* Into one open room: a class behind one address, not a crowd. */
    [LIMIT_NEWCOMER] = { PER_ADDRESS_CALLS, 60, 60 },
    /* Credentials for the relay, and reports, of one link, user or site; and of all sites together: a relay is worth stealing. */
    [LIMIT_SELFTEST] = { PER_KEY_CALLS, 5, 5 },
    [LIMIT_SELFTESTS] = { PER_KEY_CALLS, 60, 30 },
};

/* Whose bucket; "" when nothing is counted. Guesses of others at the same address do not count against a device on which
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

static enum err_code take(const struct access *a, enum route_limit limit, const char *key, int cost, struct err *e)
{
    const struct limit *l = &LIMIT_TABLE[limit];

    return bucket_table_take(a->buckets, (int)limit, key, cost, (int64_t)l->per_hour * a->rate_scale,
                             (int64_t)l->burst * a->rate_scale, clock_mono_ms(), e);
}

static enum err_code take_limit(const struct call *c, const struct route *route, int cost, struct err *e)
{
    char key[LIMIT_KEY_SIZE];

    limit_key(c, &LIMIT_TABLE[route->limit], key);
    return key[0] ? take(c->access, route->limit, key, cost, e) : ERR_OK;
}

enum err_code access_limit_address(const struct call *c, enum route_limit limit, const char *about, struct err *e)
{
    char address[HTTP_ADDRESS_SIZE], key[HTTP_ADDRESS_SIZE + ID_SIZE];

    http_address_key(http_request_address(c->request), address);
    snprintf(key, sizeof key, "%s %s", address, about);
    return take(c->access, limit, key, 1, e);
}

enum err_code access_limit_key(const struct call *c, enum route_limit limit, const char *key, struct err *e)
{
    return take(c->access, limit, key, 1, e);
}

/* Refusals that people without a good code get. A good link that is early, used or asks for a PIN is not among them. */
static bool is_bad_code(enum err_code rc, const struct err *e)
{
    return rc == ERR_NOT_FOUND || strcmp(e->code, "wrong_code") == 0 || strcmp(e->code, "wrong_pin") == 0;
}

/* An attempt is paid for before it runs, so that many at once cannot slip through, and refunded when it does not count. */
static enum err_code run_paid_before(struct call *c, const struct route *route, struct err *e)
{
    bool only_failures = LIMIT_TABLE[route->limit].counts == PER_ADDRESS_FAILURES;
    enum err_code rc = take_limit(c, route, 1, e);
    struct err unused;

    if (rc != ERR_OK)
        return rc;
    rc = route->run(c, e);
    if (only_failures && !call_failed_try(rc))
        (void)!take_limit(c, route, -1, &unused);
    return rc;
}

static enum err_code run_paid_after(struct call *c, const struct route *route, struct err *e)
{
    enum err_code rc = route->run(c, e), paid = ERR_OK;
    struct err limit;

    if (is_bad_code(rc, e))
        paid = take_limit(c, route, 1, &limit);
    if (paid != ERR_OK)
        *e = limit;
    return paid == ERR_OK ? rc : paid;
}

enum err_code access_limit_run(struct call *c, const struct route *route, struct err *e)
{
    return LIMIT_TABLE[route->limit].counts == PER_ADDRESS_BAD_CODES ? run_paid_after(c, route, e)
                                                                     : run_paid_before(c, route, e);
}
