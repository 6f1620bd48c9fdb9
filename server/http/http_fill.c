#include "http/http_fill.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "domain/id.h"
#include "http/http_gzip.h"
#include "util/mem.h"
#include "util/str.h"

#define WORD_MAX (6 * NAME_SIZE) /* of a name in which every character is escaped */
#define LIST_MAX 128             /* of all languages */

enum { WORD_PRACTICE, WORD_PHONE, WORD_TEL, WORDS };

static const char *const MARKS[WORDS] = {
    [WORD_PRACTICE] = "{{practice}}", [WORD_PHONE] = "{{phone}}", [WORD_TEL] = "{{tel}}"
};

struct http_fill {
    pthread_rwlock_t lock; /* for the members below, and for changes of the generation */
    char words[WORDS][WORD_MAX];
    char languages[LIST_MAX];
    int64_t revision;
    _Atomic uint64_t generation;
};

struct http_fill *http_fill_new(void)
{
    struct http_fill *fill = mem_new(sizeof *fill);

    pthread_rwlock_init(&fill->lock, NULL);
    fill->revision = -1;
    return fill;
}

void http_fill_free(struct http_fill *fill)
{
    if (!fill)
        return;
    pthread_rwlock_destroy(&fill->lock);
    mem_free(fill);
}

/* For text and for attributes in double quotes. */
static void escape(const char *from, char to[WORD_MAX])
{
    struct buf out = { .max = WORD_MAX - 1 };

    for (; *from; from++) {
        const char *as = *from == '<'   ? "&lt;"
                         : *from == '>' ? "&gt;"
                         : *from == '&' ? "&amp;"
                         : *from == '"' ? "&quot;"
                                        : NULL;

        if (as)
            buf_add_text(&out, as);
        else
            buf_add(&out, from, 1);
    }
    str_copy(to, WORD_MAX, buf_text(&out));
    buf_clear(&out);
}

/* The characters that a tel: link may hold (RFC 3966). */
static void keep_digits(const char *from, char to[WORD_MAX])
{
    for (; *from; from++)
        if (strchr("+0123456789", *from))
            *to++ = *from;
    *to = '\0';
}

void http_fill_set(struct http_fill *fill, int64_t revision, const struct http_words *words)
{
    if (!fill)
        return;
    pthread_rwlock_wrlock(&fill->lock);
    if (revision > fill->revision) {
        fill->revision = revision;
        escape(words->practice, fill->words[WORD_PRACTICE]);
        escape(words->phone, fill->words[WORD_PHONE]);
        keep_digits(words->phone, fill->words[WORD_TEL]);
        str_copy(fill->languages, sizeof fill->languages, words->languages);
        atomic_fetch_add(&fill->generation, 1);
    }
    pthread_rwlock_unlock(&fill->lock);
}

void http_fill_language(struct http_fill *fill, const struct http_head *head, char to[HTTP_LANGUAGE_SIZE])
{
    if (fill)
        pthread_rwlock_rdlock(&fill->lock);
    http_language_pick(head, fill ? fill->languages : "", to);
    if (fill)
        pthread_rwlock_unlock(&fill->lock);
}

uint64_t http_fill_generation(struct http_fill *fill)
{
    return atomic_load(&fill->generation);
}

bool http_fill_wanted(const struct asset_body *page)
{
    for (int w = 0; w < WORDS; w++)
        if (memmem(page->bytes, page->len, MARKS[w], strlen(MARKS[w])))
            return true;
    return false;
}

/* The mark that begins here; WORDS: none. */
static int mark_at(const unsigned char *at, size_t left)
{
    int w = 0;

    while (w < WORDS && (left < strlen(MARKS[w]) || memcmp(at, MARKS[w], strlen(MARKS[w])) != 0))
        w++;
    return w;
}

static bool fill_plain(const struct http_fill *fill, const struct asset_body *page, struct buf *out)
{
    const unsigned char *from = page->bytes, *end = from + page->len, *brace;
    bool fits = true;

    while (fits && (brace = memmem(from, (size_t)(end - from), "{{", 2))) {
        int word = mark_at(brace, (size_t)(end - brace));
        size_t skipped = word < WORDS ? strlen(MARKS[word]) : 2;

        fits = buf_add(out, from, (size_t)(brace - from)) &&
               (word < WORDS ? buf_add_text(out, fill->words[word]) : buf_add(out, "{{", 2));
        from = brace + skipped;
    }
    return fits && buf_add(out, from, (size_t)(end - from));
}

bool http_fill_page(struct http_fill *fill, const struct asset_body *page, struct http_filled *out)
{
    bool fits;

    buf_reset(&out->plain);
    buf_reset(&out->gzip);
    pthread_rwlock_rdlock(&fill->lock);
    out->generation = atomic_load(&fill->generation);
    fits = fill_plain(fill, page, &out->plain);
    pthread_rwlock_unlock(&fill->lock);
    return fits && http_gzip(&out->plain, &out->gzip);
}
