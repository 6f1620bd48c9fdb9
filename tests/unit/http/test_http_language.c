#include "http/http_language.h"

#include <string.h>

#include "tests/support/check.h"

static const char *picked(const char *accepted, const char *cookies, const char *offered)
{
    static char language[HTTP_LANGUAGE_SIZE];
    struct http_head h = { .count = 0 };

    if (accepted)
        h.headers[h.count++] =
            (struct http_header){ "Accept-Language", accepted, strlen("Accept-Language"), strlen(accepted) };
    if (cookies)
        h.headers[h.count++] = (struct http_header){ "Cookie", cookies, strlen("Cookie"), strlen(cookies) };
    http_language_pick(&h, offered, language);
    return language;
}

static void the_offered_language_that_the_browser_prefers_is_taken(void)
{
    CHECK_STR(picked("ar-EG,ar;q=0.9,en;q=0.8", NULL, "en,ar"), "ar");
    CHECK_STR(picked("en;q=0.8, AR;q=0.81", NULL, "en,ar"), "ar");
    CHECK_STR(picked("en;q=0.8,ar;q=0.799", NULL, "ar,en"), "en");
    CHECK_STR(picked("de,fr;q=0.9,ar;q=0.1", NULL, "en,ar"), "ar");
    CHECK_STR(picked("ar", NULL, "en"), "en");
    CHECK_STR(picked("ar,arz", NULL, "en,ar"), "ar");
}

static void a_browser_that_asks_for_none_of_them_gets_the_first(void)
{
    CHECK_STR(picked(NULL, NULL, "ar,en"), "ar");
    CHECK_STR(picked("", NULL, "ar,en"), "ar");
    CHECK_STR(picked("de, arz, e", NULL, "ar,en"), "ar");
    CHECK_STR(picked("*", NULL, "en,ar"), "en");
    CHECK_STR(picked("en;q=0, *;q=0.5", NULL, "en,ar"), "ar");
    CHECK_STR(picked("de", NULL, ""), "en");
}

static void a_language_chosen_here_before_goes_first(void)
{
    CHECK_STR(picked("en", "a=b; parlour_lang=ar; c=d", "en,ar"), "ar");
    CHECK_STR(picked("en", "parlour_lang=ar", "en"), "ar");
    CHECK_STR(picked("en", "xparlour_lang=ar", "en,ar"), "en");
    CHECK_STR(picked("en", "parlour_lang=", "en,ar"), "en");
    CHECK_STR(picked("en", "parlour_lang=../ar", "en,ar"), "en");
    CHECK_STR(picked("en", "parlour_lang=abcdefghijklmnop", "en,ar"), "en");
}

static void a_list_that_makes_no_sense_does_no_harm(void)
{
    CHECK_STR(picked(",,;q=, ;;q=0.x,ar;q=", NULL, "en,ar"), "ar");
    CHECK_STR(picked("ar;q=0.", NULL, "en,ar"), "en");
    CHECK_STR(picked(";", "; ;;", "en,ar"), "en");
}

static const struct check_test TESTS[] = {
    TEST(the_offered_language_that_the_browser_prefers_is_taken),
    TEST(a_browser_that_asks_for_none_of_them_gets_the_first),
    TEST(a_language_chosen_here_before_goes_first),
    TEST(a_list_that_makes_no_sense_does_no_harm),
    { 0 },
};
CHECK_MAIN(TESTS)
