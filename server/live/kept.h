/* kept.h - what was written to a seat and by it, kept as long as the seat, so that neither a reload nor a restart of the other's
 * page loses a word. Memory only, nothing while nobody writes, bounded in lines and bytes. What the seat has not been sent yet is
 * never given up for something newer. On its shard's thread. */
#ifndef LIVE_KEPT_H
#define LIVE_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "ws/payload.h"

#define KEPT_LINES_MAX 200
#define KEPT_BYTES_MAX (64 * 1024)

struct kept_line {
    struct payload *said; /* a reference */
    int64_t seq;          /* the number under which the seat gets it; 0: its own */
    int64_t at_ms;        /* an own one: when it was written; wall clock */
    bool own;             /* the seat wrote it */
    bool waiting;         /* between one who waits and the hosts and the front desk */
    bool heard;           /* an own one: somebody was connected who heard it */
};

/* Zeroed: nothing was written. */
struct kept {
    struct kept_line *lines; /* the oldest first; NULL while there is none */
    uint16_t count, cap;
    size_t bytes;
};

/* Takes over the reference of `line` only when it says true. Makes room by dropping the oldest whose number is at most `sent_seq`;
 * false: there is none, and nothing was done. `max_bytes`: at most KEPT_BYTES_MAX. */
bool kept_add(struct kept *k, const struct kept_line *line, int64_t sent_seq, size_t max_bytes);
void kept_clear(struct kept *k);

#endif
