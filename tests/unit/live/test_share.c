#include "live/share.h"

#include "tests/support/check.h"

#define MANY 255

static void write_line(struct kept *k, int64_t at_ms, size_t len, bool own)
{
    struct kept_line line = { .said = payload_new("chat", len), .at_ms = at_ms, .own = own, .waiting = true };

    memset(line.said->body, 'x', len);
    if (!CHECK(kept_add(k, &line, 0, KEPT_BYTES_MAX)))
        payload_unref(line.said);
}

/* The number of lines of each that are passed on; checks that they come in order of time and within the limit. */
static void pass_on(struct kept *k, size_t count, int passed[])
{
    struct share all[MANY] = { 0 }, *s;
    struct kept_line *line;
    int64_t at_ms = 0;
    size_t bytes = 0, lines = 0;

    for (size_t i = 0; i < count; i++) {
        all[i].of = &k[i];
        passed[i] = 0;
    }
    share_out(all, count, KEPT_BYTES_MAX);
    while ((s = share_next(all, count, &line)) != NULL) {
        CHECK(line->at_ms >= at_ms);
        CHECK(line->own);
        at_ms = line->at_ms;
        bytes += line->said->len;
        lines++;
        passed[s - all]++;
    }
    CHECK(bytes <= KEPT_BYTES_MAX);
    CHECK(lines <= KEPT_LINES_MAX);
    for (size_t i = 0; i < count; i++)
        kept_clear(&k[i]);
}

static void many_words_of_one_person_displace_nobodys_few(void)
{
    struct kept k[2] = { 0 };
    int passed[2];

    for (int i = 0; i < 16; i++)
        write_line(&k[0], 100 + i, 4096, true);
    write_line(&k[1], 50, 120, true);
    pass_on(k, 2, passed);
    CHECK_INT(passed[0], 15);
    CHECK_INT(passed[1], 1);
}

static void many_short_lines_displace_nobody_either(void)
{
    struct kept k[2] = { 0 };
    int passed[2];

    for (int i = 0; i < KEPT_LINES_MAX; i++)
        write_line(&k[0], 100 + i, 10, true);
    write_line(&k[1], 500, 4096, true);
    pass_on(k, 2, passed);
    CHECK(passed[0] > 150);
    CHECK_INT(passed[1], 1);
}

static void two_who_write_much_are_read_equally_in_order_of_time(void)
{
    struct kept k[2] = { 0 };
    int passed[2];

    for (int i = 0; i < 15; i++)
        for (int who = 0; who < 2; who++)
            write_line(&k[who], 10 * i + who, 4000, true);
    pass_on(k, 2, passed);
    CHECK_INT(passed[0], 8);
    CHECK_INT(passed[1], 8);
}

/* The room full of people with as much as they may write: the first in line, who are of no crowd, have a line each. */
static void everybody_has_a_line_as_long_as_there_are_lines(void)
{
    static struct kept k[MANY];
    static int passed[MANY];

    for (int i = 0; i < 15; i++)
        for (int who = 0; who < MANY; who++)
            write_line(&k[who], i, who < 100 ? 250 : 4000, true);
    pass_on(k, MANY, passed);
    for (int who = 0; who < 100; who++)
        CHECK(passed[who] >= 1);
}

static void the_newest_are_read_and_only_what_they_wrote_themselves(void)
{
    struct kept k = { 0 };
    struct share one = { .of = &k };
    struct kept_line *line;

    write_line(&k, 1, 4000, true);
    write_line(&k, 2, 4000, false);
    write_line(&k, 3, 4000, true);
    write_line(&k, 4, 4000, false);
    share_out(&one, 1, 5000);
    CHECK(share_next(&one, 1, &line) == &one);
    CHECK_INT(line->at_ms, 3);
    CHECK(share_next(&one, 1, &line) == NULL);
    kept_clear(&k);
}

static const struct check_test TESTS[] = {
    TEST(many_words_of_one_person_displace_nobodys_few),
    TEST(many_short_lines_displace_nobody_either),
    TEST(two_who_write_much_are_read_equally_in_order_of_time),
    TEST(everybody_has_a_line_as_long_as_there_are_lines),
    TEST(the_newest_are_read_and_only_what_they_wrote_themselves),
    { 0 },
};
CHECK_MAIN(TESTS)
