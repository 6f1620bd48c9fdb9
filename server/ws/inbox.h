/* inbox.h - requests of other threads to a shard: calls to be made on its thread, in order. Bounded; a full inbox is an answer,
 * never a wait. The lock is held only to link an item. */
#ifndef WS_INBOX_H
#define WS_INBOX_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct inbox_item {
    struct inbox_item *next;
    void (*run)(void *ctx, void *arg);
    void *ctx, *arg;
};
struct inbox {
    pthread_mutex_t lock;
    struct inbox_item *first, **end; /* guarded */
    size_t count, max;
    void (*wake)(void *arg); /* NULL once its thread no longer listens; guarded */
    void *wake_arg;
};

/* `wake` is called on the putting thread when an item arrives in an empty inbox: one wake-up for many. */
void inbox_init(struct inbox *in, size_t max, void (*wake)(void *arg), void *wake_arg);
/* Any thread. `must`: also when full (an answer to the shard, so the shard's questions bound their number).
 * False: full. */
bool inbox_put(struct inbox *in, bool must, void (*run)(void *ctx, void *arg), void *ctx, void *arg);
/* The shard's thread: makes the waiting calls. False: there were none. */
bool inbox_run(struct inbox *in);
/* Nobody is woken any more; later items are kept for inbox_run(). */
void inbox_close(struct inbox *in);
void inbox_clear(struct inbox *in); /* it is empty */

#endif
