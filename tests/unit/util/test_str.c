#include "util/str.h"

#include "tests/support/check.h"

static void copies_end_with_a_nul_or_are_empty(void)
{
    char to[4] = "xxx";

    CHECK(str_copy(to, sizeof to, "abc"));
    CHECK_STR(to, "abc");
    CHECK(!str_copy(to, sizeof to, "abcd"));
    CHECK_STR(to, "");
    CHECK(str_copy_n(to, sizeof to, "abcd", 2));
    CHECK_STR(to, "ab");
    CHECK(!str_copy_n(to, sizeof to, "abcd", 4));
    CHECK_STR(to, "");
}

static void comparisons_handle_null_and_ends(void)
{
    CHECK(str_equal(NULL, NULL) && !str_equal(NULL, "") && !str_equal("", NULL) && str_equal("a", "a"));
    CHECK(str_starts("abc", "ab") && str_starts("abc", "") && !str_starts("ab", "abc"));
    CHECK(str_ends("abc", "bc") && str_ends("abc", "") && !str_ends("bc", "abc"));
}

static void numbers_are_whole_and_within_their_limits(void)
{
    static const char *const WRONG[] = { "",    " 1", "1 ", "+1", "1.0", "0x1", "1e1", "a", "9223372036854775808",
                                         "--1", "-",  "11" };
    int64_t n = 7;

    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        if (!CHECK(!str_to_i64(WRONG[i], 0, 10, &n)))
            printf("    \"%s\"\n", WRONG[i]);
    CHECK_INT(n, 7);
    CHECK(str_to_i64("0", 0, 10, &n) && n == 0);
    CHECK(str_to_i64("10", 0, 10, &n) && n == 10);
    CHECK(str_to_i64("9223372036854775807", 0, INT64_MAX, &n) && n == INT64_MAX);
}

static void digits_are_put_without_an_end(void)
{
    char text[24] = "????????????????????????"; /* no NUL: 24 of 24 */

    CHECK(str_put_u64(text, 0) == text + 1 && text[0] == '0' && text[1] == '?');
    CHECK(str_put_u64(text, UINT64_MAX) == text + 20);
    CHECK_MEM(text, "18446744073709551615?", 21);
}

static void utf8_is_strict(void)
{
    static const char *const GOOD[] = {
        "", "a", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"
    };
    static const char *const WRONG[] = { "\x80",
                                         "\xc0\x80",
                                         "\xc1\xbf",
                                         "\xc3",
                                         "\xe0\x80\x80",
                                         "\xe0\x9f\xbf",
                                         "\xed\xa0\x80",
                                         "\xed\xbf\xbf",
                                         "\xe2\x82",
                                         "\xf0\x80\x80\x80",
                                         "\xf0\x8f\xbf\xbf",
                                         "\xf4\x90\x80\x80",
                                         "\xf5\x80\x80\x80",
                                         "\xff",
                                         "a\xfe",
                                         "\xf0\x9f\x98",
                                         "\xc3(" };

    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++)
        CHECK(str_is_utf8(GOOD[i], strlen(GOOD[i])));
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        if (!CHECK(!str_is_utf8(WRONG[i], strlen(WRONG[i]))))
            printf("    case %zu\n", i);
    CHECK(!str_is_utf8("\xe2\x82\xac", 2)); /* cut by its length */
}

static void code_points_are_walked(void)
{
    const char *text = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80";

    CHECK_INT(str_codepoints(text), 4);
    CHECK_INT(str_next_codepoint(&text), 'a');
    CHECK_INT(str_next_codepoint(&text), 0xe4);
    CHECK_INT(str_next_codepoint(&text), 0x20ac);
    CHECK_INT(str_next_codepoint(&text), 0x1f600);
    CHECK_INT(str_next_codepoint(&text), 0);
    CHECK_INT(str_next_codepoint(&text), 0);
}

/* RFC 4648 §10. */
static void the_vectors_of_rfc_4648_hold(void)
{
    static const char *const PLAIN[] = { "", "f", "fo", "foo", "foob", "fooba", "foobar" };
    static const char *const BASE64[] = { "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
    static const char *const BASE64URL[] = { "", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy" };
    static const char *const BASE32[] = { "", "my", "mzxq", "mzxw6", "mzxw6yq", "mzxw6ytb", "mzxw6ytboi" };
    static const char *const HEX[] = { "", "66", "666f", "666f6f", "666f6f62", "666f6f6261", "666f6f626172" };
    char text[40], back[40];
    size_t len;

    for (size_t i = 0; i < 7; i++) {
        CHECK_INT(str_base64(text, PLAIN[i], i), strlen(BASE64[i]));
        CHECK_STR(text, BASE64[i]);
        str_base64url(text, PLAIN[i], i);
        CHECK_STR(text, BASE64URL[i]);
        CHECK(str_from_base64url(text, strlen(text), back, sizeof back, &len) && len == i &&
              memcmp(back, PLAIN[i], i) == 0);
        str_base32(text, PLAIN[i], i);
        CHECK_STR(text, BASE32[i]);
        CHECK(str_from_base32(text, strlen(text), back, sizeof back, &len) && len == i &&
              memcmp(back, PLAIN[i], i) == 0);
        str_hex(text, PLAIN[i], i);
        CHECK_STR(text, HEX[i]);
        CHECK(str_from_hex(text, strlen(text), back, sizeof back, &len) && len == i && memcmp(back, PLAIN[i], i) == 0);
    }
    str_base64url(text, "\xfb\xff", 2);
    CHECK_STR(text, "-_8");
}

static void decoders_take_one_form_only(void)
{
    static const char *const NO_BASE64URL[] = { "Zg==", "Z", "Zm9vY", "Zh", "Zm9", "Z+", "Z/", "Zm 9v", "Zm\n9" };
    static const char *const NO_BASE32[] = { "m", "mzx", "mz", "mzxw6y", "my======", "m1", "m8" };
    static const char *const NO_HEX[] = { "6", "6g", "66 ", "0x66" };
    char back[40];
    size_t len;

    for (size_t i = 0; i < sizeof NO_BASE64URL / sizeof *NO_BASE64URL; i++)
        if (!CHECK(!str_from_base64url(NO_BASE64URL[i], strlen(NO_BASE64URL[i]), back, sizeof back, &len)))
            printf("    %s\n", NO_BASE64URL[i]);
    for (size_t i = 0; i < sizeof NO_BASE32 / sizeof *NO_BASE32; i++)
        if (!CHECK(!str_from_base32(NO_BASE32[i], strlen(NO_BASE32[i]), back, sizeof back, &len)))
            printf("    %s\n", NO_BASE32[i]);
    for (size_t i = 0; i < sizeof NO_HEX / sizeof *NO_HEX; i++)
        CHECK(!str_from_hex(NO_HEX[i], strlen(NO_HEX[i]), back, sizeof back, &len));
    CHECK(!str_from_hex("666f6f", 6, back, 2, &len));
    CHECK(!str_from_base64url("Zm9v", 4, back, 2, &len));
    CHECK(!str_from_base32("mzxw6", 5, back, 2, &len));
}

static const struct check_test TESTS[] = {
    TEST(copies_end_with_a_nul_or_are_empty),
    TEST(comparisons_handle_null_and_ends),
    TEST(numbers_are_whole_and_within_their_limits),
    TEST(digits_are_put_without_an_end),
    TEST(utf8_is_strict),
    TEST(code_points_are_walked),
    TEST(the_vectors_of_rfc_4648_hold),
    TEST(decoders_take_one_form_only),
    { 0 },
};
CHECK_MAIN(TESTS)
