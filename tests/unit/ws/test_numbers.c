#include "ws/numbers.h"

#include "tests/support/check.h"

/* The verdict on the number `text`; NULL: the message has none. */
static enum number take(struct numbers *own, const char *text)
{
    struct span written = { text, text ? strlen(text) : 0 };
    int64_t n;

    return numbers_take(own, written, &n);
}

static void each_number_is_handled_once_and_none_left_out(void)
{
    struct numbers own = { 0 };

    CHECK_INT(take(&own, "1"), NUMBER_NEXT);
    CHECK_INT(take(&own, NULL), NUMBER_NONE);
    CHECK_INT(take(&own, "2"), NUMBER_NEXT);
    CHECK_INT(take(&own, "2"), NUMBER_KNOWN);
    CHECK_INT(take(&own, "1"), NUMBER_KNOWN);
    CHECK_INT(take(&own, "4"), NUMBER_GAP);
    CHECK_INT(numbers_expected(&own), 3);
    CHECK_INT(take(&own, "3"), NUMBER_NEXT);
    CHECK_INT(own.last, 3);
}

static void an_unreadable_message_counts_as_the_expected_one(void)
{
    struct numbers own = { 0 };

    CHECK_INT(numbers_unread(&own), 1);
    CHECK_INT(take(&own, "2"), NUMBER_NEXT);
    CHECK_INT(numbers_unread(&own), 3);
    CHECK_INT(numbers_unread(&own), 4);
    CHECK_INT(take(&own, "6"), NUMBER_GAP);
    CHECK_INT(take(&own, "5"), NUMBER_NEXT);
    CHECK_INT(take(&own, "7"), NUMBER_GAP); /* that leave is used up */
}

static void a_message_without_a_number_hides_none_with_one(void)
{
    struct numbers own = { 0 };

    CHECK_INT(take(&own, "1"), NUMBER_NEXT);
    (void)numbers_unread(&own);
    CHECK_INT(take(&own, "2"), NUMBER_NEXT);
}

static void an_invalid_number_counts_as_well(void)
{
    static const char *const WRONG[] = { "0", "-1", "1.0", "1e1", "\"1\"", "null", "{}", "9999999999999999999999" };
    struct numbers own = { 0 };

    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        if (!CHECK_INT(take(&own, WRONG[i]), NUMBER_WRONG))
            printf("  of %s\n", WRONG[i]);
    CHECK_INT(take(&own, "9"), NUMBER_NEXT);
}

static void a_new_connection_does_not_ask_for_the_unread_again(void)
{
    struct numbers own = { 0 };

    CHECK_INT(take(&own, "1"), NUMBER_NEXT);
    (void)numbers_unread(&own);
    numbers_settle(&own);
    CHECK_INT(own.last, 2);
    CHECK_INT(take(&own, "2"), NUMBER_KNOWN);
    CHECK_INT(take(&own, "3"), NUMBER_NEXT);
}

static const struct check_test TESTS[] = {
    TEST(each_number_is_handled_once_and_none_left_out),      TEST(an_unreadable_message_counts_as_the_expected_one),
    TEST(a_message_without_a_number_hides_none_with_one),     TEST(an_invalid_number_counts_as_well),
    TEST(a_new_connection_does_not_ask_for_the_unread_again), { 0 },
};
CHECK_MAIN(TESTS)
