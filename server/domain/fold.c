#include "domain/fold.h"

/* U+00C0 to U+017F without case and accent; ' ' where there is no such letter. */
static const char LATIN[] = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
                            "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

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
