/* How fast a client may send. */
#include "ws/pace.h"

#include "tests/support/check.h"

static const struct pace_rate RATE = { .per_s = 50, .burst = 200 };

static int taken(struct pace *p, size_t len, int64_t now_ms)
{
    int n = 0;

    while (pace_take(p, &RATE, len, now_ms) == PACE_OK)
        n++;
    return n;
}

static void a_burst_passes_and_then_a_fixed_number_a_second(void)
{
    struct pace p;

    pace_init(&p, &RATE, 1000);
    CHECK_INT(taken(&p, 10, 1000), 200);
    CHECK_INT(taken(&p, 10, 2000), 50);
    CHECK_INT(taken(&p, 10, 1000000), 200);
}

static void bytes_count_as_well(void)
{
    struct pace p;

    pace_init(&p, &RATE, 1000);
    CHECK_INT(taken(&p, 65536, 1000), 16); /* 1 MiB */
}

static void a_client_that_is_too_fast_is_told_once_then_dropped_then_cut(void)
{
    struct pace p;
    int drops = 0;

    pace_init(&p, &RATE, 1000);
    while (pace_take(&p, &RATE, 10, 1000) == PACE_OK)
        ;
    p.told = true;
    while (pace_take(&p, &RATE, 10, 1000) == PACE_DROP)
        drops++;
    CHECK_INT(drops, 199); /* and the one before */
    CHECK_INT(pace_take(&p, &RATE, 10, 1000), PACE_FLOODING);
    while (pace_take(&p, &RATE, 10, 5000) != PACE_OK)
        ;
    CHECK(!p.told); /* a client that keeps to the pace begins anew */
}

static void five_a_second_may_be_heard_by_others(void)
{
    struct pace p;
    int said = 0;

    pace_init(&p, &RATE, 1000);
    while (pace_chat_allowed(&p))
        said++;
    CHECK_INT(said, 5);
    (void)pace_take(&p, &RATE, 10, 1200);
    CHECK(pace_chat_allowed(&p));
    CHECK(!pace_chat_allowed(&p));
}

static const struct check_test TESTS[] = {
    TEST(a_burst_passes_and_then_a_fixed_number_a_second),
    TEST(bytes_count_as_well),
    TEST(a_client_that_is_too_fast_is_told_once_then_dropped_then_cut),
    TEST(five_a_second_may_be_heard_by_others),
    { 0 },
};
CHECK_MAIN(TESTS)
