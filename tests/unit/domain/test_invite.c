#include "domain/invite.h"
#include "tests/support/check.h"

static void a_code_can_be_made_again_and_changes_with_the_generation(void)
{
    uint8_t key[KEY_BYTES] = { 5 }, other[KEY_BYTES] = { 6 };
    char a[INVITE_CODE_SIZE], b[INVITE_CODE_SIZE];

    invite_code(key, "inv1", 1, a);
    invite_code(key, "inv1", 1, b);
    CHECK_STR(a, b);
    CHECK(invite_code_plausible(a));
    invite_code(key, "inv1", 2, b);
    CHECK(strcmp(a, b) != 0);
    invite_code(key, "inv2", 1, b);
    CHECK(strcmp(a, b) != 0);
    invite_code(other, "inv1", 1, b);
    CHECK(strcmp(a, b) != 0);
}

static void an_invalid_code_is_recognized_by_its_form(void)
{
    CHECK(!invite_code_plausible(""));
    CHECK(!invite_code_plausible("abc"));
    CHECK(!invite_code_plausible("aaaaaaaaaaaaaaaaaaaaaaaaa1")); /* 1 is not a letter of base32 */
    CHECK(!invite_code_plausible("AAAAAAAAAAAAAAAAAAAAAAAAAA"));
    CHECK(!invite_code_plausible("aaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    CHECK(!invite_code_plausible("aaaaaaaaaaaaaaaaaaaaaaaaab")); /* spare bits set */
    CHECK(invite_code_plausible("aaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

static void the_state_follows_time_use_and_revocation(void)
{
    struct invite i = { .max_uses = 1, .not_before_ms = 100, .expires_ms = 200 };

    CHECK_INT(invite_state_at(&i, 99, HOLDER_NEW), INVITE_EARLY);
    CHECK_INT(invite_state_at(&i, 100, HOLDER_NEW), INVITE_VALID);
    CHECK_INT(invite_state_at(&i, 199, HOLDER_NEW), INVITE_VALID);
    CHECK_INT(invite_state_at(&i, 200, HOLDER_NEW), INVITE_EXPIRED);
    i.uses = 1;
    CHECK_INT(invite_state_at(&i, 150, HOLDER_NEW), INVITE_USED);
    CHECK_INT(invite_state_at(&i, 150, HOLDER_KNOWN), INVITE_VALID);
    CHECK_INT(invite_state_at(&i, 200, HOLDER_KNOWN), INVITE_EXPIRED);
    CHECK_INT(invite_state_at(&i, 200, HOLDER_SEATED), INVITE_VALID); /* a seat goes on */
    i.revoked_ms = 1;
    CHECK_INT(invite_state_at(&i, 150, HOLDER_KNOWN), INVITE_REVOKED);
    CHECK_INT(invite_state_at(&i, 150, HOLDER_SEATED), INVITE_REVOKED);
    i = (struct invite){ .max_uses = 2, .uses = 1 };
    CHECK_INT(invite_state_at(&i, 1, HOLDER_NEW), INVITE_VALID);
    CHECK_STR(invite_state_name(INVITE_EXPIRED), "expired");
}

static void each_state_allows_the_actions_that_still_make_sense(void)
{
    static const bool MAY[][INVITE_ACTIONS] = {
        /*                   show   revoke renew */
        [INVITE_VALID] = { true, true, true },     [INVITE_EARLY] = { true, true, true },
        [INVITE_USED] = { true, true, true },      [INVITE_EXPIRED] = { false, true, true },
        [INVITE_REVOKED] = { false, false, true },
    };

    for (int s = INVITE_VALID; s <= INVITE_REVOKED; s++)
        for (int a = 0; a < INVITE_ACTIONS; a++)
            if (!CHECK_INT(invite_allows((enum invite_state)s, (enum invite_action)a), MAY[s][a]))
                printf("    %s %s\n", invite_state_name((enum invite_state)s),
                       invite_action_name((enum invite_action)a));
}

static void a_request_for_a_new_link_is_open_until_it_is_answered(void)
{
    struct invite i = { .max_uses = 1 };

    CHECK(!invite_is_asked(&i) && invite_may_ask(&i, 1000));
    i.asked_ms = 1000;
    CHECK(invite_is_asked(&i) && !invite_may_ask(&i, 1000 + 2 * INVITE_ASK_AGAIN_MS));
    i.answered_ms = 1000;
    CHECK(!invite_is_asked(&i) && !invite_may_ask(&i, 1000 + INVITE_ASK_AGAIN_MS - 1));
    CHECK(invite_may_ask(&i, 1000 + INVITE_ASK_AGAIN_MS));
    CHECK(invite_lets_in(INVITE_VALID) && invite_lets_in(INVITE_EARLY));
    CHECK(!invite_lets_in(INVITE_EXPIRED) && !invite_lets_in(INVITE_USED) && !invite_lets_in(INVITE_REVOKED));
}

static void a_link_renewed_after_its_end_lives_as_long_as_at_first(void)
{
    struct invite i = { .created_ms = 100, .expires_ms = 150 };

    invite_renew_times(&i, 149);
    CHECK_INT(i.expires_ms, 150);
    CHECK_INT(i.not_before_ms, 0);
    invite_renew_times(&i, 150);
    CHECK_INT(i.expires_ms, 200);
    invite_renew_times(&i, 1000); /* and as often as one likes */
    CHECK_INT(i.expires_ms, 1050);
    CHECK_INT(i.not_before_ms, 1000);
    i = (struct invite){ .created_ms = 100, .not_before_ms = 140, .expires_ms = 150 };
    invite_renew_times(&i, 1000);
    CHECK_INT(i.expires_ms, 1010);
    i.expires_ms = 0;
    invite_renew_times(&i, 2000);
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
