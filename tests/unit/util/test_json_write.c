#include "util/json_write.h"

#include "tests/support/check.h"

static void each_member_begins_with_a_comma(void)
{
    struct buf b = { .max = 1000 };

    json_write_text(&b, "name", "Ada");
    json_write_bool(&b, "on", true);
    json_write_int(&b, "n", -7);
    json_write_time(&b, "at", 0);
    CHECK_STR(buf_text(&b), ",\"name\":\"Ada\",\"on\":true,\"n\":-7,\"at\":\"1970-01-01T00:00:00Z\"");
    buf_clear(&b);
}

static void characters_json_does_not_allow_in_a_string_are_escaped_and_no_others(void)
{
    struct buf b = { .max = 1000 };

    json_write_string(&b, "a\"b\\c\n\x7f\xc3\xa9");
    CHECK_STR(buf_text(&b), "\"a\\\"b\\\\c\\u000a\\u007f\xc3\xa9\"");
    buf_clear(&b);
}

static void text_that_does_not_fit_is_noted(void)
{
    struct buf b = { .max = 8 };

    json_write_text(&b, "name", "longer than that");
    CHECK(b.overflow);
    buf_clear(&b);
}

static const struct check_test TESTS[] = {
    TEST(each_member_begins_with_a_comma),
    TEST(characters_json_does_not_allow_in_a_string_are_escaped_and_no_others),
    TEST(text_that_does_not_fit_is_noted),
    { 0 },
};
CHECK_MAIN(TESTS)
