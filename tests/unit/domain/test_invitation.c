#include "domain/invitation.h"
#include "tests/support/check.h"

static void a_code_can_be_made_again_and_changes_with_the_generation(void)
{
    uint8_t key[KEY_BYTES] = { 5 }, other[KEY_BYTES] = { 6 };
    char a[INVITATION_CODE_SIZE], b[INVITATION_CODE_SIZE];

    invitation_code(key, "inv1", 1, a);
    invitation_code(key, "inv1", 1, b);
    CHECK_STR(a, b);
    CHECK(invitation_code_plausible(a));
    invitation_code(key, "inv1", 2, b);
    CHECK(strcmp(a, b) != 0);
    invitation_code(key, "inv2", 1, b);
    CHECK(strcmp(a, b) != 0);
    invitation_code(other, "inv1", 1, b);
    CHECK(strcmp(a, b) != 0);
}

static void an_invalid_code_is_recognized_by_its_form(void)
{
    CHECK(!invitation_code_plausible(""));
    CHECK(!invitation_code_plausible("abc"));
    CHECK(!invitation_code_plausible("aaaaaaaaaaaaaaaaaaaaaaaaa1")); /* 1 is not a letter of base32 */
    CHECK(!invitation_code_plausible("AAAAAAAAAAAAAAAAAAAAAAAAAA"));
    CHECK(!invitation_code_plausible("aaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    CHECK(!invitation_code_plausible("aaaaaaaaaaaaaaaaaaaaaaaaab")); /* spare bits set */
    CHECK(invitation_code_plausible("aaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

static void the_state_follows_time_use_and_revocation(void)
{
    struct invitation i = { .max_uses = 1, .not_before_ms = 100, .expires_ms = 200 };

    CHECK_INT(invitation_state_at(&i, 99, HOLDER_NEW), INVITATION_EARLY);
    CHECK_INT(invitation_state_at(&i, 100, HOLDER_NEW), INVITATION_VALID);
    CHECK_INT(invitation_state_at(&i, 199, HOLDER_NEW), INVITATION_VALID);
    CHECK_INT(invitation_state_at(&i, 200, HOLDER_NEW), INVITATION_EXPIRED);
    i.uses = 1;
    CHECK_INT(invitation_state_at(&i, 150, HOLDER_NEW), INVITATION_USED);
    CHECK_INT(invitation_state_at(&i, 150, HOLDER_KNOWN), INVITATION_VALID);
    CHECK_INT(invitation_state_at(&i, 200, HOLDER_KNOWN), INVITATION_EXPIRED);
    CHECK_INT(invitation_state_at(&i, 200, HOLDER_SEATED), INVITATION_VALID); /* a seat goes on */
    i.revoked_ms = 1;
    CHECK_INT(invitation_state_at(&i, 150, HOLDER_KNOWN), INVITATION_REVOKED);
    CHECK_INT(invitation_state_at(&i, 150, HOLDER_SEATED), INVITATION_REVOKED);
    i = (struct invitation){ .max_uses = 2, .uses = 1 };
    CHECK_INT(invitation_state_at(&i, 1, HOLDER_NEW), INVITATION_VALID);
    CHECK_STR(invitation_state_name(INVITATION_EXPIRED), "expired");
}

static void each_state_allows_the_actions_that_still_make_sense(void)
{
    static const bool MAY[][INVITATION_ACTIONS] = {
        /*                   show   revoke renew */
        [INVITATION_VALID] = { true, true, true },     [INVITATION_EARLY] = { true, true, true },
        [INVITATION_USED] = { true, true, true },      [INVITATION_EXPIRED] = { false, true, true },
        [INVITATION_REVOKED] = { false, false, true },
    };

    for (int s = INVITATION_VALID; s <= INVITATION_REVOKED; s++)
        for (int a = 0; a < INVITATION_ACTIONS; a++)
            if (!CHECK_INT(invitation_allows((enum invitation_state)s, (enum invitation_action)a), MAY[s][a]))
                printf("    %s %s\n", invitation_state_name((enum invitation_state)s),
                       invitation_action_name((enum invitation_action)a));
}

static void a_request_for_a_new_link_is_open_until_it_is_answered(void)
{
    struct invitation i = { .max_uses = 1 };

    CHECK(!invitation_is_asked(&i) && invitation_may_ask(&i, 1000));
    i.asked_ms = 1000;
    CHECK(invitation_is_asked(&i) && !invitation_may_ask(&i, 1000 + 2 * INVITATION_ASK_AGAIN_MS));
    i.answered_ms = 1000;
    CHECK(!invitation_is_asked(&i) && !invitation_may_ask(&i, 1000 + INVITATION_ASK_AGAIN_MS - 1));
    CHECK(invitation_may_ask(&i, 1000 + INVITATION_ASK_AGAIN_MS));
    CHECK(invitation_lets_in(INVITATION_VALID) && invitation_lets_in(INVITATION_EARLY));
    CHECK(!invitation_lets_in(INVITATION_EXPIRED) && !invitation_lets_in(INVITATION_USED) &&
          !invitation_lets_in(INVITATION_REVOKED));
}

static void a_link_renewed_after_its_end_lives_as_long_as_at_first(void)
{
    struct invitation i = { .created_ms = 100, .expires_ms = 150 };

    invitation_renew_times(&i, 149);
    CHECK_INT(i.expires_ms, 150);
    CHECK_INT(i.not_before_ms, 0);
    invitation_renew_times(&i, 150);
    CHECK_INT(i.expires_ms, 200);
    invitation_renew_times(&i, 1000); /* and as often as one likes */
    CHECK_INT(i.expires_ms, 1050);
    CHECK_INT(i.not_before_ms, 1000);
    i = (struct invitation){ .created_ms = 100, .not_before_ms = 140, .expires_ms = 150 };
    invitation_renew_times(&i, 1000);
    CHECK_INT(i.expires_ms, 1010);
    i.expires_ms = 0;
    invitation_renew_times(&i, 2000);
    CHECK_INT(i.expires_ms, 0);
}

static const struct check_test TESTS[] = {
    TEST(a_code_can_be_made_again_and_changes_with_the_generation),
    TEST(an_invalid_code_is_recognized_by_its_form),
    TEST(the_state_follows_time_use_and_revocation),
    TEST(each_state_allows_the_actions_that_still_make_sense),
    TEST(a_request_for_a_new_link_is_open_until_it_is_answered),
    TEST(a_link_renewed_after_its_end_lives_as_long_as_at_first),
    { 0 },
};
CHECK_MAIN(TESTS)
