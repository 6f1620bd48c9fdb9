#include "domain/lookalike.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>
#include <unictype.h>

#include "domain/fold.h"
#include "domain/id.h"
#include "util/str.h"

#define KEY_MAX (4 * NAME_SIZE) /* code points; a compatibility form or a skeleton may be longer than its source */
#define ACCENTS_FROM 200        /* combining classes of marks above and below; lower ones are parts of Indic letters */

/* The remainder of a name. When full, the rest is cut off, which only happens to a contrived name. */
struct key {
    uint32_t points[KEY_MAX];
    int count;
};

static int by_point(const void *a, const void *b)
{
    uint32_t x = ((const struct lookalike *)a)->point, y = ((const struct lookalike *)b)->point;

    return (x > y) - (x < y);
}

/* The text that a reader takes this character for; NULL: itself. */
static const char *skeleton_of(uint32_t point)
{
    struct lookalike key = { .point = point };
    const struct lookalike *found = bsearch(&key, LOOKALIKES, (size_t)LOOKALIKE_COUNT, sizeof *LOOKALIKES, by_point);

    return found ? LOOKALIKE_TEXT + found->text : NULL;
}

/* Accents and points above and below, strokes through, variation selectors, and the line that stretches Arabic words. */
static bool is_overlooked(uint32_t point)
{
    int class = uc_combining_class(point);

    return class == 1 || point == 0x640 || class >= ACCENTS_FROM ||
           (class >= 10 && class <= 36) /* Hebrew and Arabic points */ ||
           uc_is_property_default_ignorable_code_point(point);
}

static bool is_counted(uint32_t point)
{
    return uc_is_general_category_withtable(point, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N | UC_CATEGORY_MASK_M) &&
           !is_overlooked(point);
}

/* Small capitals, which the standard leaves unchanged, and digits used in place of letters. */
static uint32_t plain_letter(uint32_t point)
{
    static const struct {
        uint16_t point;
        char letter;
    } DRAWN[] = {
        { '0', 'o' },    { '1', 'l' },    { '2', 'z' },    { '3', 'e' },    { '4', 'a' },    { '5', 's' },
        { '7', 't' },    { '8', 'b' },    { '9', 'g' },    { 'i', 'l' },    { 0x262, 'g' },  { 0x26a, 'l' },
        { 0x274, 'n' },  { 0x280, 'r' },  { 0x299, 'b' },  { 0x29c, 'h' },  { 0x29f, 'l' },  { 0x1d00, 'a' },
        { 0x1d05, 'd' }, { 0x1d07, 'e' }, { 0x1d0a, 'j' }, { 0x1d0b, 'k' }, { 0x1d0d, 'm' }, { 0x1d18, 'p' },
        { 0x1d1b, 't' }, { 0x1d1c, 'u' }, { 0xa730, 'f' }, { 0xa731, 's' },
    };

    for (size_t i = 0; i < sizeof DRAWN / sizeof *DRAWN; i++)
        if (DRAWN[i].point == point)
            return (unsigned char)DRAWN[i].letter;
    return point;
}

static void add_plain(struct key *k, uint32_t point)
{
    point = plain_letter(fold_letter(uc_tolower(point)));
    if (k->count + 2 > KEY_MAX)
        return;
    if (point == 'm') /* the standard's spelling of the look of "rn" */
        k->points[k->count++] = 'r';
    k->points[k->count++] = point == 'm' ? 'n' : point;
}

static void add_point(struct key *k, uint32_t point)
{
    const char *text = is_counted(point) ? skeleton_of(point) : NULL;

    if (!text) {
        if (is_counted(point))
            add_plain(k, point);
        return;
    }
    while ((point = str_next_codepoint(&text)))
        if (is_counted(point))
            add_plain(k, point);
}

static bool is_letter(uint32_t point)
{
    return uc_is_general_category_withtable(point, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N);
}

/* A sign in place of a letter: a letter follows it; '@' and '$' also at the end of a word, where the others are just signs. */
static uint32_t letter_for_sign(const uint32_t *points, size_t len, size_t i)
{
    static const char SIGNS[] = "@a$s!l|l";

    for (const char *s = SIGNS; *s; s += 2)
        if (points[i] == (unsigned char)*s)
            return (i + 1 < len && is_letter(points[i + 1])) || (s < SIGNS + 4 && i > 0 && is_letter(points[i - 1]))
                       ? (unsigned char)s[1]
                       : points[i];
    return points[i];
}

/* Upper-case and lower-case letters have different look-alikes ("Р" is taken for "P", "р" for "p", but "Н" for "H" and "н" for
 * none), so a name has two keys: of itself, and of its lower case. */
static void make_key(const char *name, bool lower, struct key *k)
{
    uint32_t points[KEY_MAX], folded[KEY_MAX];
    size_t count = 0, len = KEY_MAX;
    uint32_t point, *out;

    k->count = 0;
    while (count < KEY_MAX && (point = str_next_codepoint(&name)))
        points[count++] = point;
    out = lower ? u32_casefold(points, count, NULL, UNINORM_NFKD, folded, &len)
                : u32_normalize(UNINORM_NFKD, points, count, folded, &len);
    for (size_t i = 0; out && i < len; i++)
        add_point(k, letter_for_sign(out, len, i));
    if (out != folded)
        free(out);
}

static bool same_key(const char *a, const char *b, bool lower)
{
    struct key x, y;

    make_key(a, lower, &x);
    make_key(b, lower, &y);
    return x.count > 0 && x.count == y.count && memcmp(x.points, y.points, (size_t)x.count * sizeof *x.points) == 0;
}

bool lookalike_names(const char *a, const char *b)
{
    return strcmp(a, b) == 0 || same_key(a, b, false) || same_key(a, b, true);
}
