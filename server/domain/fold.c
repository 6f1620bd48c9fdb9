#include "domain/fold.h"

#include <stddef.h>

/* U+00C0 to U+017F without case and accent; ' ' where there is no letter to put. */
static const char LATIN[] = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
                            "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static const struct {
    uint16_t point; /* lower case */
    char latin;
} LOOKALIKES[] = {
    { 0x3b1, 'a' }, { 0x3b2, 'b' }, { 0x3b5, 'e' }, { 0x3b6, 'z' }, { 0x3b7, 'h' }, { 0x3b9, 'i' }, { 0x3ba, 'k' },
    { 0x3bc, 'm' }, { 0x3bd, 'n' }, { 0x3bf, 'o' }, { 0x3c1, 'p' }, { 0x3c4, 't' }, { 0x3c5, 'y' }, { 0x3c7, 'x' },
    { 0x430, 'a' }, { 0x432, 'b' }, { 0x435, 'e' }, { 0x43a, 'k' }, { 0x43c, 'm' }, { 0x43d, 'h' }, { 0x43e, 'o' },
    { 0x440, 'p' }, { 0x441, 'c' }, { 0x442, 't' }, { 0x443, 'y' }, { 0x445, 'x' }, { 0x455, 's' }, { 0x456, 'i' },
    { 0x458, 'j' }, { 0x4bb, 'h' }, { 0x501, 'd' }, { 0x51b, 'q' }, { 0x51d, 'w' },
};

uint32_t fold_letter(uint32_t point)
{
    if (point >= 0xff01 && point <= 0xff5e) /* full width ASCII */
        point -= 0xfee0;
    if (point >= 'A' && point <= 'Z')
        return point + 32;
    if (point >= 0xc0 && point < 0x180 && LATIN[point - 0xc0] != ' ')
        return (unsigned char)LATIN[point - 0xc0];
    if ((point >= 0x391 && point <= 0x3a9) || (point >= 0x410 && point <= 0x42f))
        return point + 32;
    if (point >= 0x400 && point <= 0x40f)
        return point + 80;
    if (point >= 0x460 && point <= 0x52f && point % 2 == 0 && !(point >= 0x482 && point <= 0x489) &&
        !(point >= 0x4c0 && point <= 0x4ce))
        return point + 1; /* Cyrillic in pairs */
    return point;
}

uint32_t fold_lookalike(uint32_t point)
{
    uint32_t folded = fold_letter(point);

    for (size_t i = 0; i < sizeof LOOKALIKES / sizeof LOOKALIKES[0]; i++)
        if (LOOKALIKES[i].point == folded)
            return (unsigned char)LOOKALIKES[i].latin;
    return folded;
}
