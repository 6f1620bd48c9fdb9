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

/* Would `bytes` in `lines` lines leave no room for another of `len` bytes? Without any there is always room. */
static bool is_full(size_t lines, size_t bytes, size_t len, size_t max_bytes)
{
    return lines > 0 && (lines >= KEPT_LINES_MAX || bytes + len > max_bytes);
}

/* Only the lines that never give way count. */
static bool can_make_room(const struct kept *k, size_t len, int64_t sent_seq, size_t max_bytes)
{
    size_t lines = 0, bytes = 0;

    for (uint16_t i = 0; i < k->count; i++)
        if (k->lines[i].seq > sent_seq) {
            lines++;
            bytes += k->lines[i].said->len;
        }
    return !is_full(lines, bytes, len, max_bytes);
}

static void drop_oldest_sent(struct kept *k, int64_t sent_seq)
{
    uint16_t at = 0;

    while (k->lines[at].seq > sent_seq)
        at++;
    drop(k, at);
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
    size_t len = line->said->len;

    if (is_full(k->count, k->bytes, len, max_bytes) && !can_make_room(k, len, sent_seq, max_bytes))
        return false;
    while (is_full(k->count, k->bytes, len, max_bytes))
        drop_oldest_sent(k, sent_seq);
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
