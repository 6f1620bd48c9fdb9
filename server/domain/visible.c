#include "domain/visible.h"

#include <string.h>
#include <unictype.h>
#include <unistr.h>

#include "util/str.h"

#define JOINER_NON 0x200c
#define JOINER 0x200d
#define VIRAMA 9 /* the combining class of the mark that joins Indic consonants */

struct writer {
    char *to;
    size_t size, len;
    bool full;
    bool blank;      /* a space is due before the next character */
    uint32_t before; /* the last character written; 0: none, or a blank */
    int joining;     /* its joining type, past the marks on it */
    uint32_t joiner; /* a joiner that is kept if the next character joins; 0: none */
};

static bool is_variation(uint32_t point)
{
    return (point >= 0xfe00 && point <= 0xfe0f) || (point >= 0xe0100 && point <= 0xe01ef);
}

/* U+FFFC replaces a picture that was copied with the text. */
static bool is_unseen(uint32_t point)
{
    return uc_is_property_default_ignorable_code_point(point) || uc_is_property_bidi_control(point) ||
           point == 0xfffc || (point >= 0xfff9 && point <= 0xfffb);
}

/* U+2800 is the Braille pattern without a dot. */
static bool is_blank(uint32_t point)
{
    return uc_is_property_white_space(point) || point == 0x2800;
}

static void put(struct writer *w, uint32_t point)
{
    uint8_t bytes[6];
    int len = u8_uctomb(bytes, point, sizeof bytes);

    if (len < 0 || w->len + (size_t)len >= w->size) {
        w->full = true;
        return;
    }
    memcpy(w->to + w->len, bytes, (size_t)len);
    w->len += (size_t)len;
}

static bool is_emoji_part(uint32_t point)
{
    return is_variation(point) || uc_is_general_category(point, UC_OTHER_SYMBOL) ||
           uc_is_general_category(point, UC_MODIFIER_SYMBOL);
}

/* May a joiner follow the text written so far, as far as can be told before the next character? */
static bool joiner_may_follow(const struct writer *w, uint32_t joiner)
{
    if (w->before == 0 || w->blank)
        return false;
    return uc_combining_class(w->before) == VIRAMA || w->joining == UC_JOINING_TYPE_D ||
           w->joining == UC_JOINING_TYPE_L || (joiner == JOINER && is_emoji_part(w->before));
}

static bool joiner_fits(const struct writer *w, uint32_t next)
{
    int joins = uc_joining_type(next);

    if (uc_combining_class(w->before) == VIRAMA)
        return uc_is_general_category(next, UC_LETTER);
    if (is_emoji_part(w->before))
        return uc_is_general_category(next, UC_OTHER_SYMBOL);
    return joins == UC_JOINING_TYPE_D || joins == UC_JOINING_TYPE_R;
}

static void put_seen(struct writer *w, uint32_t point)
{
    int joins = uc_joining_type(point);

    if (w->blank && w->len > 0)
        put(w, ' ');
    if (w->joiner && !w->blank && joiner_fits(w, point))
        put(w, w->joiner);
    put(w, point);
    w->blank = false;
    w->joiner = 0;
    w->before = point;
    if (joins != UC_JOINING_TYPE_T)
        w->joining = joins;
}

static void take(struct writer *w, uint32_t point)
{
    if (is_blank(point)) {
        w->blank = true;
        w->before = 0;
    } else if (point == JOINER || point == JOINER_NON) {
        if (!w->joiner && joiner_may_follow(w, point))
            w->joiner = point;
    } else if (is_variation(point)) {
        if (w->before && !w->blank && !is_variation(w->before))
            put_seen(w, point);
    } else if (!is_unseen(point)) {
        put_seen(w, point);
    }
}

bool visible_text(const char *from, char *to, size_t size)
{
    struct writer w = { .to = to, .size = size, .joining = UC_JOINING_TYPE_U };
    uint32_t point;

    while ((point = str_next_codepoint(&from)))
        take(&w, point);
    to[w.full ? 0 : w.len] = '\0';
    return !w.full;
}
