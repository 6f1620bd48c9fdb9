#include "domain/name_claim.h"

#include <string.h>
#include <unictype.h>

#include "domain/lookalike.h"
#include "util/str.h"

#define WORDS_MAX 64

/* The names of roles on the pages in every language (role.* and chat.host in web/lang; a test compares them), and in
 * other programs for calls. */
static const char *const ROLES[] = {
    "host",  "co-host", "front desk", "reception", "receptionist", "administrator", "admin",   "moderator", "practice",
    "staff", "مضيف",    "المضيف",     "الاستقبال", "استقبال",      "مدير النظام",   "العيادة", NULL,
};
static const char *const TITLES[] = {
    "dr",  "doctor", "prof",  "professor", "mr",     "mrs",      "ms",  "miss",     "mx",
    "sir", "د",      "دكتور", "الدكتور",   "دكتورة", "الدكتورة", "أ.د", "بروفيسور", NULL,
};

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (lookalike_names(text, *words))
            return true;
    return false;
}

#define DRAWN "@$!" /* signs that may stand for a letter: "m0der@tor" */

static bool is_drawn(uint32_t point)
{
    return point < 0x80 && strchr(DRAWN, (int)point);
}

/* Hyphens and apostrophes: inside a word they belong to it. */
static bool is_inner(uint32_t point)
{
    return point == '-' || point == '\'' || point == 0x2018 || point == 0x2019;
}

/* A period does not set anything apart: "J. Host". */
static bool is_sign(uint32_t point)
{
    return point != '.' && uc_is_general_category_withtable(point, UC_CATEGORY_MASK_P | UC_CATEGORY_MASK_S);
}

/* Copies `name` with each part's end marked by '\n'. `drawn`: signs that may stand for a letter do. */
static void split_parts(const char *name, bool drawn, char parts[NAME_SIZE])
{
    const char *from = name, *next = name;
    char *to = parts;
    uint32_t point;

    for (; (point = str_next_codepoint(&next)); from = next) {
        bool at_edge = from == name || from[-1] == ' ' || next[0] == ' ' || next[0] == '\0';

        if (is_sign(point) && (at_edge || !is_inner(point)) && !(drawn && is_drawn(point))) {
            *to++ = '\n';
        } else {
            memcpy(to, from, (size_t)(next - from));
            to += next - from;
        }
    }
    *to = '\0';
}

static bool has_role(const char *name, bool drawn)
{
    char parts[NAME_SIZE], *rest = parts, *part;

    split_parts(name, drawn, parts);
    while ((part = strsep(&rest, "\n")))
        if (is_one_of(part, ROLES))
            return true;
    return false;
}

bool name_claims_role(const char *name)
{
    return has_role(name, true) || (strpbrk(name, DRAWN) && has_role(name, false));
}

/* A name's words without leading titles and without leading or trailing roles. */
struct bare {
    char words[NAME_SIZE]; /* joined by one space */
    int count;
    bool had_title, had_role;
};

static bool drop_title(const char *word, struct bare *b)
{
    if (!is_one_of(word, TITLES))
        return false;
    b->had_title = true;
    return true;
}

static bool drop_role(const char *word, struct bare *b)
{
    if (!is_one_of(word, ROLES))
        return false;
    b->had_role = true;
    return true;
}

static void make_bare(const char *name, struct bare *b)
{
    char text[NAME_SIZE], *rest = text, *word, *words[WORDS_MAX];
    int first = 0, end = 0;
    size_t len = 0;

    memset(b, 0, sizeof *b);
    split_parts(name, true, text);
    while ((word = strsep(&rest, " \n")))
        if (*word && end < WORDS_MAX)
            words[end++] = word;
    while (first < end && (drop_title(words[first], b) || drop_role(words[first], b)))
        first++;
    while (first < end && drop_role(words[end - 1], b))
        end--;
    for (b->count = end - first; first < end; first++) {
        size_t size = strlen(words[first]);

        if (len)
            b->words[len++] = ' ';
        memcpy(b->words + len, words[first], size);
        len += size;
    }
}

bool name_taken_for(const char *guest, const char *host)
{
    struct bare g, h;

    if (lookalike_names(guest, host))
        return true;
    make_bare(guest, &g);
    make_bare(host, &h);
    return g.count > 0 && (g.count > 1 || g.had_title || g.had_role) && lookalike_names(g.words, h.words);
}
