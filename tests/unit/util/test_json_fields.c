#include "util/json_fields.h"

#include "tests/support/check.h"

static const struct field FIELDS[] = {
    { "name", FIELD_TEXT, .required = true, .min = 1, .max = 10 },
    { "note", FIELD_LINES, .max = 20 },
    { "locked", FIELD_BOOL },
    { "count", FIELD_INT, .min = 1, .max = 12 },
    { "until", FIELD_TIME, .nullable = true },
    { "kind", FIELD_CHOICE, .choices = "meeting|reception" },
    { "more", FIELD_OBJECT },
    { "items", FIELD_LIST, .max = 2 },
    { "e2ee", FIELD_BOOL, .later = true },
    { "recording", FIELD_CHOICE, .later = true, .choices = "off" },
    { 0 },
};

static enum err_code check(const char *text, struct err *e)
{
    json_t *object = json_loads(text, JSON_ALLOW_NUL, NULL);
    enum err_code rc = json_fields_check(object, FIELDS, true, e);

    json_decref(object);
    return rc;
}

static void good_members_pass(void)
{
    struct err e = { 0 };

    CHECK_INT(
        check("{\"name\":\"a\",\"note\":\"b\\nc\",\"locked\":true,\"count\":12,\"until\":\"2026-11-22T15:04:05Z\","
              "\"kind\":\"reception\",\"more\":{},\"items\":[1,2],\"e2ee\":false,\"recording\":\"off\"}",
              &e),
        ERR_OK);
    CHECK_INT(check("{\"name\":\"a\",\"until\":null,\"e2ee\":null}", &e), ERR_OK);
}

static void wrong_members_are_named(void)
{
    static const struct {
        const char *text, *field;
    } CASES[] = {
        { "{}", "name" },
        { "{\"name\":null}", "name" },
        { "{\"name\":\"\"}", "name" },
        { "{\"name\":\"12345678901\"}", "name" },
        { "{\"name\":\"a\\nb\"}", "name" },
        { "{\"name\":\"a\\u0000b\"}", "name" },
        { "{\"name\":7}", "name" },
        { "{\"name\":\"a\",\"note\":\"\\u0007\"}", "note" },
        { "{\"name\":\"a\",\"locked\":1}", "locked" },
        { "{\"name\":\"a\",\"count\":0}", "count" },
        { "{\"name\":\"a\",\"count\":13}", "count" },
        { "{\"name\":\"a\",\"count\":1.5}", "count" },
        { "{\"name\":\"a\",\"count\":\"1\"}", "count" },
        { "{\"name\":\"a\",\"until\":\"tomorrow\"}", "until" },
        { "{\"name\":\"a\",\"kind\":\"party\"}", "kind" },
        { "{\"name\":\"a\",\"kind\":\"meet\"}", "kind" },
        { "{\"name\":\"a\",\"kind\":\"meeting|reception\"}", "kind" },
        { "{\"name\":\"a\",\"more\":[]}", "more" },
        { "{\"name\":\"a\",\"items\":[1,2,3]}", "items" },
        { "{\"name\":\"a\",\"locked\":null}", "locked" },
    };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct err e = { 0 };

        if (!CHECK_INT(check(CASES[i].text, &e), ERR_INVALID) || !CHECK_STR(e.field, CASES[i].field))
            printf("    %s\n", CASES[i].text);
    }
}

static void unknown_and_later_members_have_codes_of_their_own(void)
{
    struct err e = { 0 };

    CHECK_INT(check("{\"name\":\"a\",\"color\":1}", &e), ERR_INVALID);
    CHECK_STR(e.code, "unknown_field");
    CHECK_INT(check("{\"name\":\"a\",\"e2ee\":true}", &e), ERR_INVALID);
    CHECK_STR(e.code, "not_available");
    CHECK_INT(check("{\"name\":\"a\",\"recording\":\"local\"}", &e), ERR_INVALID);
    CHECK_STR(e.code, "not_available");
}

static void readers_have_defaults(void)
{
    json_t *o = json_loads("{\"a\":\"x\",\"b\":true,\"c\":5,\"t\":\"1970-01-01T00:00:01Z\",\"n\":null}", 0, NULL);

    CHECK_STR(json_text(o, "a", "-"), "x");
    CHECK_STR(json_text(o, "n", "-"), "-");
    CHECK_STR(json_text(o, "z", "-"), "-");
    CHECK(json_bool(o, "b", false) && json_bool(o, "z", true));
    CHECK_INT(json_int(o, "c", 1), 5);
    CHECK_INT(json_int(o, "z", 1), 1);
    CHECK_INT(json_time_ms(o, "t", 0), 1000);
    CHECK_INT(json_time_ms(o, "n", 7), 7);
    CHECK(json_has(o, "a") && !json_has(o, "n") && json_given(o, "n") && !json_given(o, "z"));
    json_decref(o);
}

static enum err_code parse(const char *text, size_t len, int depth)
{
    json_t *out = NULL;
    struct err e = { 0 };
    enum err_code rc = json_parse_object(text, len, depth, &out, &e);

    if (rc != ERR_OK)
        CHECK_STR(e.code, "invalid_json");
    json_decref(out);
    return rc;
}

static void only_one_object_is_parsed(void)
{
    static const char *const WRONG[] = { "",
                                         "null",
                                         "[]",
                                         "\"a\"",
                                         "{",
                                         "{}{}",
                                         "{} x",
                                         "{\"a\":1,\"a\":2}",
                                         "{\"a\":{\"b\":1,\"b\":1}}",
                                         "{'a':1}",
                                         "{\"a\":01}",
                                         "{\"a\":\"\xff\"}",
                                         "{\"a\":[[]]}" };

    CHECK_INT(parse("{}", 2, 1), ERR_OK);
    CHECK_INT(parse(" {\"a\":[1]} \n", 12, 2), ERR_OK);
    CHECK_INT(parse("{\"a\":[[]]}", 10, 3), ERR_OK);
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        if (!CHECK_INT(parse(WRONG[i], strlen(WRONG[i]), 2), ERR_INVALID))
            printf("    %s\n", WRONG[i]);
    CHECK_INT(parse("{}\0", 3, 2), ERR_INVALID);
}

static const struct check_test TESTS[] = {
    TEST(good_members_pass),
    TEST(wrong_members_are_named),
    TEST(unknown_and_later_members_have_codes_of_their_own),
    TEST(readers_have_defaults),
    TEST(only_one_object_is_parsed),
    { 0 },
};
CHECK_MAIN(TESTS)
