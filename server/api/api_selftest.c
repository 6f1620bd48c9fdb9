/* api_selftest.c - the self test of a device and its network (the page /check): credentials for trying the relay, for anybody.
 * A relay is worth stealing, so they are short-lived and few: by link, by user, by site, and for all sites together. Strangers
 * share a few names, and coturn (user-quota) counts allocations by name, so even those that are kept open are few. */
#include <stdio.h>
#include <string.h>

#include "access/access_limit.h"
#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/api_json.h"
#include "api/guest.h"
#include "util/json_fields.h"
#include "util/str.h"

#define SELFTEST_TTL_S 120
#define STRANGER_NAMES 8

/* The person who tests. */
struct tester {
    char name[ID_SIZE];     /* in the credential: the id of the link or user, or a name that strangers share */
    char key[IP_SITE_SIZE]; /* what the limit counts by: an id, or a site */
    bool stranger;
};

static void be_stranger(const struct call *c, struct tester *t)
{
    t->stranger = true;
    api_site(c, t->key);
    snprintf(t->name, sizeof t->name, "check-%d", (int)(str_hash(t->key, strlen(t->key)) % STRANGER_NAMES));
}

/* A link that no longer lets anybody in makes its holder a stranger like all others. */
static enum err_code by_link(struct call *c, const char *code, struct tester *t, struct err *e)
{
    struct invitation invitation;
    enum invitation_state state = INVITATION_REVOKED;
    enum err_code rc = guest_invitation_by_code(c->store, code, &invitation, e);

    if (rc == ERR_OK)
        rc = guest_invitation_state(c, &invitation, &state, e);
    if (rc == ERR_OK && invitation_lets_in(state)) {
        memcpy(t->name, invitation.id, sizeof t->name);
        str_copy(t->key, sizeof t->key, invitation.id);
    } else if (rc == ERR_OK) {
        be_stranger(c, t);
    }
    return rc;
}

static enum err_code find_tester(struct call *c, struct tester *t, struct err *e)
{
    const char *code = json_text(api_body(c), "code", NULL);

    *t = (struct tester){ .stranger = false };
    if (code)
        return by_link(c, code, t, e);
    if (c->user) {
        memcpy(t->name, c->user->id, sizeof t->name);
        str_copy(t->key, sizeof t->key, c->user->id);
    } else {
        be_stranger(c, t);
    }
    return ERR_OK;
}

/* `what`: "ice" or "report", which are counted apart. */
static enum err_code pay(const struct call *c, const struct tester *t, const char *what, struct err *e)
{
    char key[IP_SITE_SIZE + 8];
    enum err_code rc;

    snprintf(key, sizeof key, "%s %s", what, t->key);
    rc = access_limit_key(c, LIMIT_SELFTEST, key, e);
    return rc == ERR_OK && t->stranger ? access_limit_key(c, LIMIT_SELFTESTS, what, e) : rc;
}

static enum err_code api_selftest_ice(struct call *c, struct err *e)
{
    struct tester tester;
    json_t *servers;
    enum err_code rc = find_tester(c, &tester, e);

    if (rc == ERR_OK && (!api_of(c)->turn_secret || !api_of(c)->turn_urls || !api_of(c)->turn_urls[0]))
        rc = err_set(e, ERR_CONFLICT, "no_relay",
                     "This practice has no relay (TURN). Calls work where networks let video through directly.");
    if (rc == ERR_OK)
        rc = pay(c, &tester, "ice", e);
    if (rc != ERR_OK)
        return rc;
    servers = api_json_ice(api_of(c), tester.name, c->now_ms, SELFTEST_TTL_S);
    http_reply_json(c->reply, 200, json_pack("{s:o, s:i}", "ice_servers", servers, "ice_ttl_s", SELFTEST_TTL_S));
    return ERR_OK;
}

/* ---- the table ---- */

/* clang-format off */
static const struct field SELFTEST_ICE[] = {
    { "code", FIELD_TEXT, .min = 1, .max = TEXT_CODE, .help = "of an invitation, if there is one" },
    END,
};

const struct route ROUTES_SELFTEST[] = {
    { "POST", V1 "/check/ice", ACCESS_ANYONE, .limit = LIMIT_CODE, .body = SELFTEST_ICE, .run = api_selftest_ice,
      .help = "Get credentials of the relay for a self test, good for two minutes; five an hour by link, user or site. 409 no_relay when there is none",
      .answer = "{ice_servers, ice_ttl_s}" },
    { 0 },
};
/* clang-format on */
