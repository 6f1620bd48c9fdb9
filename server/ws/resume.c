#include "ws/resume.h"

#include <string.h>

#include "util/mem.h"

static int64_t first_seq(const struct resume *r)
{
    return r->last_seq - r->count + 1;
}

static struct payload *at_seq(const struct resume *r, int64_t seq)
{
    return r->slots[(r->first + (size_t)(seq - first_seq(r))) % r->cap];
}

static void drop_first(struct resume *r)
{
    struct payload *p = r->slots[r->first];
    int64_t seq = first_seq(r);

    r->bytes -= p->len;
    if (seq > r->sent_seq) {
        r->unsent_bytes -= p->len;
        r->sent_seq = seq;
    }
    r->first = (uint16_t)((r->first + 1) % r->cap);
    r->count--;
    payload_unref(p);
}

static void grow(struct resume *r)
{
    uint16_t cap = r->cap ? (uint16_t)(r->cap * 2) : 8;
    struct payload **slots = mem_new_array(cap, sizeof(struct payload *));

    for (uint16_t i = 0; i < r->count; i++)
        slots[i] = r->slots[(r->first + i) % r->cap];
    mem_free(r->slots);
    r->slots = slots;
    r->cap = cap;
    r->first = 0;
}

void resume_add(struct resume *r, struct payload *p)
{
    while (r->count > 0 && (r->count >= RESUME_MESSAGES_MAX || r->bytes + p->len > RESUME_BYTES_MAX))
        drop_first(r);
    if (r->count == r->cap)
        grow(r);
    r->slots[(r->first + r->count) % r->cap] = p;
    r->count++;
    r->last_seq++;
    r->bytes += p->len;
    r->unsent_bytes += p->len;
}

struct payload *resume_next(struct resume *r, int64_t *seq)
{
    struct payload *p;

    if (r->sent_seq == r->last_seq)
        return NULL;
    *seq = ++r->sent_seq;
    p = at_seq(r, *seq);
    r->unsent_bytes -= p->len;
    return p;
}

const struct payload *resume_peek(const struct resume *r)
{
    return r->sent_seq == r->last_seq ? NULL : at_seq(r, r->sent_seq + 1);
}

uint32_t resume_unsent(const struct resume *r)
{
    return (uint32_t)(r->last_seq - r->sent_seq);
}

/* Nothing waits to be written any more. */
static void skip(struct resume *r)
{
    r->sent_seq = r->last_seq;
    r->unsent_bytes = 0;
}

bool resume_rewind(struct resume *r, int64_t seq)
{
    skip(r);
    if (seq < first_seq(r) - 1 || seq > r->last_seq)
        return false;
    r->sent_seq = seq;
    for (int64_t i = seq + 1; i <= r->last_seq; i++)
        r->unsent_bytes += at_seq(r, i)->len;
    return true;
}

void resume_copy_unsent(struct resume *to, const struct resume *from)
{
    to->last_seq = to->sent_seq = from->sent_seq;
    for (int64_t seq = from->sent_seq + 1; seq <= from->last_seq; seq++)
        resume_add(to, payload_ref(at_seq(from, seq)));
}

static void free_if_empty(struct resume *r)
{
    if (r->count > 0)
        return;
    mem_free(r->slots);
    r->slots = NULL;
    r->cap = r->first = 0;
}

void resume_forget(struct resume *r, size_t keep_bytes, size_t bytes)
{
    size_t was = r->bytes;

    for (int n = 0; n < RESUME_FORGET_MOST || was - r->bytes < bytes; n++) {
        if (r->count == 0 || first_seq(r) > r->sent_seq || r->bytes - r->unsent_bytes <= keep_bytes)
            break;
        drop_first(r);
    }
    free_if_empty(r);
}

void resume_clear(struct resume *r)
{
    skip(r);
    while (r->count > 0)
        drop_first(r);
    free_if_empty(r);
}
