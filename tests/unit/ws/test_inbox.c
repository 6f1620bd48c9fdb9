#include "ws/inbox.h"

#include "tests/support/check.h"

static int woken, sum;

static void wake(void *arg)
{
    (void)arg;
    woken++;
}

static void add_to_sum(void *ctx, void *arg)
{
    *(int *)ctx = *(int *)ctx * 10 + *(int *)arg;
}

static void calls_are_made_in_order_after_one_wake_up(void)
{
    struct inbox in;
    int one = 1, two = 2, three = 3;

    woken = sum = 0;
    inbox_init(&in, 10, wake, NULL);
    CHECK(inbox_put(&in, false, add_to_sum, &sum, &one));
    CHECK(inbox_put(&in, false, add_to_sum, &sum, &two));
    CHECK(inbox_put(&in, false, add_to_sum, &sum, &three));
    CHECK_INT(woken, 1);
    CHECK(inbox_run(&in));
    CHECK_INT(sum, 123);
    CHECK(!inbox_run(&in));
    CHECK(inbox_put(&in, false, add_to_sum, &sum, &one));
    CHECK_INT(woken, 2);
    CHECK(inbox_run(&in));
    inbox_clear(&in);
}

static void a_full_inbox_refuses_but_takes_calls_it_must(void)
{
    struct inbox in;
    int one = 1;

    sum = 0;
    inbox_init(&in, 1, wake, NULL);
    CHECK(inbox_put(&in, false, add_to_sum, &sum, &one));
    CHECK(!inbox_put(&in, false, add_to_sum, &sum, &one));
    CHECK(inbox_put(&in, true, add_to_sum, &sum, &one));
    CHECK(inbox_run(&in));
    CHECK_INT(sum, 11);
    inbox_clear(&in);
}

static void a_closed_inbox_wakes_nobody(void)
{
    struct inbox in;
    int one = 1;

    woken = sum = 0;
    inbox_init(&in, 1, wake, NULL);
    inbox_close(&in);
    CHECK(inbox_put(&in, false, add_to_sum, &sum, &one));
    CHECK_INT(woken, 0);
    CHECK(inbox_run(&in));
    CHECK_INT(sum, 1);
    inbox_clear(&in);
}

static const struct check_test TESTS[] = {
    TEST(calls_are_made_in_order_after_one_wake_up),
    TEST(a_full_inbox_refuses_but_takes_calls_it_must),
    TEST(a_closed_inbox_wakes_nobody),
    { 0 },
};
CHECK_MAIN(TESTS)
