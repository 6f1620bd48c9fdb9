/* shard.h - one thread with one loop: a floor (floor.h) with sockets under it and an inbox before it. */
#ifndef SIGNALING_SHARD_H
#define SIGNALING_SHARD_H

#include "signaling/floor.h"
#include "util/err.h"

struct shard;

/* Makes it without starting its thread. `env.post_job`, `.wake`, `.mono_ms` and `.wall_ms` are the shard's own; `ctx`, `shard`,
 * `shards`, `post` and `joined` are the caller's. The inbox holds `max_inbox`. */
MUST_CHECK enum err_code shard_new(const struct floor_env *env, const struct hub_settings *settings,
                                   struct store_worker *worker, struct floor_counters *counters, const char *epoch,
                                   size_t max_inbox, struct shard **out, struct err *e);
/* Before shard_start() only. */
struct floor *shard_floor(struct shard *s);
MUST_CHECK enum err_code shard_start(struct shard *s, struct err *e);
/* Any thread: drains, at most until `deadline_ms` (monotonic), waits for its jobs, ends the thread. */
void shard_begin_stop(struct shard *s, int64_t deadline_ms);
void shard_join(struct shard *s);
/* Joined: makes the calls that are left in its inbox; false: there were none. */
bool shard_run_left(struct shard *s);
void shard_free(struct shard *s); /* joined, or never started */

/* Any thread. False: the inbox is full. */
bool shard_post(struct shard *s, bool must, void (*fn)(struct floor *f, void *arg), void *arg);
/* Any thread. Takes `fd`; false: full, nothing was done. */
bool shard_adopt(struct shard *s, int fd, const char *room, const char *key, const char *address, int64_t unjoined);
/* Any thread: this socket gives way to another, unless its `join` has come after all. */
void shard_give_way(struct shard *s, int64_t unjoined);
/* When its loop turned last (monotonic). Any thread. */
int64_t shard_turned_ms(const struct shard *s);

#endif
