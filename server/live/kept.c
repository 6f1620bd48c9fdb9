#include "live/kept.h"

#include <string.h>

#include "util/mem.h"

static void drop(struct kept *k, uint16_t at)
{
    k->bytes -= k->lines[at].said->len;
    payload_unref(k->lines[at].said);
    k->count--;
    memmove(k->lines + at, k->lines + at + 1, (size_t)(k->count - at) * sizeof *k->lines);
}

static bool drop_oldest_sent(struct kept *k, int64_t sent_seq)
{
    for (uint16_t i = 0; i < k->count; i++)
        if (k->lines[i].seq <= sent_seq) {
            drop(k, i);
            return true;
        }
    return false;
}

static void grow(struct kept *k)
{
    uint16_t cap = k->cap ? (uint16_t)(k->cap * 2) : 8;
    struct kept_line *lines = mem_new_array(cap, sizeof *lines);

    if (k->count > 0)
        memcpy(lines, k->lines, k->count * sizeof *lines);
    mem_free(k->lines);
    k->lines = lines;
    k->cap = cap;
}

bool kept_add(struct kept *k, const struct kept_line *line, int64_t sent_seq, size_t max_bytes)
{
    while (k->count > 0 && (k->count >= KEPT_LINES_MAX || k->bytes + line->said->len > max_bytes))
        if (!drop_oldest_sent(k, sent_seq))
            return false;
    if (k->count == k->cap)
        grow(k);
    k->lines[k->count++] = *line;
    k->bytes += line->said->len;
    return true;
}

void kept_clear(struct kept *k)
{
    while (k->count > 0)
        drop(k, (uint16_t)(k->count - 1));
    mem_free(k->lines);
    *k = (struct kept){ 0 };
}
