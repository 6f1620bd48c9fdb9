#include "util/err.h"

#include "tests/support/check.h"

static void an_error_carries_kind_name_and_words(void)
{
    struct err e;

    CHECK_INT(err_set(&e, ERR_CONFLICT, "room_full", "%d people are inside", 4), ERR_CONFLICT);
    CHECK_INT(e.kind, ERR_CONFLICT);
    CHECK_STR(e.code, "room_full");
    CHECK_STR(e.detail, "4 people are inside");
    CHECK_STR(e.field, "");
    CHECK_INT(err_field(&e, "name", "too long"), ERR_INVALID);
    CHECK_STR(e.field, "name");
    CHECK_STR(e.code, "invalid_field");
    err_clear(&e);
    CHECK_INT(e.kind, ERR_OK);
    CHECK_STR(e.detail, "");
}

static void a_caller_may_pass_no_error(void)
{
    CHECK_INT(err_set(NULL, ERR_IO, "io", "x"), ERR_IO);
    CHECK_INT(err_field(NULL, "a", "b"), ERR_INVALID);
    err_clear(NULL);
}

static void long_messages_are_cut(void)
{
    char words[600];
    struct err e;

    memset(words, 'a', sizeof words - 1);
    words[sizeof words - 1] = '\0';
    (void)err_set(&e, ERR_IO, words, "%s", words);
    CHECK_INT(strlen(e.detail), sizeof e.detail - 1);
    CHECK_INT(strlen(e.code), sizeof e.code - 1);
}

static void each_kind_has_a_name_of_its_own(void)
{
    for (int i = 0; i < ERR_CODES; i++)
        for (int j = i + 1; j < ERR_CODES; j++)
            CHECK(strcmp(err_code_name((enum err_code)i), err_code_name((enum err_code)j)) != 0);
}

static const struct check_test TESTS[] = {
    TEST(an_error_carries_kind_name_and_words),
    TEST(a_caller_may_pass_no_error),
    TEST(long_messages_are_cut),
    TEST(each_kind_has_a_name_of_its_own),
    { 0 },
};
CHECK_MAIN(TESTS)
