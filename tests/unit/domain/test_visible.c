#include "domain/visible.h"
#include "domain/id.h"
#include "tests/support/check.h"

#define ZWNJ "\xe2\x80\x8c"
#define ZWJ "\xe2\x80\x8d"

static void sees(const char *from, const char *expected)
{
    char to[NAME_SIZE];

    CHECK(visible_text(from, to, sizeof to));
    CHECK_STR(to, expected);
}

static void marks_of_direction_and_blanks_without_width_go(void)
{
    sees("\xd8\x9c"
         "\xe2\x80\xab"
         "Ana\xe2\x80\xac",
         "Ana");                            /* U+061C U+202B U+202C */
    sees("A\xe2\x81\xa3na\xcd\x8f", "Ana"); /* U+2063 U+034F */
    sees("\xf3\xa0\x81\xa1"
         "Ana",
         "Ana"); /* U+E0061 */
    sees("", "");
    sees("\xef\xbb\xbf", "");
}

static void each_run_of_blanks_is_one_space_and_none_is_at_an_end(void)
{
    sees(" \t Ana \xe3\x80\x80\xe2\xa0\x80\n Novak\xe2\x80\xa8", "Ana Novak"); /* U+3000 U+2800 U+2028 */
    sees("Ana \xe2\x80\x8b Novak", "Ana Novak");
}

static void joiners_stay_where_they_shape_visible_text(void)
{
    sees("علی" ZWNJ "رضا", "علی" ZWNJ "رضا");
    sees("क्" ZWJ "ष", "क्" ZWJ "ष");
    sees("ಕ್" ZWNJ "ಷ", "ಕ್" ZWNJ "ಷ");
    sees("👩🏽" ZWJ "⚕️", "👩🏽" ZWJ "⚕️");
}

static void joiners_go_where_they_have_no_visible_effect(void)
{
    sees("Ri" ZWJ "ve" ZWNJ "ra", "Rivera");
    sees(ZWJ "علی" ZWNJ, "علی");
    sees("علی " ZWNJ "رضا", "علی رضا");
    sees("علی" ZWNJ ZWNJ ZWJ "رضا", "علی" ZWNJ "رضا");
    sees("دار" ZWNJ "ا", "دارا"); /* the letter before joins nothing after it */
}

static void a_variation_needs_something_to_vary(void)
{
    sees("\xef\xb8\x8f"
         "Mia \xe2\x9a\x95\xef\xb8\x8f\xef\xb8\x8f",
         "Mia \xe2\x9a\x95\xef\xb8\x8f");
}

static void text_that_does_not_fit_is_reported(void)
{
    char to[4];

    CHECK(visible_text("\xe2\x80\x8e"
                       "ana",
                       to, sizeof to));
    CHECK_STR(to, "ana");
    CHECK(!visible_text("anna", to, sizeof to));
    CHECK_STR(to, "");
}

static const struct check_test TESTS[] = {
    TEST(marks_of_direction_and_blanks_without_width_go),
    TEST(each_run_of_blanks_is_one_space_and_none_is_at_an_end),
    TEST(joiners_stay_where_they_shape_visible_text),
    TEST(joiners_go_where_they_have_no_visible_effect),
    TEST(a_variation_needs_something_to_vary),
    TEST(text_that_does_not_fit_is_reported),
    { 0 },
};
CHECK_MAIN(TESTS)
