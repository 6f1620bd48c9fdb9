#include "domain/name_claim.h"

#include <string.h>

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

/* Signs that set a part of a name apart from the rest. */
static bool sets_apart(uint32_t point)
{
    static const uint32_t SIGNS[] = { '(',    ')',    '[',   ']',   '{',    '}',    '<',    '>',    '/',   '|',
                                      ',',    ':',    ';',   '=',   '*',    '~',    0xab,   0xbb,   0xb7,  0x2013,
                                      0x2014, 0x2022, 0x60c, 0x61b, 0x2022, 0xff08, 0xff09, 0x3010, 0x3011 };

    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++)
        if (SIGNS[i] == point)
            return true;
    return false;
}

/* Copies `name` with each part's end marked by '\n': at the signs above, and at a hyphen beside a space. */
static void split_parts(const char *name, char parts[NAME_SIZE])
{
    const char *from = name, *next = name;
    char *to = parts;
    uint32_t point;

    for (; (point = str_next_codepoint(&next)); from = next) {
        bool dash = point == '-' && (next[0] == ' ' || (from > name && from[-1] == ' '));

        if (dash || sets_apart(point)) {
            *to++ = '\n';
        } else {
            memcpy(to, from, (size_t)(next - from));
            to += next - from;
        }
    }
    *to = '\0';
}

bool name_claims_role(const char *name)
{
    char parts[NAME_SIZE], *rest = parts, *part;

    split_parts(name, parts);
    while ((part = strsep(&rest, "\n")))
        if (is_one_of(part, ROLES))
            return true;
    return false;
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
    split_parts(name, text);
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
