#include "ws/envelope.h"

#include "tests/support/check.h"

static enum envelope_fault scan(const char *text, struct envelope *e)
{
    return envelope_scan(text, strlen(text), e);
}

static void finds_the_members_wherever_they_stand(void)
{
    static const char TEXT[] = " {\"n\" : 12,\"data\":{\"to\":\"inner\",\"x\":[1.50,\"}\"]}, "
                               "\"to\":\"ab\",\"type\":\"signal\",\"to_instance\":3 } ";
    struct envelope e;
    char text[16];
    int64_t n;

    CHECK_INT(scan(TEXT, &e), ENVELOPE_OK);
    CHECK(envelope_text(e.type, text, sizeof text));
    CHECK_STR(text, "signal");
    CHECK(envelope_text(e.to, text, sizeof text));
    CHECK_STR(text, "ab");
    CHECK(envelope_count(e.n, &n) && n == 12);
    CHECK(envelope_count(e.to_instance, &n) && n == 3);
    CHECK(envelope_is_object(e.data));
    CHECK_INT(e.data.len, strlen("{\"to\":\"inner\",\"x\":[1.50,\"}\"]}"));
}

static void decodes_escapes(void)
{
    struct envelope e;
    char text[16];

    CHECK_INT(scan("{\"t\\u0079pe\":\"\\u0073ign\\u0061l\",\"to\":\"\\ud83d\\ude00\\n\\/\"}", &e), ENVELOPE_OK);
    CHECK(envelope_text(e.type, text, sizeof text));
    CHECK_STR(text, "signal");
    CHECK(envelope_text(e.to, text, sizeof text));
    CHECK_STR(text, "\xf0\x9f\x98\x80\n/");
    CHECK(!envelope_text(e.to, text, 6)); /* with its NUL it needs 7 */
    CHECK_STR(text, "");
}

static void refuses_text_that_is_not_a_json_object(void)
{
    static const char *const BROKEN[] = {
        "",
        "[]",
        "1",
        "{",
        "{}x",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":+1}",
        "{\"a\":1e}",
        "{\"a\":-}",
        "{\"a\":tru}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"x}",
        "{\"a\":[1,]}",
        "{\"a\":[1 2]}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":NaN}",
        "{'a':1}",
        "\xef\xbb\xbf{}",
    };
    struct envelope e;

    for (size_t i = 0; i < sizeof BROKEN / sizeof *BROKEN; i++)
        if (!CHECK_INT(scan(BROKEN[i], &e), ENVELOPE_BROKEN))
            printf("  of %s\n", BROKEN[i]);
}

static void refuses_a_member_twice_at_every_level(void)
{
    struct envelope e;

    CHECK_INT(scan("{\"to\":\"a\",\"to\":\"b\"}", &e), ENVELOPE_BROKEN);
    CHECK_INT(scan("{\"to\":\"a\",\"\\u0074o\":\"b\"}", &e), ENVELOPE_BROKEN);
    CHECK_INT(scan("{\"a\":[{\"x\":1,\"y\":2,\"x\":3}]}", &e), ENVELOPE_BROKEN);
    CHECK_INT(scan("{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}", &e), ENVELOPE_OK);
}

static void refuses_objects_too_deep_or_with_too_many_members(void)
{
    char text[1024] = "{";
    struct envelope e;
    size_t len = 1;

    CHECK_INT(scan("{\"a\":[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]}", &e), ENVELOPE_OK);       /* 16 */
    CHECK_INT(scan("{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}", &e), ENVELOPE_BROKEN); /* 17 */
    for (int i = 0; i < ENVELOPE_KEYS; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s\"k%d\":0", i ? "," : "", i);
    snprintf(text + len, sizeof text - len, "}");
    CHECK_INT(scan(text, &e), ENVELOPE_OK);
    snprintf(text + len, sizeof text - len, ",\"one\":0}");
    CHECK_INT(scan(text, &e), ENVELOPE_BROKEN);
}

static void refuses_texts_that_no_reader_should_see(void)
{
    static const char *const NOT_UTF8[] = { "\xc3\x28", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                            "\xe2\x82", "\xff",     "\x80" };
    char text[64];
    struct envelope e;

    for (size_t i = 0; i < sizeof NOT_UTF8 / sizeof *NOT_UTF8; i++) {
        snprintf(text, sizeof text, "{\"a\":\"long enough %s\"}", NOT_UTF8[i]);
        CHECK_INT(scan(text, &e), ENVELOPE_NOT_UTF8);
    }
    CHECK_INT(scan("{\"a\":\"\\ud83d\"}", &e), ENVELOPE_BROKEN);
    CHECK_INT(scan("{\"a\":\"\\ude00\\ud83d\"}", &e), ENVELOPE_BROKEN);
    CHECK_INT(scan("{\"a\":\"\\u0000\"}", &e), ENVELOPE_BROKEN);
    CHECK_INT(scan("{\"a\":\"\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7\"}", &e), ENVELOPE_OK);
}

static void numbers_may_be_of_any_size_and_counts_may_not(void)
{
    static const char *const SOUND[] = { "9223372036854775807",
                                         "9223372036854775808",
                                         "-9223372036854775809",
                                         "1e308",
                                         "1e309",
                                         "-1.5E+4000",
                                         "-1",
                                         "1.0" };
    struct envelope e;
    char text[600] = "{\"n\":1";
    int64_t n;

    for (size_t i = 0; i < sizeof SOUND / sizeof *SOUND; i++) {
        snprintf(text, sizeof text, "{\"n\":%s}", SOUND[i]);
        CHECK_INT(scan(text, &e), ENVELOPE_OK);
        CHECK(!envelope_count(e.n, &n)); /* no count of messages */
    }
    memset(text + 5, '7', 500);
    memcpy(text + 505, "}", 2);
    CHECK_INT(scan(text, &e), ENVELOPE_OK);
}

static void never_reads_beyond_the_end(void)
{
    static const char TEXT[] = "{\"type\":\"x\",\"a\":[-12.5e3,true,null,\"\\u00e9 \xc3\xa9 \\ud83d\\ude00\"],\"n\":7}";
    struct envelope e;

    for (size_t len = 0; len < sizeof TEXT - 1; len++)
        CHECK(envelope_scan(TEXT, len, &e) != ENVELOPE_OK);
    CHECK_INT(envelope_scan(TEXT, sizeof TEXT - 1, &e), ENVELOPE_OK);
}

static const struct check_test TESTS[] = {
    TEST(finds_the_members_wherever_they_stand),
    TEST(decodes_escapes),
    TEST(refuses_text_that_is_not_a_json_object),
    TEST(refuses_a_member_twice_at_every_level),
    TEST(refuses_objects_too_deep_or_with_too_many_members),
    TEST(refuses_texts_that_no_reader_should_see),
    TEST(numbers_may_be_of_any_size_and_counts_may_not),
    TEST(never_reads_beyond_the_end),
    { 0 },
};
CHECK_MAIN(TESTS)
