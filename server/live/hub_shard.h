/* hub_shard.h - one shard of the hub: a thread of ws/shard.h with the rooms and dashboards of live.h as its guest. It implements
 * struct live_env for them: clocks, the store, the other shards. */
#ifndef LIVE_HUB_SHARD_H
#define LIVE_HUB_SHARD_H

#include "live/live_shard.h"
#include "store/store_worker.h"
#include "ws/shard.h"

struct hub_shard {
    struct shard *thread; /* NULL: not opened */
    struct live_shard live;
    struct store_worker *worker;
    struct hub_shard *all; /* the hub's shards, by their numbers; this one is among them */
};

/* Makes number `number` of `shards`. The objects in the settings outlive it. ERR_INTERNAL: no loop. */
MUST_CHECK enum err_code hub_shard_open(struct hub_shard *all, int number, int shards,
                                        const struct shard_settings *thread, const struct hub_settings *settings,
                                        struct live_counters *counters, struct store_worker *worker, const char *epoch,
                                        struct err *e);
/* Any thread: runs fn(shard, arg) on the shard's. `must`: also when the inbox is full. False: it is full. */
bool hub_shard_post(struct hub_shard *s, bool must, void (*fn)(struct live_shard *shard, void *arg), void *arg);

#endif
