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

void *arena_new(struct arena *a, size_t size)
{
    struct arena_block *b = a->blocks;
    size_t need = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    void *p;

    if (!b || b->size - b->used < need) {
        size_t block = need > BLOCK_SIZE ? need : BLOCK_SIZE;

        b = mem_new(sizeof *b + block);
        b->size = block;
        b->next = a->blocks;
        a->blocks = b;
    }
    p = b->bytes + b->used;
    b->used += need;
    return p;
}

char *arena_text_n(struct arena *a, const char *text, size_t len)
{
    char *copy = arena_new(a, len + 1);

    memcpy(copy, text, len);
    return copy;
}

char *arena_text(struct arena *a, const char *text)
{
    return arena_text_n(a, text, strlen(text));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    char *text;
    int len;

    va_start(ap, fmt);
    len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (len < 0)
        return arena_text(a, "");
    text = arena_new(a, (size_t)len + 1);
    va_start(ap, fmt);
    vsnprintf(text, (size_t)len + 1, fmt, ap);
    va_end(ap);
    return text;
}

void arena_clear(struct arena *a)
{
    while (a->blocks) {
        struct arena_block *b = a->blocks;

        a->blocks = b->next;
        mem_free(b);
    }
}
