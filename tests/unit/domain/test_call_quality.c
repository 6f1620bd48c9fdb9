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

    CHECK_STR(call_quality_word(&q), "");
    q.good_s = 100;
    CHECK_STR(call_quality_word(&q), "good");
    q.fair_s = 11;
    CHECK_STR(call_quality_word(&q), "good");
    q.fair_s = 12;
    CHECK_STR(call_quality_word(&q), "fair");
    q.poor_s = 6;
    q.lost_s = 7;
    CHECK_STR(call_quality_word(&q), "poor");
}

static const struct check_test TESTS[] = {
    TEST(seconds_and_freezes_add_up_and_of_the_rest_the_worst_report_stays),
    TEST(a_tenth_of_the_time_decides_the_word),
    { 0 },
};
CHECK_MAIN(TESTS)
