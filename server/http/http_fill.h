/* http_fill.h - what the pages say from their first byte on: whose they are. web/build.mjs leaves marks such as {{practice}} in
 * them; here they are exchanged for the words of now, in the plain form and in the gzip form alike.
 * The gzip form needs no compressor: each mark stands in it as a stored block of its own (RFC 1951 §3.2.4), between pieces
 * that were packed without looking past it, so that the block is exchanged and the checksum made anew. */
#ifndef HTTP_HTTP_FILL_H
#define HTTP_HTTP_FILL_H

#include <stdbool.h>
#include <stdint.h>
#include "http/http_assets.h"
#include "util/buf.h"

struct http_fill;

struct http_fill *http_fill_new(void);
void http_fill_free(struct http_fill *f); /* NULL is fine */
/* The practice's name and telephone ("" for none), copied. `revision` rises with each change of them: an older one than what
 * is known is left. Any thread; f may be NULL (nothing happens). */
void http_fill_set(struct http_fill *f, int64_t revision, const char *practice, const char *phone);
/* Another number after each http_fill_set() that changed something. Any thread. */
uint64_t http_fill_generation(struct http_fill *f);

/* A page with the words of one moment. Its owner clears the buffers, whose `max` it has set. */
struct http_filled {
    struct buf plain, gzip;
    uint64_t generation; /* of the words */
};

/* Has the page marks? */
bool http_fill_wanted(const struct asset_body *plain);
/* Fills both forms of a page with the words of now, escaped; a page without a gzip form gets none. False: one of the buffers
 * was too small. Any thread. */
bool http_fill_page(struct http_fill *f, const struct asset_body *plain, const struct asset_body *gzip,
                    struct http_filled *out);

#endif
