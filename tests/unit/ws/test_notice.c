/* Messages about the connection itself. */
#include "ws/notice.h"

#include "tests/support/check.h"

static void says(struct payload *p, const char *type, const char *body)
{
    CHECK_STR(p->type, type);
    CHECK_INT(p->len, strlen(body));
    CHECK(p->len == strlen(body) && memcmp(p->body, body, p->len) == 0);
    payload_unref(p);
}

static void an_error_names_the_message_it_answers_if_any(void)
{
    says(notice_error("busy", "Later.", NULL, 0), "error", "\"code\":\"busy\",\"detail\":\"Later.\"}");
    says(notice_error("gap", "One \"n\" is missing.", "chat", 7), "error",
         "\"code\":\"gap\",\"detail\":\"One \\\"n\\\" is missing.\",\"of\":\"chat\",\"n\":7}");
}

static void a_bye_has_a_reason_and_optional_members(void)
{
    says(notice_bye("ended", 0, NULL), "bye", "\"reason\":\"ended\"}");
    says(notice_bye("restarting", 900, NULL), "bye", "\"reason\":\"restarting\",\"retry_ms\":900}");
    says(notice_bye("denied", 0, "a\nb"), "bye", "\"reason\":\"denied\",\"text\":\"a\\u000ab\"}");
}

static const struct check_test TESTS[] = {
    TEST(an_error_names_the_message_it_answers_if_any),
    TEST(a_bye_has_a_reason_and_optional_members),
    { 0 },
};
CHECK_MAIN(TESTS)
