#include "domain/call_quality.h"
#include "tests/support/check.h"

static void seconds_and_freezes_add_up_and_of_the_rest_the_worst_report_stays(void)
{
    struct call_quality total = { 0 };
    const struct call_quality bad = {
        .poor_s = 20, .lost_s = 5, .rtt_ms = 400, .loss = 80, .concealed = 60, .frozen_ms = 900, .path = "relay/udp"
    };
    const struct call_quality fine = { .good_s = 30, .rtt_ms = 40, .frozen_ms = 100 };

    call_quality_add(&total, &bad);
    call_quality_add(&total, &fine);
    CHECK_INT(total.good_s, 30);
    CHECK_INT(total.poor_s, 20);
    CHECK_INT(total.lost_s, 5);
    CHECK_INT(total.frozen_ms, 1000);
    CHECK_INT(total.rtt_ms, 400);
    CHECK_INT(total.loss, 80);
    CHECK_INT(total.concealed, 60);
    CHECK_STR(total.path, "relay/udp"); /* a report without one changes nothing */
}

static void a_tenth_of_the_time_decides_the_word(void)
{
    struct call_quality q = { 0 };

    CHECK_INT(call_quality_word(&q), CALL_UNKNOWN);
    q.good_s = 100;
    CHECK_INT(call_quality_word(&q), CALL_GOOD);
    q.fair_s = 11;
    CHECK_INT(call_quality_word(&q), CALL_GOOD);
    q.fair_s = 12;
    CHECK_INT(call_quality_word(&q), CALL_FAIR);
    q.poor_s = 6;
    q.lost_s = 7;
    CHECK_INT(call_quality_word(&q), CALL_POOR);
}

static void the_worst_report_is_the_one_with_the_most_poor_seconds_then_the_most_fair_ones(void)
{
    struct call_quality total = { 0 }, report = { .good_s = 30 };

    call_quality_came(&report, 1000);
    call_quality_add(&total, &report);
    CHECK_INT(total.worst_ms, 0); /* nothing was bad */
    report = (struct call_quality){ .good_s = 10, .fair_s = 20 };
    call_quality_came(&report, 2000);
    call_quality_add(&total, &report);
    CHECK_INT(total.worst_ms, 2000);
    report = (struct call_quality){ .poor_s = 1, .lost_s = 1 };
    call_quality_came(&report, 3000);
    call_quality_add(&total, &report);
    report = (struct call_quality){ .fair_s = 30, .poor_s = 1 };
    call_quality_came(&report, 4000);
    call_quality_add(&total, &report);
    CHECK_INT(total.worst_ms, 3000);
    CHECK_INT(total.worst_bad_s, 2);
    CHECK_INT(total.worst_fair_s, 0);
}

static void a_word_that_is_not_good_has_the_cause_that_was_measured(void)
{
    static const struct {
        struct call_quality q;
        const char *cause;
    } CASES[] = {
        { { .good_s = 100, .loss = 200, .rtt_ms = 2000, .lost_s = 5 }, "" }, /* good all the same */
        { { .good_s = 80, .poor_s = 15, .lost_s = 5, .loss = 200 }, "lost" },
        { { .good_s = 80, .poor_s = 16, .lost_s = 4, .loss = 30, .rtt_ms = 900 }, "loss" },
        { { .fair_s = 100, .concealed = 50 }, "loss" },
        { { .fair_s = 100, .loss = 29, .concealed = 49, .rtt_ms = 400, .frozen_ms = 90000 }, "delay" },
        { { .fair_s = 100, .rtt_ms = 399, .frozen_ms = 5000 }, "frozen" },
        { { .fair_s = 100, .frozen_ms = 4999 }, "" },
    };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        CHECK_STR(call_quality_cause(&CASES[i].q), CASES[i].cause);
}

static const struct check_test TESTS[] = {
    TEST(seconds_and_freezes_add_up_and_of_the_rest_the_worst_report_stays),
    TEST(a_tenth_of_the_time_decides_the_word),
    TEST(the_worst_report_is_the_one_with_the_most_poor_seconds_then_the_most_fair_ones),
    TEST(a_word_that_is_not_good_has_the_cause_that_was_measured),
    { 0 },
};
CHECK_MAIN(TESTS)
