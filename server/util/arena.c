#include "util/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "util/mem.h"

#define BLOCK_SIZE 4000

struct arena_block {
    struct arena_block *next;
    size_t used; /* bytes of `bytes` handed out */
    size_t size; /* bytes in `bytes` */
    alignas(max_align_t) char bytes[];
};

void *arena_new(struct arena *arena, size_t size)
{
    struct arena_block *block = arena->blocks;
    size_t need = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    void *p;

    if (!block || block->size - block->used < need) {
        size_t bytes = need > BLOCK_SIZE ? need : BLOCK_SIZE;

        block = mem_new(sizeof *block + bytes);
        block->size = bytes;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    p = block->bytes + block->used;
    block->used += need;
    return p;
}

char *arena_text_n(struct arena *arena, const char *text, size_t len)
{
    char *copy = arena_new(arena, len + 1);

    memcpy(copy, text, len);
    return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
    return arena_text_n(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
    va_list ap;
    char *text;
    int len;

    va_start(ap, fmt);
    len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (len < 0)
        return arena_text(arena, "");
    text = arena_new(arena, (size_t)len + 1);
    va_start(ap, fmt);
    vsnprintf(text, (size_t)len + 1, fmt, ap);
    va_end(ap);
    return text;
}

void arena_clear(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *block = arena->blocks;

        arena->blocks = block->next;
        mem_free(block);
    }
}
