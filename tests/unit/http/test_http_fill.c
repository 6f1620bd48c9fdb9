#include "http/http_fill.h"

#include <string.h>

#include "tests/support/check.h"

#define PAGE "<h1>{{practice}}</h1><a href=\"tel:{{tel}}\">{{phone}}</a> {{other}} {{"

static const struct asset_body PAGE_BODY = { (const unsigned char *)PAGE, sizeof PAGE - 1 };

static void fills(struct http_fill *f, const char *expected)
{
    struct http_filled page = { .plain.max = 4096, .gzip.max = 4096 };

    CHECK(http_fill_page(f, &PAGE_BODY, &page));
    CHECK_STR(buf_text(&page.plain), expected);
    buf_clear(&page.plain);
    buf_clear(&page.gzip);
}

static void marks_become_words_and_other_braces_stay(void)
{
    struct http_fill *f = http_fill_new();

    CHECK(http_fill_wanted(&PAGE_BODY));
    CHECK(!http_fill_wanted(&(struct asset_body){ (const unsigned char *)"{{ x }}", 7 }));
    fills(f, "<h1></h1><a href=\"tel:\"></a> {{other}} {{");
    http_fill_set(f, 0, &(struct http_words){ "Hill Clinic", "+1 (555) 0100", "en" });
    fills(f, "<h1>Hill Clinic</h1><a href=\"tel:+15550100\">+1 (555) 0100</a> {{other}} {{");
    http_fill_free(f);
    http_fill_free(NULL);
    http_fill_set(NULL, 1, &(struct http_words){ "", "", "en" });
}

static void words_are_text_and_never_markup(void)
{
    struct http_fill *f = http_fill_new();

    http_fill_set(f, 1, &(struct http_words){ "\"A\" <b>&amp; {{phone}}", "", "en" });
    fills(f, "<h1>&quot;A&quot; &lt;b&gt;&amp;amp; {{phone}}</h1><a href=\"tel:\"></a> {{other}} {{");
    http_fill_free(f);
}

static void an_older_word_is_left_and_each_change_is_another_generation(void)
{
    struct http_fill *f = http_fill_new();
    uint64_t first;

    http_fill_set(f, 3, &(struct http_words){ "New", "", "en" });
    first = http_fill_generation(f);
    http_fill_set(f, 2, &(struct http_words){ "Old", "", "en" });
    CHECK(http_fill_generation(f) == first);
    fills(f, "<h1>New</h1><a href=\"tel:\"></a> {{other}} {{");
    http_fill_set(f, 4, &(struct http_words){ "Newer", "", "en" });
    CHECK(http_fill_generation(f) != first);
    http_fill_free(f);
}

static void a_filled_page_is_packed_too_and_one_that_is_too_large_is_refused(void)
{
    struct http_filled page = { .plain.max = 4096, .gzip.max = 4096 };
    struct http_fill *f = http_fill_new();

    CHECK(http_fill_page(f, &PAGE_BODY, &page));
    CHECK(page.gzip.len > 0 && memcmp(page.gzip.data, "\x1f\x8b", 2) == 0);
    page.gzip.max = 20;
    buf_clear(&page.gzip);
    CHECK(!http_fill_page(f, &PAGE_BODY, &page));
    page.plain.max = 20;
    buf_clear(&page.plain);
    CHECK(!http_fill_page(f, &PAGE_BODY, &page));
    buf_clear(&page.plain);
    http_fill_free(f);
}

static const struct check_test TESTS[] = {
    TEST(marks_become_words_and_other_braces_stay),
    TEST(words_are_text_and_never_markup),
    TEST(an_older_word_is_left_and_each_change_is_another_generation),
    TEST(a_filled_page_is_packed_too_and_one_that_is_too_large_is_refused),
    { 0 },
};
CHECK_MAIN(TESTS)
