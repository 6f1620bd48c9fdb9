#include "signaling/payload.h"

#include <stdio.h>
#include <string.h>

#include "util/mem.h"

struct payload *payload_new(const char *type, size_t len)
{
    struct payload *p = mem_new(sizeof *p + len);

    atomic_init(&p->refs, 1);
    p->len = (uint32_t)len;
    p->type = type;
    return p;
}

struct payload *payload_from(const char *type, const struct buf *body)
{
    struct payload *p = payload_new(type, body->len);

    memcpy(p->body, buf_text(body), body->len);
    return p;
}

struct payload *payload_ref(struct payload *p)
{
    atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
    return p;
}

void payload_unref(struct payload *p)
{
    if (p && atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) == 1)
        mem_free(p);
}

size_t payload_frame(const struct payload *p, int64_t seq, char *to)
{
    int head = seq > 0 ? snprintf(to, PAYLOAD_HEAD_MAX, "{\"type\":\"%s\",\"seq\":%lld,", p->type, (long long)seq)
                       : snprintf(to, PAYLOAD_HEAD_MAX, "{\"type\":\"%s\",", p->type);

    memcpy(to + head, p->body, p->len);
    return (size_t)head + p->len;
}
