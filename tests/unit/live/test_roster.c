/* The number of dashboards of a sign-in and of a user, and the tokens that open one. */
#include "live/roster.h"

#include <stdio.h>

#include "tests/support/check.h"

static int64_t enter(struct roster *r, const char *session, const char *user, int64_t id)
{
    struct roster_dashboard victim;

    roster_enter(r, session, user, (struct roster_dashboard){ id, 1 }, &victim);
    return victim.id;
}

static void the_oldest_dashboard_of_a_sign_in_gives_way(void)
{
    struct roster *r = roster_new();

    for (int i = 1; i <= ROSTER_PER_SESSION; i++)
        CHECK_INT(enter(r, "s1", "u1", i), 0);
    CHECK_INT(enter(r, "s2", "u1", 100), 0);
    CHECK_INT(enter(r, "s1", "u1", 101), 1);
    roster_leave(r, (struct roster_dashboard){ 3, 1 });
    roster_leave(r, (struct roster_dashboard){ 4, 2 }); /* another shard's */
    CHECK_INT(enter(r, "s1", "u1", 102), 0);
    CHECK_INT(enter(r, "s1", "u1", 103), 2);
    roster_free(r);
}

static void a_user_has_a_limited_number_over_all_sign_ins(void)
{
    struct roster *r = roster_new();
    char session[16];

    for (int i = 1; i <= ROSTER_PER_USER; i++) {
        snprintf(session, sizeof session, "s%d", i);
        CHECK_INT(enter(r, session, "u1", i), 0);
    }
    CHECK_INT(enter(r, "x", "u2", 500), 0);
    CHECK_INT(enter(r, "y", "u1", 501), 1);
    roster_free(r);
}

static void a_token_is_taken_once_and_remembered_until_its_end(void)
{
    struct roster *r = roster_new();
    char jti[16];

    CHECK(roster_claim(r, "a", 1000, 0));
    CHECK(!roster_claim(r, "a", 1000, 1000));
    CHECK(roster_claim(r, "b", 3000, 1001));
    for (int i = 0; i < ROSTER_TOKENS_MAX; i++) {
        snprintf(jti, sizeof jti, "t%d", i);
        CHECK(roster_claim(r, jti, 9000, 1001));
    }
    CHECK(!roster_claim(r, jti, 9000, 1001));
    CHECK(roster_claim(r, "b", 3000, 1001)); /* many came since: it is forgotten */
    roster_free(r);
}

static const struct check_test TESTS[] = {
    TEST(the_oldest_dashboard_of_a_sign_in_gives_way),
    TEST(a_user_has_a_limited_number_over_all_sign_ins),
    TEST(a_token_is_taken_once_and_remembered_until_its_end),
    { 0 },
};
CHECK_MAIN(TESTS)
