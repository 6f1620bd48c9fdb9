#include "live/kept.h"

#include "tests/support/check.h"

/* A line of `len` bytes under this number. */
static bool add(struct kept *k, int64_t seq, size_t len, int64_t sent_seq)
{
    struct kept_line line = { .said = payload_new("chat", len), .seq = seq };
    bool kept;

    memset(line.said->body, 'x', len);
    kept = kept_add(k, &line, sent_seq, KEPT_BYTES_MAX);
    if (!kept)
        payload_unref(line.said);
    return kept;
}

static void lines_are_kept_in_order(void)
{
    struct kept k = { 0 };

    for (int64_t seq = 1; seq <= 20; seq++)
        CHECK(add(&k, seq, 10, 0));
    CHECK_INT(k.count, 20);
    CHECK_INT(k.bytes, 200);
    for (uint16_t i = 0; i < 20; i++)
        CHECK_INT(k.lines[i].seq, i + 1);
    kept_clear(&k);
    CHECK_INT(k.bytes, 0);
}

static void sent_lines_give_way_and_unsent_ones_never_do(void)
{
    struct kept k = { 0 };

    for (int64_t seq = 1; seq <= KEPT_LINES_MAX; seq++)
        CHECK(add(&k, seq, 10, 0));
    CHECK(!add(&k, KEPT_LINES_MAX + 1, 10, 0));
    CHECK_INT(k.count, KEPT_LINES_MAX);
    CHECK(add(&k, KEPT_LINES_MAX + 1, 10, 1));
    CHECK_INT(k.lines[0].seq, 2);
    CHECK(add(&k, 0, 10, 2)); /* its own */
    CHECK(add(&k, KEPT_LINES_MAX + 2, 10, 2));
    CHECK_INT(k.lines[0].seq, 3); /* its own line gave way */
    CHECK_INT(k.count, KEPT_LINES_MAX);
    kept_clear(&k);
}

static void bytes_are_bounded_as_well(void)
{
    struct kept k = { 0 };

    for (int64_t seq = 1; seq <= 16; seq++)
        CHECK(add(&k, seq, 4096, 0));
    CHECK(!add(&k, 17, 1, 0));
    CHECK(add(&k, 17, 5000, 2));
    CHECK(k.bytes <= KEPT_BYTES_MAX);
    CHECK_INT(k.lines[0].seq, 3);
    kept_clear(&k);
}

static void a_line_that_finds_no_room_drops_no_other(void)
{
    struct kept k = { 0 };

    CHECK(add(&k, 1, 10, 0));
    for (int64_t seq = 2; seq <= 16; seq++)
        CHECK(add(&k, seq, 4096, 0));
    CHECK(!add(&k, 17, 5000, 1)); /* the first was sent, and without it there is still no room */
    CHECK_INT(k.count, 16);
    CHECK_INT(k.lines[0].seq, 1);
    CHECK(add(&k, 17, 5000, 16)); /* all others were sent */
    CHECK_INT(k.lines[k.count - 1].seq, 17);
    kept_clear(&k);
}

static const struct check_test TESTS[] = {
    TEST(lines_are_kept_in_order),
    TEST(sent_lines_give_way_and_unsent_ones_never_do),
    TEST(bytes_are_bounded_as_well),
    TEST(a_line_that_finds_no_room_drops_no_other),
    { 0 },
};
CHECK_MAIN(TESTS)
