#include "ws/payload.h"

#include <string.h>

#include "util/mem.h"
#include "util/str.h"

struct payload *payload_new(const char *type, size_t len)
{
    struct payload *payload = mem_resize(NULL, sizeof *payload + len); /* not zeroed: the body is written next */

    atomic_init(&payload->refs, 1);
    payload->len = (uint32_t)len;
    payload->type = type;
    return payload;
}

struct payload *payload_from(const char *type, const struct buf *body)
{
    struct payload *payload = payload_new(type, body->len);

    memcpy(payload->body, buf_text(body), body->len);
    return payload;
}

struct payload *payload_ref(struct payload *payload)
{
    atomic_fetch_add_explicit(&payload->refs, 1, memory_order_relaxed);
    return payload;
}

void payload_unref(struct payload *payload)
{
    if (payload && atomic_fetch_sub_explicit(&payload->refs, 1, memory_order_acq_rel) == 1)
        mem_free(payload);
}

size_t payload_frame(const struct payload *payload, int64_t seq, char *to)
{
    char *at = stpcpy(stpcpy(to, "{\"type\":\""), payload->type);

    if (seq > 0)
        at = str_put_u64(stpcpy(at, "\",\"seq\":"), (uint64_t)seq);
    else
        *at++ = '"';
    *at++ = ',';
    memcpy(at, payload->body, payload->len);
    return (size_t)(at - to) + payload->len;
}
