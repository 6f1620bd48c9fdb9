/* numbers.h - the numbers that a client gives its messages (`n`): each is handled once, a gap is reported, and an unreadable
 * message does not turn all later ones into a gap. Pure. On its shard's thread. */
#ifndef WS_NUMBERS_H
#define WS_NUMBERS_H

#include <stdint.h>
#include "ws/envelope.h"

/* Zeroed: none was handled, 1 is expected. */
struct numbers {
    int64_t last;   /* the last one handled */
    int64_t unread; /* unreadable messages since then: each may have had a number, or none */
};

enum number {
    NUMBER_NONE,  /* not numbered: handle it */
    NUMBER_NEXT,  /* handle it, and count it as handled */
    NUMBER_KNOWN, /* handled before: ignore it */
    NUMBER_GAP,   /* an earlier one is missing: ignore it */
    NUMBER_WRONG, /* invalid number: counts as the expected one */
};

/* Judges the `n` of a readable message. `*n`: the number, or for NUMBER_WRONG the one it counts as, otherwise 0. */
enum number numbers_take(struct numbers *own, struct span written, int64_t *n);
/* An unreadable message counts as the expected one; returns that number. */
int64_t numbers_unread(struct numbers *own);
/* The expected number when no message was unreadable. */
int64_t numbers_expected(const struct numbers *own);
/* A new connection begins: unreadable messages are not requested again. */
void numbers_settle(struct numbers *own);

#endif
