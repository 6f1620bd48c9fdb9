#include "util/arena.h"

#include <stdint.h>

#include "tests/support/check.h"

static void pieces_are_zeroed_aligned_and_apart(void)
{
    struct arena a = { 0 };
    unsigned char *last = NULL;

    for (size_t size = 1; size < 3000; size += 37) {
        unsigned char *p = arena_new(&a, size);

        CHECK((uintptr_t)p % _Alignof(max_align_t) == 0);
        bool zeroed = true;

        for (size_t i = 0; i < size; i++)
            zeroed = zeroed && p[i] == 0;
        CHECK(zeroed);
        memset(p, 0xff, size);
        CHECK(p != last);
        last = p;
    }
    arena_clear(&a);
    CHECK(a.blocks == NULL);
}

static void large_pieces_fit_too(void)
{
    struct arena a = { 0 };
    char *large = arena_new(&a, 1 << 20);

    memset(large, 1, 1 << 20);
    CHECK_STR(arena_text(&a, "small again"), "small again");
    arena_clear(&a);
    arena_clear(&a);
}

static void texts_are_copies(void)
{
    struct arena a = { 0 };
    char text[] = "abc";
    char *copy = arena_text(&a, text), *part = arena_text_n(&a, text, 2);

    text[0] = 'x';
    CHECK_STR(copy, "abc");
    CHECK_STR(part, "ab");
    CHECK_STR(arena_printf(&a, "%s-%d", copy, 7), "abc-7");
    arena_clear(&a);
}

static const struct check_test TESTS[] = {
    TEST(pieces_are_zeroed_aligned_and_apart),
    TEST(large_pieces_fit_too),
    TEST(texts_are_copies),
    { 0 },
};
CHECK_MAIN(TESTS)
