#include "domain/fold.h"
#include "tests/support/check.h"

static void case_and_accents_fold_away(void)
{
    static const uint32_t PAIRS[][2] = {
        { 'A', 'a' },     { 'z', 'z' },       { '7', '7' },     { 0xc9, 'e' },        { 0xe9, 'e' },    { 0xd7, 0xd7 },
        { 0x141, 'l' },   { 0x17e, 'z' },     { 0x391, 0x3b1 }, { 0x416, 0x436 },     { 0x406, 0x456 }, { 0xff21, 'a' },
        { 0x646, 0x646 }, { 0x4e2d, 0x4e2d }, { 0x490, 0x491 }, { 0x1f600, 0x1f600 },
    };

    for (size_t i = 0; i < sizeof PAIRS / sizeof PAIRS[0]; i++)
        CHECK_INT(fold_letter(PAIRS[i][0]), PAIRS[i][1]);
}

static void folding_twice_is_folding_once(void)
{
    for (uint32_t point = 1; point < 0x11000; point++) {
        uint32_t once = fold_letter(point);

        if (fold_letter(once) != once) {
            CHECK_INT(point, -1);
            return;
        }
    }
}

static const struct check_test TESTS[] = {
    TEST(case_and_accents_fold_away),
    TEST(folding_twice_is_folding_once),
    { 0 },
};
CHECK_MAIN(TESTS)
