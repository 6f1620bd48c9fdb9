#include "ws/payload.h"

#include <string.h>

#include "util/mem.h"
#include "util/str.h"

struct payload *payload_new(const char *type, size_t len)
{
    struct payload *p = mem_resize(NULL, sizeof *p + len); /* not zeroed: the body is written next */

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
    char *at = stpcpy(stpcpy(to, "{\"type\":\""), p->type);

    if (seq > 0)
        at = str_put_u64(stpcpy(at, "\",\"seq\":"), (uint64_t)seq);
    else
        *at++ = '"';
    *at++ = ',';
    memcpy(at, p->body, p->len);
    return (size_t)(at - to) + p->len;
}
