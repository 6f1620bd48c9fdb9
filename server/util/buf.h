/* buf.h - a growing run of bytes with a fixed largest size. One owner, no thread of its own.
 * The bytes are always followed by a NUL that `len` does not count, so text can be printed as is. */
#ifndef UTIL_BUF_H
#define UTIL_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include "util/err.h"

/* `struct buf b = { .max = LIMIT };` is a ready, empty buffer. */
struct buf {
    char *data;    /* NULL until something is added; then NUL-terminated */
    size_t len;    /* bytes used */
    size_t cap;    /* bytes allocated, NUL included */
    size_t max;    /* len never exceeds this */
    bool overflow; /* an addition did not fit; later additions are refused too */
};

/* Each adds all or nothing; false (and .overflow) when it would exceed max. Callers may check once at the end. */
bool buf_add(struct buf *buf, const void *bytes, size_t len);
bool buf_add_text(struct buf *buf, const char *text);
bool buf_printf(struct buf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Makes room for `len` more bytes and returns where to write them, NULL when they exceed max; then buf_advance(). */
char *buf_reserve(struct buf *buf, size_t len);
void buf_advance(struct buf *buf, size_t len);
void buf_consume(struct buf *buf, size_t len); /* drops bytes from the front */
const char *buf_text(const struct buf *buf);   /* "" while empty */
void buf_reset(struct buf *buf);               /* empty, memory kept, overflow forgotten */
void buf_clear(struct buf *buf);               /* frees; ready for use again with the same max */
void buf_wipe(struct buf *buf);                /* overwrites, then frees: for secrets */

#endif
