#include "util/buf.h"

#include "tests/support/check.h"

static void additions_are_all_or_nothing(void)
{
    struct buf b = { .max = 5 };

    CHECK_STR(buf_text(&b), "");
    CHECK(buf_add_text(&b, "abc"));
    CHECK(!buf_add_text(&b, "def"));
    CHECK_STR(buf_text(&b), "abc");
    CHECK(b.overflow);
    CHECK(!buf_add_text(&b, "d")); /* a hole in the middle would be worse than an end */
    buf_reset(&b);
    CHECK(!b.overflow && b.len == 0);
    CHECK(buf_printf(&b, "%d%s", 12, "345"));
    CHECK(!buf_printf(&b, "%d", 6));
    CHECK_STR(buf_text(&b), "12345");
    buf_clear(&b);
    CHECK(b.data == NULL && b.max == 5);
    CHECK(buf_add(&b, "a\0b", 3) && b.len == 3);
    buf_wipe(&b);
    CHECK(b.data == NULL && b.max == 5);
}

static void text_always_ends_with_a_nul(void)
{
    struct buf b = { .max = 100000 };

    for (int i = 0; i < 1000; i++)
        CHECK(buf_add(&b, "0123456789", 10) && b.data[b.len] == '\0');
    CHECK_INT(b.len, 10000);
    buf_consume(&b, 9995);
    CHECK_STR(buf_text(&b), "56789");
    buf_consume(&b, 5);
    CHECK_STR(buf_text(&b), "");
    buf_clear(&b);
}

static void room_is_reserved_up_to_the_limit(void)
{
    struct buf b = { .max = 8 };
    char *at = buf_reserve(&b, 4);

    memcpy(at, "wxyz", 4);
    buf_advance(&b, 2);
    CHECK_STR(buf_text(&b), "wx");
    CHECK(buf_reserve(&b, 7) == NULL);
    buf_clear(&b);
}

static const struct check_test TESTS[] = {
    TEST(additions_are_all_or_nothing),
    TEST(text_always_ends_with_a_nul),
    TEST(room_is_reserved_up_to_the_limit),
    { 0 },
};
CHECK_MAIN(TESTS)
