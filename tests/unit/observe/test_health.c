#include "observe/health.h"

#include <stddef.h>

#include "tests/support/check.h"

static void a_process_is_not_ready_from_its_first_moment_and_says_why(void)
{
    CHECK_STR(health_why_not(), "starting");
    health_set(HEALTH_START, NULL);
    CHECK(health_why_not() == NULL);
}

static void one_part_that_fails_is_enough(void)
{
    health_set(HEALTH_STORE, "storage full");
    health_set(HEALTH_DRAIN, "stopping");
    CHECK_STR(health_why_not(), "storage full");
    health_set(HEALTH_STORE, NULL);
    CHECK_STR(health_why_not(), "stopping");
    health_set(HEALTH_DRAIN, NULL);
    CHECK(health_why_not() == NULL);
}

static const struct check_test TESTS[] = {
    TEST(a_process_is_not_ready_from_its_first_moment_and_says_why),
    TEST(one_part_that_fails_is_enough),
    { 0 },
};
CHECK_MAIN(TESTS)
