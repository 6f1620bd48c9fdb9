/* numbers.h - the numbers that a client gives its own messages (`n`): each is handled once, a hole is told, and no message
 * that cannot be read makes all later ones a hole. Pure. On its shard's thread. */
#ifndef WS_NUMBERS_H
#define WS_NUMBERS_H

#include <stdint.h>
#include "ws/envelope.h"

/* Zeroed: nothing was handled, 1 is expected. */
struct numbers {
    int64_t last;   /* the last one handled */
    int64_t unread; /* messages since then that could not be read: each may have had a number, or none */
};

enum number {
    NUMBER_NONE,  /* not numbered: to be handled */
    NUMBER_NEXT,  /* to be handled, and counted as handled */
    NUMBER_KNOWN, /* handled before: nothing is to be done */
    NUMBER_GAP,   /* one before it was left out: nothing is to be done */
    NUMBER_WRONG, /* no number at all: counts as the expected one */
};

/* What the `n` of a message that could be read says. `*n`: the number, or for NUMBER_WRONG the one it counts as, else 0. */
enum number numbers_take(struct numbers *own, struct span written, int64_t *n);
/* A message that could not be read counts as the expected one; returns that number. */
int64_t numbers_unread(struct numbers *own);
/* The number that is expected when no message is unread. */
int64_t numbers_expected(const struct numbers *own);
/* A new connection begins: what could not be read is not asked for again. */
void numbers_settle(struct numbers *own);

#endif
