#include "http/http_fill.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "domain/id.h"
#include "util/mem.h"
#include "util/str.h"

#define WORD_MAX (6 * NAME_SIZE) /* of a name in which each character was escaped */
#define BLOCK_HEAD 5             /* of a stored block: its type, its length, and that turned over */
#define GZIP_TAIL 8              /* checksum and length of the plain form */

enum { WORD_PRACTICE, WORD_PHONE, WORD_TEL, WORDS };

static const char *const MARKS[WORDS] = {
    [WORD_PRACTICE] = "{{practice}}", [WORD_PHONE] = "{{phone}}", [WORD_TEL] = "{{tel}}"
};

struct http_fill {
    pthread_rwlock_t lock; /* over `words` and `revision` */
    char words[WORDS][WORD_MAX];
    int64_t revision;
    _Atomic uint64_t generation;
};

struct http_fill *http_fill_new(void)
{
    struct http_fill *f = mem_new(sizeof *f);

    pthread_rwlock_init(&f->lock, NULL);
    f->revision = -1;
    return f;
}

void http_fill_free(struct http_fill *f)
{
    if (!f)
        return;
    pthread_rwlock_destroy(&f->lock);
    mem_free(f);
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

/* What a tel: link may hold (RFC 3966). */
static void keep_digits(const char *from, char to[WORD_MAX])
{
    for (; *from; from++)
        if (strchr("+0123456789", *from))
            *to++ = *from;
    *to = '\0';
}

void http_fill_set(struct http_fill *f, int64_t revision, const char *practice, const char *phone)
{
    if (!f)
        return;
    pthread_rwlock_wrlock(&f->lock);
    if (revision > f->revision) {
        f->revision = revision;
        escape(practice, f->words[WORD_PRACTICE]);
        escape(phone, f->words[WORD_PHONE]);
        keep_digits(phone, f->words[WORD_TEL]);
        atomic_fetch_add(&f->generation, 1);
    }
    pthread_rwlock_unlock(&f->lock);
}

uint64_t http_fill_generation(struct http_fill *f)
{
    return atomic_load(&f->generation);
}

bool http_fill_wanted(const struct asset_body *plain)
{
    for (int w = 0; w < WORDS; w++)
        if (memmem(plain->bytes, plain->len, MARKS[w], strlen(MARKS[w])))
            return true;
    return false;
}

/* Which mark begins here; WORDS: none. */
static int mark_at(const unsigned char *at, size_t left)
{
    int w = 0;

    while (w < WORDS && (left < strlen(MARKS[w]) || memcmp(at, MARKS[w], strlen(MARKS[w])) != 0))
        w++;
    return w;
}

static bool fill_plain(const struct http_fill *f, const struct asset_body *page, struct buf *out)
{
    const unsigned char *from = page->bytes, *end = from + page->len, *brace;
    bool fits = true;

    while (fits && (brace = memmem(from, (size_t)(end - from), "{{", 2))) {
        int word = mark_at(brace, (size_t)(end - brace));
        size_t skipped = word < WORDS ? strlen(MARKS[word]) : 2;

        fits = buf_add(out, from, (size_t)(brace - from)) &&
               (word < WORDS ? buf_add_text(out, f->words[word]) : buf_add(out, "{{", 2));
        from = brace + skipped;
    }
    return fits && buf_add(out, from, (size_t)(end - from));
}

/* The head of a stored block that is not the last. */
static void block_head(size_t len, unsigned char head[BLOCK_HEAD])
{
    head[0] = 0;
    head[1] = (unsigned char)(len & 0xff);
    head[2] = (unsigned char)(len >> 8);
    head[3] = (unsigned char)~head[1];
    head[4] = (unsigned char)~head[2];
}

/* CRC-32 of RFC 1952 §8, bit by bit: a page is some kilobytes, and changes when the practice's name does. */
static uint32_t checksum(const char *bytes, size_t len)
{
    uint32_t sum = 0xffffffff;

    for (size_t i = 0; i < len; i++) {
        sum ^= (unsigned char)bytes[i];
        for (int bit = 0; bit < 8; bit++)
            sum = (sum >> 1) ^ (0xedb88320 & (0 - (sum & 1)));
    }
    return ~sum;
}

static bool add_u32(struct buf *out, uint32_t n)
{
    const unsigned char bytes[] = { (unsigned char)n, (unsigned char)(n >> 8), (unsigned char)(n >> 16),
                                    (unsigned char)(n >> 24) };

    return buf_add(out, bytes, sizeof bytes);
}

/* The next stored block that holds a mark and nothing else; NULL: none is left. */
static const unsigned char *next_block(const unsigned char *from, const unsigned char *end, int *word)
{
    const unsigned char *brace, *look = from;

    while ((brace = memmem(look, (size_t)(end - look), "{{", 2))) {
        unsigned char head[BLOCK_HEAD];

        *word = mark_at(brace, (size_t)(end - brace));
        if (*word < WORDS && brace - from >= BLOCK_HEAD) {
            block_head(strlen(MARKS[*word]), head);
            if (memcmp(brace - BLOCK_HEAD, head, BLOCK_HEAD) == 0)
                return brace - BLOCK_HEAD;
        }
        look = brace + 2;
    }
    return NULL;
}

static bool fill_gzip(const struct http_fill *f, const struct asset_body *page, const struct buf *plain,
                      struct buf *out)
{
    const unsigned char *from = page->bytes, *end = from + page->len - GZIP_TAIL, *block;
    bool fits = page->len > GZIP_TAIL;
    int word;

    while (fits && (block = next_block(from, end, &word))) {
        unsigned char head[BLOCK_HEAD];

        block_head(strlen(f->words[word]), head);
        fits = buf_add(out, from, (size_t)(block - from)) && buf_add(out, head, BLOCK_HEAD) &&
               buf_add_text(out, f->words[word]);
        from = block + BLOCK_HEAD + strlen(MARKS[word]);
    }
    return fits && buf_add(out, from, (size_t)(end - from)) && add_u32(out, checksum(plain->data, plain->len)) &&
           add_u32(out, (uint32_t)plain->len);
}

bool http_fill_page(struct http_fill *f, const struct asset_body *plain, const struct asset_body *gzip,
                    struct http_filled *out)
{
    bool fits;

    buf_reset(&out->plain);
    buf_reset(&out->gzip);
    pthread_rwlock_rdlock(&f->lock);
    out->generation = atomic_load(&f->generation);
    fits = fill_plain(f, plain, &out->plain) && (!gzip->bytes || fill_gzip(f, gzip, &out->plain, &out->gzip));
    pthread_rwlock_unlock(&f->lock);
    return fits;
}
