/* The first administrator: one code, one winner. */
#include <pthread.h>

#include "tests/unit/api/practice.h"

static char code[SETUP_CODE_SIZE];

#define FIRST "{'code':'%s','practice':'Hill Clinic','name':'Olga Owner','email':'owner@example.org','password':'%s'}"

static void nothing_else_works_before_the_setup(void)
{
    struct jar anyone = { 0 };

    CHECK_ANSWER(ask(&anyone, "POST", "/session", "{'email':'a@b.c','password':'x'}"), 409, "setup_due");
    CHECK_ANSWER(ask(&anyone, "GET", "/session", "%s", ""), 401, "not_signed_in");
    CHECK(json_is_false(json_object_get(ask(&anyone, "GET", "/public", "%s", "")->json, "set_up")));
}

static void a_wrong_code_or_field_creates_no_account(void)
{
    struct jar anyone = { 0 };

    CHECK_ANSWER(ask(&anyone, "POST", "/setup", FIRST, "aaaaaaaaaaaaaaaaaaaaaaaaaa", GOOD_PASSWORD), 403, "wrong_code");
    CHECK_ANSWER(ask(&anyone, "POST", "/setup", FIRST, "x", GOOD_PASSWORD), 403, "wrong_code");
    CHECK_STR(ask(&anyone, "POST", "/setup", FIRST, code, "hillclinichillclinic")->field, "password");
    CHECK_STR(ask(&anyone, "POST", "/setup",
                  "{'code':'%s','practice':'P','name':'\\u202e','email':'a@b.c','password':'%s'}", code, GOOD_PASSWORD)
                  ->field,
              "name");
    CHECK_STR(anyone.sid, "");
    CHECK(setup_code_matches(practice.folder, code));
}

struct race {
    struct store *store;
    struct jar jar;
    int status;
};

static void *set_up(void *arg)
{
    struct race *r = arg;
    char body[400];
    struct answer a;

    snprintf(body, sizeof body, FIRST, code, GOOD_PASSWORD);
    for (char *p = body; *p; p++)
        if (*p == '\'')
            *p = '"';
    a = ask_with(r->store, &r->jar, "POST", "/setup", body);
    r->status = a.status;
    answer_free(&a);
    return NULL;
}

static void of_two_setups_at_once_one_wins(void)
{
    struct race racers[2] = { 0 };
    pthread_t threads[2];
    int64_t users = 0, admins = 0;
    struct err e = { 0 };
    int winner;

    for (int i = 0; i < 2; i++) {
        must(store_open(practice.db, &racers[i].store, &e), &e, "handle");
        CHECK_INT(pthread_create(&threads[i], NULL, set_up, &racers[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        store_close(racers[i].store);
    }
    winner = racers[0].status == 201 ? 0 : 1;
    CHECK_INT(racers[winner].status, 201);
    CHECK_INT(racers[1 - winner].status, 409);
    CHECK_INT(store_user_count(practice.store, &users, &admins, &e), ERR_OK);
    CHECK_INT(users, 1);
    CHECK(!setup_code_matches(practice.folder, code));
    CHECK_ANSWER(ask(&racers[winner].jar, "GET", "/session", "%s", ""), 200, "");
    CHECK_ANSWER(ask(&racers[winner].jar, "POST", "/setup", FIRST, code, GOOD_PASSWORD), 409, "already_set_up");
    CHECK_STR(json_text(ask(&racers[winner].jar, "GET", "/public", "%s", "")->json, "practice", ""), "Hill Clinic");
    CHECK_INT(recorded("setup"), 1);
}

static const struct check_test TESTS[] = {
    TEST(nothing_else_works_before_the_setup),
    TEST(a_wrong_code_or_field_creates_no_account),
    TEST(of_two_setups_at_once_one_wins),
    { 0 },
};

int main(int argc, char **argv)
{
    int status;

    practice_open();
    if (setup_code_load(practice.folder, code, NULL) != ERR_OK)
        return 1;
    status = check_run(TESTS, argc, argv);
    practice_close();
    return status;
}
