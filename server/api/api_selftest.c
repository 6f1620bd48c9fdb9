/* api_selftest.c - the self test of a device and its network (the page /check): credentials for trying the relay, for anybody,
 * and reports under a code.
 * A relay is worth stealing, so they are short-lived and few: by link, by user, by site, and for all sites together. Strangers
 * share a few names, and coturn (user-quota) counts allocations by name, so even those that are kept open are few. */
#include <stdio.h>
#include <string.h>

#include "access/access_limit.h"
#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/api_json.h"
#include "api/guest.h"
#include "store/store_selftests.h"
#include "util/arena.h"
#include "util/json_fields.h"
#include "util/str.h"

#define SELFTEST_TTL_S 120
#define STRANGER_NAMES 8

static const struct field SELFTEST_ROW[] = {
    { "id", FIELD_TEXT, .required = true, .min = 1, .max = 16 },
    { "kind", FIELD_TEXT, .required = true, .min = 1, .max = 16 },
    { "state", FIELD_CHOICE, .required = true, .choices = "ok|warn|bad|skip|ask|wait" },
    { "why", FIELD_TEXT, .required = true, .max = 24 },
    { "ms", FIELD_INT, .max = 60000 },
    { "loss", FIELD_INT, .max = 100 },
    { "speed", FIELD_INT, .max = 10000000, .help = "kbit/s" },
    { 0 },
};

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

/* ---- reports ---- */

struct report {
    char result[SELFTEST_RESULT_SIZE];
    char code[SELFTEST_CODE_SIZE];
};

static bool is_word(const char *text)
{
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
}

/* Only words and numbers: nothing that a person could have typed is kept. */
static enum err_code check_row(const json_t *row, struct err *e)
{
    static const char *const WORDS[] = { "id", "kind", "why" };
    enum err_code rc = json_is_object(row) ? json_fields_check(row, SELFTEST_ROW, true, e)
                                           : err_field(e, "rows", "a row is an object");

    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS && rc == ERR_OK; i++)
        if (!is_word(json_text(row, WORDS[i], "")))
            rc = err_field(e, WORDS[i], "%s is a word of small letters", WORDS[i]);
    return rc;
}

static enum err_code write_report(const json_t *rows, struct report *r, struct err *e)
{
    enum err_code rc = ERR_OK;
    const json_t *row;
    size_t i, len;

    json_array_foreach(rows, i, row) if (rc == ERR_OK) rc = check_row(row, e);
    if (rc != ERR_OK)
        return rc;
    len = json_dumpb(rows, r->result, sizeof r->result - 1, JSON_COMPACT);
    if (len > sizeof r->result - 1)
        return err_field(e, "rows", "the report is too long");
    r->result[len] = '\0';
    return ERR_OK;
}

static enum err_code add_report(struct call *c, void *arg, struct err *e)
{
    struct report *r = arg;

    return store_selftest_add(c->store, r->result, c->now_ms, r->code, e);
}

static enum err_code api_selftest_report(struct call *c, struct err *e)
{
    struct report *r = arena_new(http_request_arena(c->request), sizeof *r);
    struct tester tester;
    enum err_code rc = find_tester(c, &tester, e);

    if (rc == ERR_OK)
        rc = write_report(json_object_get(api_body(c), "rows"), r, e);
    if (rc == ERR_OK)
        rc = pay(c, &tester, "report", e);
    if (rc == ERR_OK)
        rc = api_write(c, add_report, r, e);
    if (rc == ERR_OK)
        http_reply_json(c->reply, 201, json_pack("{s:s}", "code", r->code));
    return rc;
}

static enum err_code api_selftest_show(struct call *c, struct err *e)
{
    struct report *r = arena_new(http_request_arena(c->request), sizeof *r);
    int64_t at_ms = 0;
    enum err_code rc =
        store_selftest_find(c->store, http_request_param(c->request, "code"), c->now_ms, &at_ms, r->result, e);

    if (rc == ERR_NOT_FOUND)
        return api_not_found(e, "report");
    if (rc == ERR_OK)
        http_reply_json(c->reply, 200,
                        json_pack("{s:o, s:o?}", "at", api_json_time(at_ms), "rows", json_loads(r->result, 0, NULL)));
    return rc;
}

/* ---- the table ---- */

/* clang-format off */
static const struct field SELFTEST_ICE[] = {
    { "code", FIELD_TEXT, .min = 1, .max = TEXT_CODE, .help = "of an invitation, if there is one" },
    END,
};
static const struct field SELFTEST_REPORT[] = {
    { "code", FIELD_TEXT, .min = 1, .max = TEXT_CODE, .help = "of an invitation, if there is one" },
    { "rows", FIELD_LIST, .required = true, .max = 24, .help = "{id, kind, state, why, ms?, loss?, speed?}: words and numbers" },
    END,
};

const struct route ROUTES_SELFTEST[] = {
    { "POST", V1 "/check/ice", ACCESS_ANYONE, .limit = LIMIT_CODE, .body = SELFTEST_ICE, .run = api_selftest_ice,
      .help = "Get credentials of the relay for a self test, good for two minutes; five an hour by link, user or site. 409 no_relay when there is none",
      .answer = "{ice_servers, ice_ttl_s}" },
    { "POST", V1 "/check/report", ACCESS_ANYONE, .limit = LIMIT_CODE, .body = SELFTEST_REPORT, .run = api_selftest_report,
      .help = "Keep the result of a self test for two weeks, under a code to read out; it names nobody", .answer = "{code}: six digits" },
    { "GET", V1 "/check/reports/:code", ACCESS_ADMIN, .reads_only = true, .run = api_selftest_show,
      .help = "Show the result of a self test by its code", .answer = "{at, rows}" },
    { 0 },
};
/* clang-format on */
