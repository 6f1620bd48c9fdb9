#include "access/bucket_table.h"
#include "tests/support/check.h"

#include <stdio.h>

static enum err_code take(struct bucket_table *t, const char *key, int cost, int64_t at_ms)
{
    struct err e = { 0 };

    return bucket_table_take(t, 1, key, cost, 600, 5, at_ms, &e);
}

static void a_bucket_empties_and_refills(void)
{
    struct bucket_table *t = bucket_table_new(100);
    struct err e = { 0 };

    for (int i = 0; i < 5; i++)
        CHECK_INT(take(t, "a", 1, 1000), ERR_OK);
    CHECK_INT(bucket_table_take(t, 1, "a", 1, 600, 5, 1000, &e), ERR_LIMIT);
    CHECK_STR(e.code, "too_many_requests");
    CHECK_INT(e.retry_after_s, 6);
    CHECK_INT(take(t, "a", 1, 6999), ERR_LIMIT);
    CHECK_INT(take(t, "a", 1, 7000), ERR_OK);
    CHECK_INT(take(t, "a", 1, 7000), ERR_LIMIT);
    for (int i = 0; i < 5; i++) /* never more than the burst */
        CHECK_INT(take(t, "a", 1, 1000000), ERR_OK);
    CHECK_INT(take(t, "a", 1, 1000000), ERR_LIMIT);
    CHECK_INT(take(t, "a", 1, 0), ERR_LIMIT); /* a clock that goes back gives nothing */
    bucket_table_free(t);
}

static void a_rate_below_one_a_minute_refills_too(void)
{
    struct bucket_table *t = bucket_table_new(100);
    struct err e = { 0 };

    CHECK_INT(bucket_table_take(t, 1, "a", 30, 30, 30, 0, &e), ERR_OK);
    CHECK_INT(bucket_table_take(t, 1, "a", 1, 30, 30, 119999, &e), ERR_LIMIT);
    CHECK_INT(e.retry_after_s, 1);
    CHECK_INT(bucket_table_take(t, 1, "a", 1, 30, 30, 120000, &e), ERR_OK);
    CHECK_INT(bucket_table_take(t, 1, "a", 1, 30, 30, 120000, &e), ERR_LIMIT);
    CHECK_INT(e.retry_after_s, 120);
    CHECK_INT(bucket_table_take(t, 2, "a", 1, 3600000000, 30000000, 1, &e), ERR_OK); /* the largest scale of rates */
    bucket_table_free(t);
}

static void keys_and_kinds_do_not_share(void)
{
    struct bucket_table *t = bucket_table_new(100);

    CHECK_INT(take(t, "a", 5, 0), ERR_OK);
    CHECK_INT(take(t, "a", 1, 0), ERR_LIMIT);
    CHECK_INT(take(t, "b", 1, 0), ERR_OK);
    CHECK_INT(bucket_table_take(t, 2, "a", 1, 600, 5, 0, NULL), ERR_OK);
    bucket_table_free(t);
}

static void asking_costs_nothing_and_giving_back_undoes(void)
{
    struct bucket_table *t = bucket_table_new(100);

    for (int i = 0; i < 20; i++)
        CHECK_INT(take(t, "a", 0, 0), ERR_OK);
    CHECK_INT(take(t, "a", 5, 0), ERR_OK);
    CHECK_INT(take(t, "a", 0, 0), ERR_LIMIT);
    CHECK_INT(take(t, "a", -1, 0), ERR_OK);
    CHECK_INT(take(t, "a", 1, 0), ERR_OK);
    CHECK_INT(take(t, "a", 1, 0), ERR_LIMIT);
    CHECK_INT(take(t, "a", -100, 0), ERR_OK);
    for (int i = 0; i < 5; i++)
        CHECK_INT(take(t, "a", 1, 0), ERR_OK);
    CHECK_INT(take(t, "a", 1, 0), ERR_LIMIT);
    bucket_table_free(t);
}

static void the_table_stays_bounded_and_forgets_the_least_recent(void)
{
    struct bucket_table *t = bucket_table_new(10);
    char key[300];

    CHECK_INT(take(t, "kept", 5, 0), ERR_OK);
    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "%d", i);
        CHECK_INT(take(t, key, 1, 0), ERR_OK);
        CHECK_INT(take(t, "kept", 1, 0), ERR_LIMIT);
    }
    snprintf(key, sizeof key, "%0250d", 1); /* longer than a bucket's own room */
    CHECK_INT(take(t, key, 5, 0), ERR_OK);
    CHECK_INT(take(t, key, 1, 0), ERR_LIMIT);
    snprintf(key, sizeof key, "%0250d", 2);
    CHECK_INT(take(t, key, 5, 0), ERR_OK);
    bucket_table_free(t);
}

static const struct check_test TESTS[] = {
    TEST(a_bucket_empties_and_refills),
    TEST(a_rate_below_one_a_minute_refills_too),
    TEST(keys_and_kinds_do_not_share),
    TEST(asking_costs_nothing_and_giving_back_undoes),
    TEST(the_table_stays_bounded_and_forgets_the_least_recent),
    { 0 },
};
CHECK_MAIN(TESTS)
