/* arena.h - memory that lives as long as one request and is freed with it in one call. One thread at a time. */
#ifndef UTIL_ARENA_H
#define UTIL_ARENA_H

#include <stddef.h>
#include "util/err.h"

struct arena_block;
/* `struct arena a = { 0 };` is ready. */
struct arena {
    struct arena_block *blocks; /* newest first */
};

void *arena_new(struct arena *arena, size_t size); /* zeroed, aligned for anything; never NULL */
char *arena_text(struct arena *arena, const char *text);
char *arena_text_n(struct arena *arena, const char *text, size_t len); /* copies len bytes and a NUL */
char *arena_printf(struct arena *arena, const char *fmt, ...) PRINTF_LIKE(2, 3);
void arena_clear(struct arena *arena); /* frees everything; ready again */

#endif
