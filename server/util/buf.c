#include "util/buf.h"

#include <stdio.h>
#include <string.h>

#include "util/mem.h"

char *buf_reserve(struct buf *b, size_t len)
{
    size_t need, cap;

    if (b->overflow || len > b->max || b->len > b->max - len) {
        b->overflow = true;
        return NULL;
    }
    need = b->len + len + 1;
    if (need > b->cap) {
        cap = b->cap ? b->cap : 64;
        while (cap < need)
            cap *= 2;
        if (cap > b->max + 1)
            cap = b->max + 1;
        b->data = mem_resize(b->data, cap);
        b->cap = cap;
    }
    return b->data + b->len;
}

void buf_advance(struct buf *b, size_t len)
{
    b->len += len;
    b->data[b->len] = '\0';
}

bool buf_add(struct buf *b, const void *bytes, size_t len)
{
    char *to = buf_reserve(b, len);

    if (!to)
        return false;
    if (len > 0)
        memcpy(to, bytes, len);
    buf_advance(b, len);
    return true;
}

bool buf_add_text(struct buf *b, const char *text)
{
    return buf_add(b, text, strlen(text));
}

bool buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    char *to = NULL;
    int len;

    va_start(ap, fmt);
    va_copy(again, ap);
    len = vsnprintf(NULL, 0, fmt, ap);
    if (len >= 0)
        to = buf_reserve(b, (size_t)len);
    if (to) {
        vsnprintf(to, (size_t)len + 1, fmt, again);
        buf_advance(b, (size_t)len);
    }
    va_end(again);
    va_end(ap);
    return to != NULL;
}

void buf_consume(struct buf *b, size_t len)
{
    if (len == 0)
        return;
    if (len >= b->len) {
        b->len = 0;
    } else {
        memmove(b->data, b->data + len, b->len - len);
        b->len -= len;
    }
    if (b->data)
        b->data[b->len] = '\0';
}

const char *buf_text(const struct buf *b)
{
    return b->data ? b->data : "";
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->overflow = false;
    if (b->data)
        b->data[0] = '\0';
}

void buf_clear(struct buf *b)
{
    mem_free(b->data);
    *b = (struct buf){ .max = b->max };
}

void buf_wipe(struct buf *b)
{
    mem_wipe(b->data, b->cap);
    buf_clear(b);
}
