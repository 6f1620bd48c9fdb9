/* Signing in and out: the same answer in the same time for everybody who is refused, and sign-ins that end. */
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "api/throttle.h"
#include "domain/password.h"
#include "observe/metrics.h"
#include "store/store_devices.h"
#include "tests/unit/api/practice.h"

#define SIGN_IN "{'email':'%s','password':'%s'}"

/* An account with the right password. */
static struct user account(const char *email, enum user_state state)
{
    struct user u = { .role = USER_HOST, .state = state, .name = "Somebody", .created_ms = clock_wall_ms() };
    char hash[PASSWORD_HASH_SIZE];
    struct err e = { 0 };

    crypto_new_id(u.id);
    str_copy(u.email, sizeof u.email, email);
    must(password_hash(GOOD_PASSWORD, hash, &e), &e, "hash");
    must(store_write_begin(practice.store, &e), &e, "account");
    must(store_write_end(practice.store, store_user_add(practice.store, &u, hash, &e), &e), &e, "account");
    return u;
}

static void the_right_password_opens_and_the_old_sign_in_of_that_device_ends(void)
{
    struct jar jar = { 0 }, before;

    account("ana@example.org", USER_ACTIVE);
    CHECK_ANSWER(ask(&jar, "POST", "/session", SIGN_IN, " Ana@Example.org ", GOOD_PASSWORD), 200, "");
    before = jar;
    CHECK_ANSWER(ask(&jar, "POST", "/session", SIGN_IN, "ana@example.org", GOOD_PASSWORD), 200, "");
    CHECK(strcmp(before.sid, jar.sid) != 0);
    CHECK_ANSWER(ask(&before, "GET", "/session", "%s", ""), 401, "not_signed_in");
    CHECK_ANSWER(ask(&jar, "GET", "/session", "%s", ""), 200, "");
    CHECK_INT(recorded("session.start"), 2);
}

/* Work that this thread did; other load on the machine does not count. */
static int64_t worked_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

/* All of an answer but the id of the request. */
static const char *said(const struct answer *a)
{
    json_object_del(a->json, "request_id");
    return json_dumps(a->json, JSON_SORT_KEYS);
}

static void a_refused_sign_in_reveals_nothing_and_takes_as_long(void)
{
    static const char *const CASES[][2] = { { "closed@example.org", GOOD_PASSWORD },
                                            { "ana@example.org", "wrong password" },
                                            { "nobody@example.org", "wrong password" },
                                            { "no address", "wrong password" } };
    char *first = NULL;
    int64_t fastest = INT64_MAX, slowest = 0;

    account("closed@example.org", USER_DISABLED);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        int64_t best = INT64_MAX;

        for (int round = 0; round < 2; round++) {
            struct jar jar = { 0 };
            int64_t start = worked_us(), took;
            const struct answer *a = ask(&jar, "POST", "/session", SIGN_IN, CASES[i][0], CASES[i][1]);
            char *words;

            took = worked_us() - start;
            best = took < best ? took : best;
            CHECK_ANSWER(a, 401, "bad_credentials");
            words = (char *)(uintptr_t)said(a);
            if (first)
                CHECK_STR(words, first);
            else
                first = strdup(words);
            free(words);
        }
        fastest = best < fastest ? best : fastest;
        slowest = best > slowest ? best : slowest;
    }
    free(first);
    if (!CHECK(slowest * 2 < fastest * 3)) /* a hash each, and caches that others use too */
        printf("%d µs and %d µs\n", (int)fastest, (int)slowest);
    CHECK_INT(recorded("session.refuse"), 8);
}

static void ten_failures_make_an_account_wait_even_one_that_does_not_exist(void)
{
    static const char *const WHO[] = { "ghost@example.org", "ana@example.org" };

    for (size_t i = 0; i < 2; i++) {
        struct jar jar = { 0 };
        const struct answer *a = NULL;
        int status = 401;

        for (int n = 0; n < 12 && status == 401; n++) {
            a = ask(&jar, "POST", "/session", SIGN_IN, WHO[i], "wrong password");
            status = a->status;
        }
        CHECK_ANSWER(a, 429, "too_many_attempts");
        CHECK_ANSWER(ask(&jar, "POST", "/session", SIGN_IN, WHO[i], GOOD_PASSWORD), 429, "too_many_attempts");
    }
    CHECK_INT(recorded("session.throttle"), 2); /* when each wait begins, and not for tries during the wait */
}

/* As after many guesses from the tests' address, without the cost of as many hashes. */
static void guess_on(const char *email)
{
    const struct throttle_who who = { .account = email, .from = "192.0.2.1" };

    for (int n = 0; n < 20; n++)
        throttle_failed(practice.api.sign_ins, &who, clock_mono_ms());
}

static void guesses_of_others_do_not_make_a_device_wait_that_signed_in_before(void)
{
    struct jar own = { 0 }, stranger = { 0 }, later = { 0 };

    account("rhea@example.org", USER_ACTIVE);
    CHECK_ANSWER(ask(&own, "POST", "/session", SIGN_IN, "rhea@example.org", GOOD_PASSWORD), 200, "");
    CHECK(own.device[0] && strcmp(own.device, own.sid) != 0);
    guess_on("rhea@example.org");
    CHECK_ANSWER(ask(&stranger, "POST", "/session", SIGN_IN, "rhea@example.org", GOOD_PASSWORD), 429,
                 "too_many_attempts");
    str_copy(later.device, sizeof later.device, own.device);
    CHECK_ANSWER(ask(&later, "POST", "/session", SIGN_IN, "rhea@example.org", GOOD_PASSWORD), 200, "");
    CHECK_STR(later.device, own.device);                          /* the same, for longer */
    str_copy(stranger.device, sizeof stranger.device, later.sid); /* looks like a device cookie and is not one */
    CHECK_ANSWER(ask(&stranger, "POST", "/session", SIGN_IN, "rhea@example.org", GOOD_PASSWORD), 429,
                 "too_many_attempts");
    account("rhys@example.org", USER_ACTIVE); /* a device of one account spares no other */
    memset(later.sid, 0, sizeof later.sid);
    guess_on("rhys@example.org");
    CHECK_ANSWER(ask(&later, "POST", "/session", SIGN_IN, "rhys@example.org", GOOD_PASSWORD), 429, "too_many_attempts");
}

static void a_new_password_forgets_the_devices_of_the_old_one(void)
{
    struct jar here = { 0 }, elsewhere = { 0 };
    struct user u = account("dora@example.org", USER_ACTIVE);
    bool known;
    uint8_t hash[HASH_BYTES];
    struct err e;

    CHECK_ANSWER(ask(&elsewhere, "POST", "/session", SIGN_IN, "dora@example.org", GOOD_PASSWORD), 200, "");
    CHECK_ANSWER(ask(&here, "POST", "/session", SIGN_IN, "dora@example.org", GOOD_PASSWORD), 200, "");
    CHECK_ANSWER(
        ask(&here, "PUT", "/me/password", "{'current':'%s','password':'another fine sentence'}", GOOD_PASSWORD), 204,
        "");
    crypto_digest(elsewhere.device, strlen(elsewhere.device), hash);
    CHECK_INT(store_device_is_of(practice.store, hash, u.id, clock_wall_ms(), &known, &e), ERR_OK);
    CHECK(!known);
    crypto_digest(here.device, strlen(here.device), hash);
    CHECK_INT(store_device_is_of(practice.store, hash, u.id, clock_wall_ms(), &known, &e), ERR_OK);
    CHECK(known);
}

static void guessing_the_current_password_is_recorded_once_it_must_wait(void)
{
    struct user u = account("dan@example.org", USER_ACTIVE);
    int before = recorded("session.throttle");
    struct jar jar;

    sign_in(&jar, u.id);
    for (int i = 0; i < 10; i++)
        CHECK_ANSWER(ask(&jar, "PUT", "/me/password", "{'current':'wrong','password':'another fine sentence'}"), 403,
                     "wrong_password");
    CHECK_ANSWER(ask(&jar, "PUT", "/me/password", "{'current':'wrong','password':'another fine sentence'}"), 429,
                 "too_many_attempts");
    CHECK_INT(recorded("session.throttle"), before + 1);
}

static void an_arrival_is_recorded_with_person_request_and_network(void)
{
    struct jar jar = { 0 };
    struct user u = account("eva@example.org", USER_ACTIVE);
    const struct answer *a;
    json_t *row;
    size_t i;
    bool found = false;

    CHECK_ANSWER(ask(&jar, "POST", "/session", SIGN_IN, "eva@example.org", GOOD_PASSWORD), 200, "");
    a = ask(&admin, "GET", "/audit?limit=200&action=session.start", "%s", "");
    json_array_foreach(json_object_get(a->json, "items"), i, row)
    {
        if (strcmp(json_text(row, "actor", ""), u.id) != 0)
            continue;
        found = true;
        CHECK_STR(json_text(row, "detail", ""), "192.0.2.0/24");
        CHECK(str_starts(json_text(row, "facts", ""), "request="));
    }
    CHECK(found);
}

static void second_factors_come_later_and_are_refused_till_then(void)
{
    struct jar jar = { 0 };
    const struct answer *a = ask(&jar, "POST", "/session", "{'email':'a@b.c','password':'x','totp':'123456'}");

    CHECK_ANSWER(a, 422, "not_available");
    CHECK_STR(a->field, "totp");
}

static void everybody_sees_and_ends_only_their_own_sign_ins(void)
{
    struct jar laptop = person(USER_HOST, "Mia"), phone, other = person(USER_HOST, "Ben");
    const struct answer *a;
    const char *id;

    sign_in(&phone, laptop.id);
    a = ask(&laptop, "GET", "/sessions", "%s", "");
    CHECK_INT(json_array_size(json_object_get(a->json, "items")), 2);
    a = ask(&phone, "GET", "/session", "%s", "");
    id = arena_text(&practice.ids, json_text(json_object_get(a->json, "session"), "id", ""));
    CHECK_ANSWER(ask(&other, "DELETE", path_to("/sessions/%s", id), "%s", ""), 404, "not_found");
    CHECK_ANSWER(ask(&laptop, "DELETE", path_to("/sessions/%s", id), "%s", ""), 204, "");
    CHECK_ANSWER(ask(&phone, "GET", "/session", "%s", ""), 401, "not_signed_in");
    CHECK_ANSWER(ask(&laptop, "DELETE", "/session", "%s", ""), 204, "");
    CHECK_STR(laptop.sid, "");
}

static void a_changed_password_needs_the_current_one_and_ends_the_others(void)
{
    struct user u = account("cleo@example.org", USER_ACTIVE);
    struct jar here, elsewhere, fresh = { 0 };
    const struct answer *a;

    sign_in(&here, u.id);
    sign_in(&elsewhere, u.id);
    a = ask(&here, "PUT", "/me/password", "{'current':'wrong','password':'another fine sentence'}");
    CHECK_ANSWER(a, 403, "wrong_password");
    CHECK_STR(a->field, "current");
    a = ask(&here, "PUT", "/me/password", "{'current':'%s','password':'cleo@example.org'}", GOOD_PASSWORD);
    CHECK_STR(a->field, "password");
    CHECK_ANSWER(ask(&elsewhere, "GET", "/session", "%s", ""), 200, "");
    CHECK_ANSWER(
        ask(&here, "PUT", "/me/password", "{'current':'%s','password':'another fine sentence'}", GOOD_PASSWORD), 204,
        "");
    CHECK_ANSWER(ask(&elsewhere, "GET", "/session", "%s", ""), 401, "not_signed_in");
    CHECK_ANSWER(ask(&here, "GET", "/session", "%s", ""), 200, "");
    CHECK_ANSWER(ask(&fresh, "POST", "/session", SIGN_IN, "cleo@example.org", "another fine sentence"), 200, "");
}

struct late {
    struct jar jar;
    int status;
};

static void *sign_in_late(void *arg)
{
    struct late *l = arg;
    struct store *s;
    struct err e = { 0 };
    struct answer a;

    must(store_open(practice.db, &s, &e), &e, "handle");
    a = ask_with(s, &l->jar, "POST", "/session", "{\"email\":\"lara@example.org\",\"password\":\"" GOOD_PASSWORD "\"}");
    l->status = a.status;
    answer_free(&a);
    store_close(s);
    return NULL;
}

/* The old hash is read and being verified while the write is open that changes it: the sign-in waits for that write's end. */
static int hashes_of(struct jar *jar, const char *method, const char *path, const char *body, int status)
{
    int64_t before = metrics_value(METRIC_PASSWORD_HASHES);

    CHECK_INT(ask(jar, method, path, "%s", body)->status, status);
    return (int)(metrics_value(METRIC_PASSWORD_HASHES) - before);
}

static void a_request_refused_for_another_reason_costs_no_hash(void)
{
    struct user u = account("noor@example.org", USER_ACTIVE);
    struct jar jar, anyone = { 0 };

    sign_in(&jar, u.id);
    CHECK_INT(
        hashes_of(&jar, "PUT", "/me/password", "{'current':'" GOOD_PASSWORD "','password':'passwordpassword'}", 422),
        0);
    CHECK_INT(hashes_of(&anyone, "POST", "/password", "{'code':'nobodys','password':'another fine sentence'}", 404), 0);
    CHECK_INT(
        hashes_of(&anyone, "POST", "/setup",
                  "{'code':'nobodys','practice':'P','name':'N','email':'a@b.c','password':'another fine sentence'}",
                  409),
        0);
}

/* password_may_hash() refuses to hash on a route without the column; the reverse is tested here: a route that takes a password has it. */
static void each_route_that_takes_a_password_hashes_in_its_own_lane_under_a_limit_of_its_own(void)
{
    int found = 0;

    for (const struct route *r = api_routes(); r->method; r++) {
        bool takes = false;

        for (const struct field *f = r->body; f && f->name; f++)
            takes = takes || strcmp(f->name, "password") == 0;
        if (takes != r->hashes || (r->hashes && r->limit == LIMIT_API))
            CHECK_STR(r->path, "(hashes, and says so)");
        found += r->hashes;
    }
    CHECK_INT(found, 4);
}

static void a_password_that_changes_while_it_is_checked_opens_nothing(void)
{
    struct user u = account("lara@example.org", USER_ACTIVE);
    struct late late = { .status = 0 };
    char hash[PASSWORD_HASH_SIZE], stored[PASSWORD_HASH_SIZE];
    struct err e = { 0 };
    pthread_t thread;
    int64_t hashes;

    must(password_hash("another fine sentence", hash, &e), &e, "hash");
    must(store_write_begin(practice.store, &e), &e, "write");
    hashes = metrics_value(METRIC_PASSWORD_HASHES);
    CHECK_INT(pthread_create(&thread, NULL, sign_in_late, &late), 0);
    while (metrics_value(METRIC_PASSWORD_HASHES) == hashes)
        sched_yield();
    must(store_write_end(practice.store, store_user_set_password(practice.store, u.id, hash, clock_wall_ms(), &e), &e),
         &e, "password");
    pthread_join(thread, NULL);
    CHECK_INT(late.status, 401);
    CHECK_STR(late.jar.sid, "");
    CHECK_INT(store_user_password(practice.store, u.id, stored, &e), ERR_OK);
    CHECK_STR(stored, hash);
}

/* The secret after the # of a link. */
static const char *secret_of(const struct answer *a)
{
    const char *link = json_text(a->json, "link", "#");

    return arena_text(&practice.ids, strchr(link, '#') + 1);
}

#define REDEEM "{'code':'%s','password':'%s'}"

static void a_password_link_works_once_survives_weak_tries_and_is_voided_by_the_next(void)
{
    struct jar anyone = { 0 };
    const struct answer *a = ask(&admin, "POST", "/users", "{'email':'new@example.org','name':'New','role':'host'}");
    const char *id, *old, *code;

    CHECK_INT(a->status, 201);
    CHECK_STR(json_text(a->json, "state", ""), "invited");
    id = kept(a, "id");
    old = secret_of(a);
    a = ask(&admin, "POST", path_to("/users/%s/link", id), "{}");
    code = secret_of(a);
    CHECK_ANSWER(ask(&anyone, "POST", "/password", REDEEM, old, GOOD_PASSWORD), 404, "unknown_code");
    CHECK_STR(ask(&anyone, "POST", "/password", REDEEM, code, "passwordpassword")->field, "password");
    CHECK_ANSWER(ask(&anyone, "POST", "/password", REDEEM, code, GOOD_PASSWORD), 200, "");
    CHECK_ANSWER(ask(&anyone, "POST", "/password", REDEEM, code, GOOD_PASSWORD), 404, "unknown_code");
    CHECK_ANSWER(ask(&anyone, "POST", "/session", SIGN_IN, "new@example.org", GOOD_PASSWORD), 200, "");
}

static void a_link_of_a_disabled_account_is_refused(void)
{
    struct jar anyone = { 0 };
    const struct answer *a = ask(&admin, "POST", "/users", "{'email':'gone@example.org','name':'Gone','role':'desk'}");
    const char *id = kept(a, "id"), *code = secret_of(a);

    CHECK_INT(ask(&admin, "PATCH", path_to("/users/%s", id), "{'disabled':true}")->status, 200);
    CHECK_ANSWER(ask(&anyone, "POST", "/password", REDEEM, code, GOOD_PASSWORD), 404, "unknown_code");
    CHECK_ANSWER(ask(&admin, "POST", path_to("/users/%s/link", id), "{}"), 409, "user_disabled");
}

static const struct check_test TESTS[] = {
    TEST(the_right_password_opens_and_the_old_sign_in_of_that_device_ends),
    TEST(a_refused_sign_in_reveals_nothing_and_takes_as_long),
    TEST(ten_failures_make_an_account_wait_even_one_that_does_not_exist),
    TEST(guesses_of_others_do_not_make_a_device_wait_that_signed_in_before),
    TEST(a_new_password_forgets_the_devices_of_the_old_one),
    TEST(guessing_the_current_password_is_recorded_once_it_must_wait),
    TEST(an_arrival_is_recorded_with_person_request_and_network),
    TEST(second_factors_come_later_and_are_refused_till_then),
    TEST(everybody_sees_and_ends_only_their_own_sign_ins),
    TEST(a_changed_password_needs_the_current_one_and_ends_the_others),
    TEST(a_request_refused_for_another_reason_costs_no_hash),
    TEST(each_route_that_takes_a_password_hashes_in_its_own_lane_under_a_limit_of_its_own),
    TEST(a_password_that_changes_while_it_is_checked_opens_nothing),
    TEST(a_password_link_works_once_survives_weak_tries_and_is_voided_by_the_next),
    TEST(a_link_of_a_disabled_account_is_refused),
    { 0 },
};

PRACTICE_MAIN(TESTS, NULL)
