#include "domain/age.h"

#include "tests/support/check.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define T0 INT64_C(1790000000000)

/* The machine runs on for this long, with its wall clock off by `error_ms`; a tick a minute. */
static void run(struct age_clock *c, int64_t *now_ms, int64_t for_ms, int64_t error_ms)
{
    for (int64_t end_ms = *now_ms + for_ms; *now_ms < end_ms;) {
        *now_ms += MINUTE;
        age_tick(c, T0 + *now_ms + error_ms, *now_ms);
    }
}

static void a_wrong_clock_for_a_while_deletes_nothing(void)
{
    static const struct {
        int64_t error_ms, for_ms; /* the error, and the running time with it */
        int64_t worst_ms;         /* by how much it may be believed at the end */
    } CASES[] = {
        { 0, 90 * DAY, 0 },
        { 50 * MINUTE, DAY, 50 * MINUTE }, /* summer time and the like: at once */
        { 365 * DAY, MINUTE, 0 },
        { 365 * DAY, 59 * MINUTE, 0 },
        { 365 * DAY, 2 * HOUR, 12 * HOUR + 12 * MINUTE },
        { -56 * 365 * DAY, MINUTE, 0 }, /* at 1970 until the network is up */
        { -56 * 365 * DAY, 50 * MINUTE, 0 },
    };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct age_clock c;
        int64_t now_ms = 0, error_ms = CASES[i].error_ms;

        age_start(&c, 0, T0, 0);
        run(&c, &now_ms, DAY, 0);
        CHECK_INT(c.followed_ms, T0 + DAY);
        run(&c, &now_ms, CASES[i].for_ms, error_ms);
        if (!CHECK(age_due_ms(c.followed_ms, T0 + now_ms + error_ms) <= T0 + now_ms + CASES[i].worst_ms))
            printf("case %zu: %lld ms ahead\n", i, (long long)(c.followed_ms - T0 - now_ms));
        run(&c, &now_ms, 6 * HOUR + CASES[i].for_ms * 12, 0); /* corrected: it returns to the right time */
        CHECK_INT(c.followed_ms, T0 + now_ms);
        CHECK(age_agrees(c.followed_ms, T0 + now_ms));
    }
}

static void a_machine_that_was_off_has_followed_after_it_ran(void)
{
    static const struct {
        int64_t off_ms, follows_ms; /* how long it was off; within how long of running it believes its clock */
    } CASES[] = { { 40 * MINUTE, 0 }, { 16 * HOUR, 3 * HOUR }, { 64 * HOUR, 7 * HOUR }, { 31 * DAY, 70 * HOUR } };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct age_clock c;
        int64_t now_ms = 0;

        age_start(&c, T0 - CASES[i].off_ms, T0, 0);
        CHECK_INT(age_agrees(c.followed_ms, T0), CASES[i].follows_ms == 0);
        CHECK_INT(age_due_ms(c.followed_ms, T0), CASES[i].follows_ms ? T0 - CASES[i].off_ms : T0);
        run(&c, &now_ms, CASES[i].follows_ms, 0);
        CHECK_INT(c.followed_ms, T0 + now_ms);
    }
}

static void a_machine_that_runs_eight_hours_a_day_keeps_up(void)
{
    struct age_clock c;
    int64_t now_ms = 0, followed_ms = T0;

    for (int day = 0; day < 30; day++) { /* progress is stored in between */
        age_start(&c, followed_ms, T0 + now_ms, now_ms);
        run(&c, &now_ms, 8 * HOUR, 0);
        CHECK_INT(c.followed_ms, T0 + now_ms);
        followed_ms = c.followed_ms;
        now_ms += 16 * HOUR;
    }
}

static void a_clock_that_jumps_about_is_never_believed(void)
{
    struct age_clock c;
    int64_t now_ms = 0;

    age_start(&c, 0, T0, 0);
    for (int i = 1; i < 1000; i++) {
        now_ms += MINUTE;
        age_tick(&c, T0 + now_ms + (i % 7 + 1) * DAY, now_ms);
        CHECK(c.followed_ms <= T0 + now_ms);
    }
}

static const struct check_test TESTS[] = {
    TEST(a_wrong_clock_for_a_while_deletes_nothing),
    TEST(a_machine_that_was_off_has_followed_after_it_ran),
    TEST(a_machine_that_runs_eight_hours_a_day_keeps_up),
    TEST(a_clock_that_jumps_about_is_never_believed),
    { 0 },
};
CHECK_MAIN(TESTS)
