#include "api/throttle.h"

#include <stdio.h>

#include "domain/crypto.h"
#include "tests/support/check.h"

#define MINUTE_MS 60000

static int wait_of(struct throttle *t, const char *account, int64_t now_ms)
{
    struct err e = { 0 };
    enum err_code rc = throttle_check(t, account, now_ms, &e);

    CHECK(rc == ERR_OK || strcmp(e.code, "too_many_attempts") == 0);
    return rc == ERR_OK ? 0 : e.retry_after_s;
}

static void nine_failures_cost_nothing_and_the_tenth_a_second(void)
{
    struct throttle *t = throttle_new(10);

    for (int i = 0; i < 9; i++) {
        CHECK(!throttle_failed(t, "a@b.c", 1000));
        CHECK_INT(wait_of(t, "a@b.c", 1000), 0);
    }
    CHECK(throttle_failed(t, "a@b.c", 1000));
    CHECK_INT(wait_of(t, "a@b.c", 1000), 1);
    CHECK_INT(wait_of(t, "a@b.c", 1999), 1);
    CHECK_INT(wait_of(t, "a@b.c", 2000), 0);
    CHECK_INT(wait_of(t, "other@b.c", 1000), 0);
    throttle_free(t);
}

static void the_wait_doubles_up_to_thirty_seconds_and_never_locks(void)
{
    static const int WAITS[] = { 1, 2, 4, 8, 16, 30, 30, 30 };
    struct throttle *t = throttle_new(10);
    int64_t now = 5000;

    for (int i = 0; i < 9; i++)
        throttle_failed(t, "a", now);
    for (size_t i = 0; i < sizeof WAITS / sizeof WAITS[0]; i++) {
        CHECK(throttle_failed(t, "a", now) == (i == 0)); /* it begins once */
        CHECK_INT(wait_of(t, "a", now), WAITS[i]);
        now += WAITS[i] * 1000;
        CHECK_INT(wait_of(t, "a", now), 0);
    }
    throttle_free(t);
}

static void success_forgets_and_so_does_a_quarter_of_an_hour(void)
{
    struct throttle *t = throttle_new(10);

    for (int i = 0; i < 10; i++)
        throttle_failed(t, "a", 0);
    throttle_passed(t, "a");
    throttle_failed(t, "a", 1);
    CHECK_INT(wait_of(t, "a", 1), 0);
    for (int i = 0; i < 9; i++)
        throttle_failed(t, "a", 2);
    CHECK(wait_of(t, "a", 2) > 0);
    throttle_failed(t, "a", 2 + 16 * MINUTE_MS);
    CHECK_INT(wait_of(t, "a", 2 + 16 * MINUTE_MS), 0);
    throttle_free(t);
}

static void only_so_many_accounts_are_remembered(void)
{
    struct throttle *t = throttle_new(3);
    char name[16];

    for (int i = 0; i < 10; i++)
        throttle_failed(t, "first", 0);
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "n%d", i);
        throttle_failed(t, name, 0);
    }
    CHECK_INT(wait_of(t, "first", 0), 0);
    throttle_free(t);
    throttle_free(NULL);
}

static const struct check_test TESTS[] = {
    TEST(nine_failures_cost_nothing_and_the_tenth_a_second),
    TEST(the_wait_doubles_up_to_thirty_seconds_and_never_locks),
    TEST(success_forgets_and_so_does_a_quarter_of_an_hour),
    TEST(only_so_many_accounts_are_remembered),
    { 0 },
};

int main(int argc, char **argv)
{
    return crypto_start(NULL) == ERR_OK ? check_run(TESTS, argc, argv) : 1;
}
