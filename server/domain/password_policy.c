/* password_policy.c - the second half of password.h: would a guesser try this password early? */
#include "domain/password.h"

#include <stdint.h>
#include <string.h>

#include "domain/fold.h"
#include "util/mem.h"
#include "util/str.h"

#define EFFORT_MIN 11 /* characters that must be guessed: one word, however long, is not enough */
#define WORD_EFFORT 2 /* a common word costs a guesser about as much as two characters */
#define PATTERN_EFFORT 1
#define WORD_MIN 3 /* shorter pieces are not looked up */

/* Longer than two letters, lower case; digits and signs that stand for letters are read as letters. */
static const char WORDS[] =
    "password passwort passwd passphrase secret welcome login logon signin letmein changeme default access admin "
    "administrator root user guest test demo temp sample iloveyou loveyou love baby angel princess sunshine monkey "
    "dragon master shadow superman batman spiderman starwars pokemon football baseball basketball soccer hockey "
    "tennis michael jordan jennifer jessica daniel thomas andrew robert charlie george matthew anthony william "
    "summer winter spring autumn january february march april may june july august september october november "
    "december monday tuesday wednesday thursday friday saturday sunday hello goodbye please thank you freedom "
    "whatever forever always never trust nothing something computer internet server system network windows "
    "linux apple google facebook amazon youtube android phone mobile doctor nurse patient clinic hospital medical "
    "medicine health care therapy therapist practice surgery dental dentist video visit call meeting parlour room "
    "waiting school teacher student tutor lesson lawyer office company family mother father sister brother friend "
    "cheese coffee banana orange purple yellow silver golden green black white blue red diamond thunder ginger "
    "pepper cookie chocolate butter flower garden happy lucky killer hunter ranger tigger buster mustang ferrari "
    "porsche mercedes london paris berlin america england germany france jesus christ heaven god good bad big "
    "little man boy girl the and for with this that year new old one two three four five six seven eight nine "
    "zero abc qwe asd zxc pass word my your our";

static const char *const KEY_ROWS[] = { "qwertyuiop",
                                        "asdfghjkl",
                                        "zxcvbnm",
                                        "qwertzuiop",
                                        "yxcvbnm",
                                        "azertyuiop",
                                        "qsdfghjklm",
                                        "wxcvbn",
                                        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
                                        "1q2w3e4r5t6y7u8i9o0p",
                                        "q1w2e3r4t5y6u7i8o9p0",
                                        "1029384756" };

/* The password as code points: as typed but folded, and with "4" read as "a" and so on. */
struct letters {
    uint32_t plain[PASSWORD_MAX];
    uint32_t read[PASSWORD_MAX];
    size_t count;
};

static uint32_t read_as_letter(uint32_t point)
{
    static const char SIGNS[] = "0o1i3e4a5s7t@a$s!i8b|l+t";

    for (const char *p = SIGNS; *p; p += 2)
        if ((uint32_t)*p == point)
            return (uint32_t)p[1];
    return point;
}

static void spell(struct letters *l, const char *text)
{
    uint32_t point;

    for (l->count = 0; l->count < PASSWORD_MAX && (point = str_next_codepoint(&text)); l->count++) {
        l->plain[l->count] = fold_letter(point);
        l->read[l->count] = read_as_letter(l->plain[l->count]);
    }
}

/* Length of the run from `at` in which each character is its predecessor plus `step`. */
static size_t run_length(const struct letters *l, size_t at, uint32_t step)
{
    size_t n = 1;

    while (at + n < l->count && l->plain[at + n] == l->plain[at + n - 1] + step)
        n++;
    return n;
}

/* How far the letters from `at` follow `text` (given by its bytes, ASCII) from `from`, in direction `step`. */
static size_t follows(const struct letters *l, size_t at, const char *text, size_t len, size_t from, int step)
{
    size_t n = 0, i = from;

    while (at + n < l->count && i < len && l->plain[at + n] == (unsigned char)text[i]) {
        n++;
        i = step > 0 ? i + 1 : i - 1; /* below 0 wraps and ends the loop */
    }
    return n;
}

static size_t row_length(const struct letters *l, size_t at)
{
    size_t best = 0;

    for (size_t r = 0; r < sizeof KEY_ROWS / sizeof KEY_ROWS[0]; r++) {
        size_t len = strlen(KEY_ROWS[r]);

        for (size_t i = 0; i < len; i++) {
            size_t forth = follows(l, at, KEY_ROWS[r], len, i, 1);
            size_t back = follows(l, at, KEY_ROWS[r], len, i, -1);

            best = forth > best ? forth : best;
            best = back > best ? back : best;
        }
    }
    return best;
}

/* The longest stretch from `at` that already occurred before. */
static size_t repeat_length(const struct letters *l, size_t at)
{
    size_t best = 0;

    for (size_t before = 0; before < at; before++) {
        size_t n = 0;

        while (at + n < l->count && l->plain[before + n] == l->plain[at + n])
            n++;
        best = n > best ? n : best;
    }
    return best;
}

static size_t year_length(const struct letters *l, size_t at)
{
    const uint32_t *p = l->plain + at;

    if (at + 4 > l->count || !((p[0] == '1' && p[1] == '9') || (p[0] == '2' && p[1] == '0')))
        return 0;
    return p[2] >= '0' && p[2] <= '9' && p[3] >= '0' && p[3] <= '9' ? 4 : 0;
}

static bool word_letter(uint32_t point)
{
    return (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9') || point >= 0x80;
}

/* The longest word of `text` (split at everything except letters and digits) that begins at `at`. */
static size_t word_length(const struct letters *l, size_t at, const char *text)
{
    size_t best = 0, n = 0;
    bool same = true;
    uint32_t point;

    do {
        point = fold_letter(str_next_codepoint(&text));
        if (word_letter(point)) {
            same = same && at + n < l->count && (l->plain[at + n] == point || l->read[at + n] == point);
            n++;
            continue;
        }
        if (same && n >= WORD_MIN && n > best)
            best = n;
        n = 0;
        same = true;
    } while (point);
    return best;
}

/* The longest piece at `at` that a guesser has ready; 1 when there is none. */
static size_t piece(const struct letters *l, size_t at, const char *known, int *effort)
{
    size_t patterns[] = { run_length(l, at, 0),     run_length(l, at, 1), run_length(l, at, (uint32_t)-1),
                          row_length(l, at),        repeat_length(l, at), year_length(l, at),
                          word_length(l, at, known) };
    size_t word = word_length(l, at, WORDS), best = 2;

    *effort = PATTERN_EFFORT;
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
        best = patterns[i] > best ? patterns[i] : best;
    if (word > best) {
        *effort = WORD_EFFORT;
        return word;
    }
    return best > 2 ? best : 1;
}

static int effort_of(const struct letters *l, const char *known)
{
    int total = 0, effort;

    for (size_t at = 0; at < l->count; total += effort)
        at += piece(l, at, known, &effort);
    return total;
}

enum err_code password_check_policy(const char *password, const char *known, struct err *e)
{
    struct letters letters;
    size_t bytes = strlen(password), characters;
    int effort;

    if (bytes > PASSWORD_MAX_BYTES || !str_is_utf8(password, bytes))
        return err_field(e, "password", "a password has at most %d characters", PASSWORD_MAX);
    characters = str_codepoints(password);
    if (characters < PASSWORD_MIN)
        return err_field(e, "password", "a password has at least %d characters; a sentence is easy to remember",
                         PASSWORD_MIN);
    if (characters > PASSWORD_MAX)
        return err_field(e, "password", "a password has at most %d characters", PASSWORD_MAX);
    spell(&letters, password);
    effort = effort_of(&letters, known);
    mem_wipe(&letters, sizeof letters);
    if (effort < EFFORT_MIN)
        return err_field(
            e, "password",
            "this password is too easy to guess: avoid repetitions, sequences, names and well known words");
    return ERR_OK;
}
