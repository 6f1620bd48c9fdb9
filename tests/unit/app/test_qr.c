#include "app/qr.h"

#include "tests/support/check.h"

static int lines_of(const char *text)
{
    int n = 0;

    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static void a_code_has_two_rows_a_line_and_light_around_it(void)
{
    struct buf out = { .max = 64 * 1024 };

    CHECK(qr_draw("https://192.168.1.5:8443", false, &out));
    CHECK_INT(lines_of(buf_text(&out)), (25 + 4 + 1) / 2); /* version 2 */
    CHECK(strncmp(buf_text(&out), "█████", 15) == 0);
    CHECK(strchr(buf_text(&out), '\x1b') == NULL);
    buf_clear(&out);
}

static void colours_are_ended_on_each_line(void)
{
    struct buf out = { .max = 64 * 1024 };
    int ended = 0;

    CHECK(qr_draw("a", true, &out));
    for (const char *p = buf_text(&out); (p = strstr(p, "\x1b[0m\n")) != NULL; p++)
        ended++;
    CHECK_INT(ended, lines_of(buf_text(&out)));
    buf_clear(&out);
}

static void a_text_that_does_not_fit_is_refused(void)
{
    struct buf out = { .max = 64 * 1024 };
    static char text[8000];

    memset(text, 'x', sizeof text - 1);
    CHECK(!qr_draw(text, false, &out));
    buf_clear(&out);
}

static const struct check_test TESTS[] = {
    TEST(a_code_has_two_rows_a_line_and_light_around_it),
    TEST(colours_are_ended_on_each_line),
    TEST(a_text_that_does_not_fit_is_refused),
    { 0 },
};
CHECK_MAIN(TESTS)
