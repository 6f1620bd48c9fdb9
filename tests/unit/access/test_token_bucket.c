#include "access/token_bucket.h"
#include "tests/support/check.h"

#include <stdio.h>

static enum err_code take(struct token_buckets *l, const char *key, int cost, int64_t at_ms)
{
    struct err e = { 0 };

    return token_bucket_take(l, 1, key, cost, 600, 5, at_ms, &e);
}

static void a_bucket_empties_and_refills(void)
{
    struct token_buckets *l = token_buckets_new(100);
    struct err e = { 0 };

    for (int i = 0; i < 5; i++)
        CHECK_INT(take(l, "a", 1, 1000), ERR_OK);
    CHECK_INT(token_bucket_take(l, 1, "a", 1, 600, 5, 1000, &e), ERR_LIMIT);
    CHECK_STR(e.code, "too_many_requests");
    CHECK_INT(e.retry_after_s, 6);
    CHECK_INT(take(l, "a", 1, 6999), ERR_LIMIT);
    CHECK_INT(take(l, "a", 1, 7000), ERR_OK);
    CHECK_INT(take(l, "a", 1, 7000), ERR_LIMIT);
    for (int i = 0; i < 5; i++) /* never more than the burst */
        CHECK_INT(take(l, "a", 1, 1000000), ERR_OK);
    CHECK_INT(take(l, "a", 1, 1000000), ERR_LIMIT);
    CHECK_INT(take(l, "a", 1, 0), ERR_LIMIT); /* a clock that goes back gives nothing */
    token_buckets_free(l);
}

static void a_rate_below_one_a_minute_refills_too(void)
{
    struct token_buckets *l = token_buckets_new(100);
    struct err e = { 0 };

    CHECK_INT(token_bucket_take(l, 1, "a", 30, 30, 30, 0, &e), ERR_OK);
    CHECK_INT(token_bucket_take(l, 1, "a", 1, 30, 30, 119999, &e), ERR_LIMIT);
    CHECK_INT(e.retry_after_s, 1);
    CHECK_INT(token_bucket_take(l, 1, "a", 1, 30, 30, 120000, &e), ERR_OK);
    CHECK_INT(token_bucket_take(l, 1, "a", 1, 30, 30, 120000, &e), ERR_LIMIT);
    CHECK_INT(e.retry_after_s, 120);
    CHECK_INT(token_bucket_take(l, 2, "a", 1, 3600000000, 30000000, 1, &e), ERR_OK); /* the largest scale of rates */
    token_buckets_free(l);
}

static void keys_and_kinds_do_not_share(void)
{
    struct token_buckets *l = token_buckets_new(100);

    CHECK_INT(take(l, "a", 5, 0), ERR_OK);
    CHECK_INT(take(l, "a", 1, 0), ERR_LIMIT);
    CHECK_INT(take(l, "b", 1, 0), ERR_OK);
    CHECK_INT(token_bucket_take(l, 2, "a", 1, 600, 5, 0, NULL), ERR_OK);
    token_buckets_free(l);
}

static void asking_costs_nothing_and_giving_back_undoes(void)
{
    struct token_buckets *l = token_buckets_new(100);

    for (int i = 0; i < 20; i++)
        CHECK_INT(take(l, "a", 0, 0), ERR_OK);
    CHECK_INT(take(l, "a", 5, 0), ERR_OK);
    CHECK_INT(take(l, "a", 0, 0), ERR_LIMIT);
    CHECK_INT(take(l, "a", -1, 0), ERR_OK);
    CHECK_INT(take(l, "a", 1, 0), ERR_OK);
    CHECK_INT(take(l, "a", 1, 0), ERR_LIMIT);
    CHECK_INT(take(l, "a", -100, 0), ERR_OK);
    for (int i = 0; i < 5; i++)
        CHECK_INT(take(l, "a", 1, 0), ERR_OK);
    CHECK_INT(take(l, "a", 1, 0), ERR_LIMIT);
    token_buckets_free(l);
}

static void the_table_stays_bounded_and_forgets_the_least_recent(void)
{
    struct token_buckets *l = token_buckets_new(10);
    char key[300];

    CHECK_INT(take(l, "kept", 5, 0), ERR_OK);
    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "%d", i);
        CHECK_INT(take(l, key, 1, 0), ERR_OK);
        CHECK_INT(take(l, "kept", 1, 0), ERR_LIMIT);
    }
    snprintf(key, sizeof key, "%0250d", 1); /* longer than a bucket's own room */
    CHECK_INT(take(l, key, 5, 0), ERR_OK);
    CHECK_INT(take(l, key, 1, 0), ERR_LIMIT);
    snprintf(key, sizeof key, "%0250d", 2);
    CHECK_INT(take(l, key, 5, 0), ERR_OK);
    token_buckets_free(l);
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
