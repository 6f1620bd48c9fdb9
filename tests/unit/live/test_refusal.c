#include "live/refusal.h"

#include "domain/admission.h"
#include "tests/support/check.h"

static void every_reason_closes_as_its_one_line_in_the_table_says(void)
{
    size_t count = 0;

    for (const struct refusal *r = REFUSALS; r->code; r++, count++) {
        CHECK_INT(refusal_close(r->code), r->close);
        for (const struct refusal *other = REFUSALS; other != r; other++)
            CHECK(strcmp(other->code, r->code) != 0);
    }
    CHECK(count > 15);
}

static void a_hosts_decision_differs_from_a_refusal_that_a_new_token_solves(void)
{
    CHECK_INT(refusal_close("blocked"), CLOSE_REFUSED);
    CHECK_INT(refusal_close("bad_ticket"), CLOSE_AUTH);
    CHECK_INT(refusal_close("room_locked"), CLOSE_POLICY);
    CHECK_INT(refusal_close("busy"), CLOSE_BUSY);
    CHECK_INT(refusal_close("no such reason"), CLOSE_POLICY);
}

static void every_refusal_of_a_token_by_admission_has_its_line(void)
{
    for (int a = ADMISSION_NEEDS_END; a < ADMISSIONS; a++) {
        const char *code = admission_code((enum admission)a, ADMISSION_SEAT);
        const struct refusal *r = REFUSALS;

        while (code && r->code && strcmp(r->code, code) != 0)
            r++;
        CHECK(r->code != NULL);
    }
}

static const struct check_test TESTS[] = {
    TEST(every_reason_closes_as_its_one_line_in_the_table_says),
    TEST(a_hosts_decision_differs_from_a_refusal_that_a_new_token_solves),
    TEST(every_refusal_of_a_token_by_admission_has_its_line),
    { 0 },
};
CHECK_MAIN(TESTS)
