#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_die(void *p, size_t size)
{
    if (p)
        return p;
    fprintf(stderr, "parlour: out of memory (%zu bytes)\n", size);
    abort();
}

void *mem_new(size_t size)
{
    return or_die(calloc(1, size ? size : 1), size);
}

void *mem_new_array(size_t count, size_t size)
{
    return or_die(calloc(count ? count : 1, size ? size : 1), size);
}

void *mem_resize(void *p, size_t size)
{
    return or_die(realloc(p, size ? size : 1), size);
}

char *mem_copy_text(const char *text)
{
    return mem_copy(text, strlen(text) + 1);
}

void *mem_copy(const void *bytes, size_t size)
{
    void *p = mem_new(size);

    if (size > 0)
        memcpy(p, bytes, size);
    return p;
}

void mem_free(void *p)
{
    free(p);
}

void mem_wipe(void *p, size_t size)
{
    if (p)
        explicit_bzero(p, size);
}
