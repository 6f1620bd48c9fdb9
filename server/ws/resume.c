#include "ws/resume.h"

#include <string.h>

#include "util/mem.h"

static int64_t first_seq(const struct resume *resume)
{
    return resume->last_seq - resume->count + 1;
}

static struct payload *at_seq(const struct resume *resume, int64_t seq)
{
    return resume->slots[(resume->first + (size_t)(seq - first_seq(resume))) % resume->cap];
}

static void drop_first(struct resume *resume)
{
    struct payload *payload = resume->slots[resume->first];
    int64_t seq = first_seq(resume);

    resume->bytes -= payload->len;
    if (seq > resume->sent_seq) {
        resume->unsent_bytes -= payload->len;
        resume->sent_seq = seq;
    }
    resume->first = (uint16_t)((resume->first + 1) % resume->cap);
    resume->count--;
    payload_unref(payload);
}

static void grow(struct resume *resume)
{
    uint16_t cap = resume->cap ? (uint16_t)(resume->cap * 2) : 8;
    struct payload **slots = mem_new_array(cap, sizeof(struct payload *));

    for (uint16_t i = 0; i < resume->count; i++)
        slots[i] = resume->slots[(resume->first + i) % resume->cap];
    mem_free(resume->slots);
    resume->slots = slots;
    resume->cap = cap;
    resume->first = 0;
}

void resume_add(struct resume *resume, struct payload *payload)
{
    while (resume->count > 0 &&
           (resume->count >= RESUME_MESSAGES_MAX || resume->bytes + payload->len > RESUME_BYTES_MAX))
        drop_first(resume);
    if (resume->count == resume->cap)
        grow(resume);
    resume->slots[(resume->first + resume->count) % resume->cap] = payload;
    resume->count++;
    resume->last_seq++;
    resume->bytes += payload->len;
    resume->unsent_bytes += payload->len;
}

struct payload *resume_next(struct resume *resume, int64_t *seq)
{
    struct payload *payload;

    if (resume->sent_seq == resume->last_seq)
        return NULL;
    *seq = ++resume->sent_seq;
    payload = at_seq(resume, *seq);
    resume->unsent_bytes -= payload->len;
    return payload;
}

const struct payload *resume_peek(const struct resume *resume)
{
    return resume->sent_seq == resume->last_seq ? NULL : at_seq(resume, resume->sent_seq + 1);
}

uint32_t resume_unsent(const struct resume *resume)
{
    return (uint32_t)(resume->last_seq - resume->sent_seq);
}

/* Nothing waits to be written any more. */
static void skip(struct resume *resume)
{
    resume->sent_seq = resume->last_seq;
    resume->unsent_bytes = 0;
}

bool resume_rewind(struct resume *resume, int64_t seq)
{
    skip(resume);
    if (seq < first_seq(resume) - 1 || seq > resume->last_seq)
        return false;
    resume->sent_seq = seq;
    for (int64_t i = seq + 1; i <= resume->last_seq; i++)
        resume->unsent_bytes += at_seq(resume, i)->len;
    return true;
}

void resume_copy_unsent(struct resume *to, const struct resume *from)
{
    to->last_seq = to->sent_seq = from->sent_seq;
    for (int64_t seq = from->sent_seq + 1; seq <= from->last_seq; seq++)
        resume_add(to, payload_ref(at_seq(from, seq)));
}

static void free_if_empty(struct resume *resume)
{
    if (resume->count > 0)
        return;
    mem_free(resume->slots);
    resume->slots = NULL;
    resume->cap = resume->first = 0;
}

void resume_forget(struct resume *resume, size_t keep_bytes, size_t bytes)
{
    size_t was = resume->bytes;

    for (int n = 0; n < RESUME_FORGET_MOST || was - resume->bytes < bytes; n++) {
        if (resume->count == 0 || first_seq(resume) > resume->sent_seq ||
            resume->bytes - resume->unsent_bytes <= keep_bytes)
            break;
        drop_first(resume);
    }
    free_if_empty(resume);
}

void resume_clear(struct resume *resume)
{
    skip(resume);
    while (resume->count > 0)
        drop_first(resume);
    free_if_empty(resume);
}
