#include "http/http_fill.h"

#include <string.h>

#include "tests/support/check.h"

#define PAGE "<h1>{{practice}}</h1><a href=\"tel:{{tel}}\">{{phone}}</a> {{other}} {{"

static const struct asset_body PLAIN = { (const unsigned char *)PAGE, sizeof PAGE - 1 };
static const struct asset_body NO_GZIP;

static void fills(struct http_fill *f, const char *expected)
{
    struct http_filled page = { .plain.max = 4096, .gzip.max = 4096 };

    CHECK(http_fill_page(f, &PLAIN, &NO_GZIP, &page));
    CHECK_STR(buf_text(&page.plain), expected);
    CHECK_INT((long long)page.gzip.len, 0);
    buf_clear(&page.plain);
    buf_clear(&page.gzip);
}

static void marks_become_words_and_other_braces_stay(void)
{
    struct http_fill *f = http_fill_new();

    CHECK(http_fill_wanted(&PLAIN));
    CHECK(!http_fill_wanted(&(struct asset_body){ (const unsigned char *)"{{ x }}", 7 }));
    fills(f, "<h1></h1><a href=\"tel:\"></a> {{other}} {{");
    http_fill_set(f, 0, "Hill Clinic", "+1 (555) 0100");
    fills(f, "<h1>Hill Clinic</h1><a href=\"tel:+15550100\">+1 (555) 0100</a> {{other}} {{");
    http_fill_free(f);
    http_fill_free(NULL);
    http_fill_set(NULL, 1, "", "");
}

static void words_are_text_and_never_markup(void)
{
    struct http_fill *f = http_fill_new();

    http_fill_set(f, 1, "\"A\" <b>&amp; {{phone}}", "");
    fills(f, "<h1>&quot;A&quot; &lt;b&gt;&amp;amp; {{phone}}</h1><a href=\"tel:\"></a> {{other}} {{");
    http_fill_free(f);
}

static void an_older_word_is_left_and_each_change_is_another_generation(void)
{
    struct http_fill *f = http_fill_new();
    uint64_t first;

    http_fill_set(f, 3, "New", "");
    first = http_fill_generation(f);
    http_fill_set(f, 2, "Old", "");
    CHECK(http_fill_generation(f) == first);
    fills(f, "<h1>New</h1><a href=\"tel:\"></a> {{other}} {{");
    http_fill_set(f, 4, "Newer", "");
    CHECK(http_fill_generation(f) != first);
    http_fill_free(f);
}

/* "a{{tel}}b" as gzip, by hand: three stored blocks, the last marked as such; then the checksum and the length. */
#define HEAD "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03"

static void a_stored_block_is_exchanged_and_the_checksum_made_anew(void)
{
    static const char packed[] = HEAD "\x00\x01\x00\xfe\xff"
                                      "a"
                                      "\x00\x07\x00\xf8\xff"
                                      "{{tel}}"
                                      "\x01\x01\x00\xfe\xff"
                                      "b"
                                      "........";
    static const char expected[] = HEAD "\x00\x01\x00\xfe\xff"
                                        "a"
                                        "\x00\x04\x00\xfb\xff"
                                        "0100"
                                        "\x01\x01\x00\xfe\xff"
                                        "b"
                                        "\x09\x89\x4d\xc3\x06\x00\x00\x00";
    const struct asset_body plain = { (const unsigned char *)"a{{tel}}b", 9 };
    const struct asset_body gzip = { (const unsigned char *)packed, sizeof packed - 1 };
    struct http_filled page = { .plain.max = 100, .gzip.max = 100 };
    struct http_fill *f = http_fill_new();

    http_fill_set(f, 1, "", "01-00");
    CHECK(http_fill_page(f, &plain, &gzip, &page));
    CHECK_STR(buf_text(&page.plain), "a0100b");
    CHECK_INT((long long)page.gzip.len, (long long)sizeof expected - 1);
    CHECK(page.gzip.len == sizeof expected - 1 && memcmp(page.gzip.data, expected, sizeof expected - 1) == 0);
    page.gzip.max = 20;
    buf_clear(&page.gzip);
    CHECK(!http_fill_page(f, &plain, &gzip, &page));
    buf_clear(&page.plain);
    buf_clear(&page.gzip);
    http_fill_free(f);
}

static const struct check_test TESTS[] = {
    TEST(marks_become_words_and_other_braces_stay),
    TEST(words_are_text_and_never_markup),
    TEST(an_older_word_is_left_and_each_change_is_another_generation),
    TEST(a_stored_block_is_exchanged_and_the_checksum_made_anew),
    { 0 },
};
CHECK_MAIN(TESTS)
