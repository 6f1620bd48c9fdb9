#include "domain/nfc.h"
#include "tests/support/check.h"

static void check(const char *from, const char *expected)
{
    char to[64];

    CHECK(nfc_text(from, to, sizeof to));
    CHECK_STR(to, expected);
}

static void letters_and_their_marks_become_one(void)
{
    check("", "");
    check("plain", "plain");
    check("Ame\xcc\x81lie", "Am\xc3\xa9lie");
    check("a\xcc\xa3\xcc\x82", "\xe1\xba\xad"); /* ậ, marks in either order */
    check("a\xcc\x82\xcc\xa3", "\xe1\xba\xad");
    check("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xed\x95\x9c"); /* Hangul: 한 */
    check("\xe2\x84\xab", "\xc3\x85");                             /* the Ångström sign is Å */
}

static void text_that_is_too_long_or_invalid_is_refused(void)
{
    char small[4];

    CHECK(!nfc_text("abcd", small, sizeof small));
    CHECK_STR(small, "");
    CHECK(nfc_text("abc", small, sizeof small));
    CHECK(!nfc_text("\xff", small, sizeof small));
    CHECK(nfc_text("e\xcc\x81", small, sizeof small));
    CHECK_STR(small, "\xc3\xa9");
}

static const struct check_test TESTS[] = {
    TEST(letters_and_their_marks_become_one),
    TEST(text_that_is_too_long_or_invalid_is_refused),
    { 0 },
};
CHECK_MAIN(TESTS)
