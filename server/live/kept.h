/* kept.h - lines written to a seat and by it, kept as long as the seat, so that neither a reload nor a restart of the other
 * person's page loses a line. Memory only, none while nobody writes, bounded in lines and bytes. A line not yet sent to the seat
 * is never dropped for a newer one. On its shard's thread. */
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
    int64_t seq;          /* the number under which the seat gets it; 0: the seat wrote it */
    int64_t at_ms;        /* if the seat wrote it: when; wall clock */
    bool own;             /* the seat wrote it */
    bool waiting;         /* between a waiting person and the hosts and the front desk */
    bool heard;           /* if the seat wrote it: a connected person got it */
};

/* Zeroed: no lines. */
struct kept {
    struct kept_line *lines; /* the oldest first; NULL while there is none */
    uint16_t count, cap;
    size_t bytes;
};

/* Takes over the reference of `line` only when it returns true. Makes room by dropping the oldest whose number is at most
 * `sent_seq`; false: there is none, and nothing has changed. `max_bytes`: at most KEPT_BYTES_MAX. */
bool kept_add(struct kept *k, const struct kept_line *line, int64_t sent_seq, size_t max_bytes);
void kept_clear(struct kept *k);

#endif
