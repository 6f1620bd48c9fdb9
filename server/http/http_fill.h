/* http_fill.h - what the pages say from their first byte on: the practice's name, and the language. web/build.mjs leaves marks
 * such as {{practice}} in them; here they are replaced by the current words, and the page is packed once. */
#ifndef HTTP_HTTP_FILL_H
#define HTTP_HTTP_FILL_H

#include <stdbool.h>
#include <stdint.h>
#include "http/http_assets.h"
#include "http/http_language.h"
#include "util/buf.h"

struct http_fill;

/* What is known about the practice. */
struct http_words {
    const char *practice;
    const char *phone;     /* "": none */
    const char *languages; /* that it offers, "en,ar": the first is for people who ask for none of them */
};

struct http_fill *http_fill_new(void);
void http_fill_free(struct http_fill *fill); /* NULL is fine */
/* The words are copied. `revision` rises with each change of them: an older one than the known one is ignored. Any thread; f
 * may be NULL (nothing happens). */
void http_fill_set(struct http_fill *fill, int64_t revision, const struct http_words *words);
/* A different number after each http_fill_set() that changed something. Any thread. */
uint64_t http_fill_generation(struct http_fill *fill);
/* The language of the pages for a request with `head` (http_language_pick()). Any thread; f may be NULL. */
void http_fill_language(struct http_fill *fill, const struct http_head *head, char to[HTTP_LANGUAGE_SIZE]);

/* A page with the words of one moment. Its owner sets `max` of the buffers and clears them. */
struct http_filled {
    struct buf plain, gzip;
    uint64_t generation; /* of the words */
};

/* Does the page have marks? */
bool http_fill_wanted(const struct asset_body *page);
/* Fills the page with the current words, escaped, and packs it. False: a buffer was too small, or memory was short; then
 * no part of it may be used. A millisecond for a page of 20 KB. Any thread. */
bool http_fill_page(struct http_fill *fill, const struct asset_body *page, struct http_filled *out);

#endif
