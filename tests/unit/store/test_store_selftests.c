#include "store/store_selftests.h"

#include "fixture.h"

#define DAY_MS INT64_C(86400000)

static void a_result_is_found_by_its_code_for_two_weeks(void)
{
    struct fixture f = fixture_new();
    char code[SELFTEST_CODE_SIZE], result[SELFTEST_RESULT_SIZE];
    int64_t at_ms = 0;

    CHECK_INT(WRITE(f, store_selftest_add(f.s, "[1]", NOW_MS, code, &f.e)), ERR_OK);
    CHECK_INT(strspn(code, "0123456789"), 6);
    CHECK_INT(store_selftest_find(f.s, code, NOW_MS + 13 * DAY_MS, &at_ms, result, &f.e), ERR_OK);
    CHECK_STR(result, "[1]");
    CHECK_INT(at_ms, NOW_MS);
    CHECK_INT(store_selftest_find(f.s, code, NOW_MS + 14 * DAY_MS, &at_ms, result, &f.e), ERR_NOT_FOUND);
    fixture_end(&f);
}

static void the_newest_thousand_are_kept(void)
{
    struct fixture f = fixture_new();
    char first[SELFTEST_CODE_SIZE], second[SELFTEST_CODE_SIZE], code[SELFTEST_CODE_SIZE], result[SELFTEST_RESULT_SIZE];
    int64_t at_ms;

    CHECK_INT(store_write_begin(f.s, &f.e), ERR_OK);
    CHECK_INT(store_selftest_add(f.s, "[]", NOW_MS, first, &f.e), ERR_OK);
    CHECK_INT(store_selftest_add(f.s, "[]", NOW_MS + 1, second, &f.e), ERR_OK);
    for (int i = 2; i <= SELFTESTS_MAX; i++)
        CHECK_INT(store_selftest_add(f.s, "[]", NOW_MS + i, code, &f.e), ERR_OK);
    CHECK_INT(store_write_end(f.s, ERR_OK, &f.e), ERR_OK);
    CHECK_INT(store_selftest_find(f.s, first, NOW_MS, &at_ms, result, &f.e), ERR_NOT_FOUND);
    CHECK_INT(store_selftest_find(f.s, second, NOW_MS, &at_ms, result, &f.e), ERR_OK);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(a_result_is_found_by_its_code_for_two_weeks),
    TEST(the_newest_thousand_are_kept),
    { 0 },
};
CHECK_MAIN(TESTS)
