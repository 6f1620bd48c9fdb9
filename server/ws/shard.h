/* shard.h - one thread with one loop: sockets with their clients, an inbox, and a guest that lives on the thread and
 * interprets the messages. It knows only the functions of the guest that it must call. */
#ifndef WS_SHARD_H
#define WS_SHARD_H

#include "util/err.h"
#include "ws/client.h"

#define SHARD_TICKS_PER_S 20 /* often, so that each tick is short: messages wait for it */

struct shard;

struct shard_settings {
    const struct client_limits *limits; /* outlive it */
    struct client_counters *counters;   /* outlive it */
    size_t inbox_max;
    void (*joined)(void *ctx, int64_t unjoined); /* this socket no longer counts as unjoined */
    void *ctx;
};

/* The guest on the thread. All but `clear` are called on it. */
struct shard_guest {
    void (*tick)(void *state);  /* SHARD_TICKS_PER_S times a second */
    void (*drain)(void *state); /* the end begins: no new clients, and every client is about to be closed */
    void (*clear)(void *state); /* in shard_free(): every client is gone */
    void *state;
};

/* Makes it without starting its thread. ERR_INTERNAL: no loop. */
MUST_CHECK enum err_code shard_new(const struct shard_settings *settings, struct shard **out, struct err *e);
/* Before shard_start() only. */
struct clients *shard_clients(struct shard *shard);
/* Before shard_start(), once. */
void shard_invite(struct shard *shard, const struct shard_guest *guest);
/* ERR_INTERNAL: no thread. */
MUST_CHECK enum err_code shard_start(struct shard *shard, struct err *e);
/* Any thread: closes every client, at most until `deadline_ms` (monotonic), waits for expected posts, ends the thread. */
void shard_begin_stop(struct shard *shard, int64_t deadline_ms);
void shard_join(struct shard *shard);
/* Joined: makes the calls left in its inbox; false: there were none. */
bool shard_run_left(struct shard *shard);
void shard_free(struct shard *shard); /* joined, or never started; NULL is fine */

/* Any thread: runs fn(the guest's state, arg) on the shard's. `must`: also when the inbox is full. False: it is full. */
bool shard_post(struct shard *shard, bool must, void (*fn)(void *state, void *arg), void *arg);
/* Another thread will post something: the shard does not end before shard_arrived(), which is called after the post and is the
 * last use of the shard. */
void shard_await(struct shard *shard);
void shard_arrived(struct shard *shard);
/* Any thread. Takes `fd`; false: full, nothing has changed. */
bool shard_adopt(struct shard *shard, int fd, const char *path, const char *key, const char *address, int64_t unjoined);
/* Any thread: this socket gives way to another, unless its first message has just come. */
void shard_give_way(struct shard *shard, int64_t unjoined);
/* When its loop last turned (monotonic). Any thread. */
int64_t shard_turned_ms(const struct shard *shard);

#endif
