/* resume.h - the numbered messages to one seat: those waiting to be written and, for a while, the written ones, in case the
 * connection breaks before the other side has read them. Memory only, none while idle, bounded in messages and bytes.
 * Numbers rise by one without gaps. On its shard's thread. */
#ifndef WS_RESUME_H
#define WS_RESUME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "ws/payload.h"

#define RESUME_MESSAGES_MAX 512
#define RESUME_FORGET_MOST 8
#define RESUME_BYTES_MAX (768 * 1024) /* more than may wait for one socket, so a slow reader is cut before a gap */

/* A zeroed ring is ready: the first number is 1. */
struct resume {
    struct payload **slots; /* circular; NULL while empty */
    uint16_t cap, first, count;
    int64_t last_seq;    /* of the newest ever added */
    int64_t sent_seq;    /* up to here written to the connection */
    size_t bytes;        /* of all kept */
    size_t unsent_bytes; /* of those not yet written */
};

/* Takes over the caller's reference. Drops the oldest when there are too many, written or not (so slow a reader is cut earlier). */
void resume_add(struct resume *resume, struct payload *payload);
/* The next one to write, with its number, or NULL; counts it as written. Borrowed until the ring changes. */
struct payload *resume_next(struct resume *resume, int64_t *seq);
const struct payload *resume_peek(const struct resume *resume); /* the same without counting it */
uint32_t resume_unsent(const struct resume *resume);
/* After a lost connection: messages after `seq` will be written again. False when they are not (or never were) all here;
 * then nothing waits to be written. */
bool resume_rewind(struct resume *resume, int64_t seq);
/* Fills an empty ring with the unwritten messages of `from`, under the same numbers. */
void resume_copy_unsent(struct resume *to, const struct resume *from);
/* Drops written messages except the newest `keep_bytes`: RESUME_FORGET_MOST messages or `bytes`, whichever is more, so that
 * nobody waits while a full ring is dropped; call it again. Returns the memory when nothing is left. */
void resume_forget(struct resume *resume, size_t keep_bytes, size_t bytes);
void resume_clear(struct resume *resume); /* the numbers stay */

#endif
