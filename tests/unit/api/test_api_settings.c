/* Settings of the practice, and the record. */
#include "tests/unit/api/practice.h"

static void the_practice_has_the_settings_it_was_given(void)
{
    struct jar anyone = { 0 };
    const struct answer *a =
        ask(&admin, "PATCH", "/settings", "{'practice':'Hill Clinic','phone':'+386 1 555-0100','languages':['ar']}");

    CHECK_INT(a->status, 200);
    a = ask(&anyone, "GET", "/public", "%s", "");
    CHECK_STR(json_text(a->json, "practice", ""), "Hill Clinic");
    CHECK_STR(json_text(a->json, "phone", ""), "+386 1 555-0100");
    CHECK_STR(json_string_value(json_array_get(json_object_get(a->json, "languages"), 0)), "ar");
    CHECK(json_is_true(json_object_get(a->json, "set_up")));
    a = ask(&admin, "PATCH", "/settings", "{'phone':null}");
    CHECK(json_is_null(json_object_get(a->json, "phone")));
    CHECK_STR(json_text(a->json, "practice", ""), "Hill Clinic");
    CHECK_INT(recorded("settings.change"), 2);
}

static void how_long_meetings_are_kept_is_a_setting(void)
{
    const struct answer *a = ask(&admin, "GET", "/settings", "%s", "");

    CHECK_INT(json_int(json_object_get(a->json, "retention"), "meetings_days", 0), 90);
    CHECK_INT(ask(&admin, "PATCH", "/settings", "{'retention':{'meetings_days':30}}")->status, 200);
    CHECK_INT(ask(&admin, "PATCH", "/settings", "{'phone':'1','retention':{}}")->status, 200);
    a = ask(&admin, "GET", "/settings", "%s", "");
    CHECK_INT(json_int(json_object_get(a->json, "retention"), "meetings_days", 0), 30);
    CHECK_STR(ask(&admin, "PATCH", "/settings", "{'retention':{'meetings_days':0}}")->field, "meetings_days");
    CHECK_STR(ask(&admin, "PATCH", "/settings", "{'retention':{'meetings_days':3651}}")->field, "meetings_days");
    CHECK_STR(ask(&admin, "PATCH", "/settings", "{'retention':90}")->field, "retention");
    CHECK_STR(ask(&admin, "PATCH", "/settings", "{'retention':{'audit_days':1}}")->field, "audit_days");
}

static void wrong_settings_are_named(void)
{
    CHECK_STR(ask(&admin, "PATCH", "/settings", "{'phone':'javascript:alert(1)'}")->field, "phone");
    CHECK_STR(ask(&admin, "PATCH", "/settings", "{'languages':['xx']}")->field, "languages");
    CHECK_STR(ask(&admin, "PATCH", "/settings", "{'languages':['en','en']}")->field, "languages");
    CHECK_STR(ask(&admin, "PATCH", "/settings", "{'languages':[]}")->field, "languages");
    CHECK_STR(ask(&admin, "PATCH", "/settings", "{'practice':' '}")->field, "practice");
    CHECK_ANSWER(ask(&admin, "PATCH", "/settings", "{'require_mfa':'all'}"), 422, "not_available");
    CHECK_INT(ask(&admin, "PATCH", "/settings", "{'require_mfa':'off'}")->status, 200);
    CHECK_ANSWER(ask(&host, "PATCH", "/settings", "{'practice':'Mine'}"), 403, "forbidden");
}

static void settings_honour_their_etag(void)
{
    const char *etag = kept(ask(&admin, "GET", "/settings", "%s", ""), "etag");

    admin.header = "If-Match";
    admin.value = etag;
    CHECK_INT(ask(&admin, "PATCH", "/settings", "{'phone':'1'}")->status, 200);
    admin.header = "If-Match";
    admin.value = etag;
    CHECK_ANSWER(ask(&admin, "PATCH", "/settings", "{'phone':'2'}"), 412, "changed");
}

static void the_record_is_read_in_pages_and_holds(void)
{
    const struct answer *a = ask(&admin, "GET", "/audit?limit=2", "%s", "");
    const char *head, *next = kept(a, "next");
    const json_t *items = json_object_get(a->json, "items");

    CHECK_INT(json_array_size(items), 2);
    CHECK_INT(json_int(json_array_get(items, 0), "seq", 0), 1);
    CHECK_STR(next, "2");
    a = ask(&admin, "GET", path_to("/audit?limit=1&after=%s", next), "%s", "");
    CHECK_INT(json_int(json_array_get(json_object_get(a->json, "items"), 0), "seq", 0), 3);
    CHECK_STR(ask(&admin, "GET", "/audit?action=nothing", "%s", "")->field, "action");
    CHECK_STR(ask(&admin, "GET", "/audit?after=x", "%s", "")->field, "after");
    a = ask(&admin, "GET", "/audit/verify", "%s", "");
    CHECK(json_is_true(json_object_get(a->json, "intact")));
    head = kept(a, "head");
    CHECK(json_is_true(
        json_object_get(ask(&admin, "GET", path_to("/audit/verify?head=%s", head), "%s", "")->json, "intact")));
    CHECK(json_is_false(json_object_get(
        ask(&admin, "GET", "/audit/verify?head=0000000000000000000000000000000000000000000000000000000000000000", "%s",
            "")
            ->json,
        "intact")));
}

static const struct check_test TESTS[] = {
    TEST(the_practice_has_the_settings_it_was_given),
    TEST(how_long_meetings_are_kept_is_a_setting),
    TEST(wrong_settings_are_named),
    TEST(settings_honour_their_etag),
    TEST(the_record_is_read_in_pages_and_holds),
    { 0 },
};

PRACTICE_MAIN(TESTS, NULL)
