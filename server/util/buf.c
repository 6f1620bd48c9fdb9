#include "util/buf.h"

#include <stdio.h>
#include <string.h>

#include "util/mem.h"

char *buf_reserve(struct buf *buf, size_t len)
{
    size_t need, cap;

    if (buf->overflow || len > buf->max || buf->len > buf->max - len) {
        buf->overflow = true;
        return NULL;
    }
    need = buf->len + len + 1;
    if (need > buf->cap) {
        cap = buf->cap ? buf->cap : 64;
        while (cap < need)
            cap *= 2;
        if (cap > buf->max + 1)
            cap = buf->max + 1;
        buf->data = mem_resize(buf->data, cap);
        buf->cap = cap;
    }
    return buf->data + buf->len;
}

void buf_advance(struct buf *buf, size_t len)
{
    buf->len += len;
    buf->data[buf->len] = '\0';
}

bool buf_add(struct buf *buf, const void *bytes, size_t len)
{
    char *to = buf_reserve(buf, len);

    if (!to)
        return false;
    if (len > 0)
        memcpy(to, bytes, len);
    buf_advance(buf, len);
    return true;
}

bool buf_add_text(struct buf *buf, const char *text)
{
    return buf_add(buf, text, strlen(text));
}

bool buf_printf(struct buf *buf, const char *fmt, ...)
{
    va_list ap, again;
    char *to = NULL;
    int len;

    va_start(ap, fmt);
    va_copy(again, ap);
    len = vsnprintf(NULL, 0, fmt, ap);
    if (len >= 0)
        to = buf_reserve(buf, (size_t)len);
    if (to) {
        vsnprintf(to, (size_t)len + 1, fmt, again);
        buf_advance(buf, (size_t)len);
    }
    va_end(again);
    va_end(ap);
    return to != NULL;
}

void buf_consume(struct buf *buf, size_t len)
{
    if (len == 0)
        return;
    if (len >= buf->len) {
        buf->len = 0;
    } else {
        memmove(buf->data, buf->data + len, buf->len - len);
        buf->len -= len;
    }
    if (buf->data)
        buf->data[buf->len] = '\0';
}

const char *buf_text(const struct buf *buf)
{
    return buf->data ? buf->data : "";
}

void buf_reset(struct buf *buf)
{
    buf->len = 0;
    buf->overflow = false;
    if (buf->data)
        buf->data[0] = '\0';
}

void buf_clear(struct buf *buf)
{
    mem_free(buf->data);
    *buf = (struct buf){ .max = buf->max };
}

void buf_wipe(struct buf *buf)
{
    mem_wipe(buf->data, buf->cap);
    buf_clear(buf);
}
