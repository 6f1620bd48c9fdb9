#include "config/nearest.h"

#include "tests/support/check.h"

static void distances_count_slips_of_the_finger(void)
{
    CHECK_INT(nearest_distance("listen", "listen"), 0);
    CHECK_INT(nearest_distance("lissten", "listen"), 1);
    CHECK_INT(nearest_distance("lsiten", "listen"), 1);
    CHECK_INT(nearest_distance("", "abc"), 3);
    CHECK_INT(nearest_distance("abc", ""), 3);
    CHECK_INT(nearest_distance("kitten", "sitting"), 3);
    CHECK_INT(nearest_distance("data", "listen"), 5);
}

static void long_names_are_far_from_everything(void)
{
    char name[65];

    memset(name, 'a', 64);
    name[64] = '\0';
    CHECK_INT(nearest_distance(name, "a"), 99);
    name[63] = '\0';
    CHECK_INT(nearest_distance(name, name), 0);
}

static void short_names_forgive_less(void)
{
    CHECK(nearest_is_slip("dat", "data"));
    CHECK(!nearest_is_slip("bin", "data"));
    CHECK(nearest_is_slip("turn-secrets-file", "turn-secret-file"));
    CHECK(!nearest_is_slip("turn-file", "turn-secret-file"));
}

static const struct check_test TESTS[] = {
    TEST(distances_count_slips_of_the_finger),
    TEST(long_names_are_far_from_everything),
    TEST(short_names_forgive_less),
    { 0 },
};
CHECK_MAIN(TESTS)
