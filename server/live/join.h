/* join.h - the first message of a client: a token takes a seat, a ticket resumes one. On the shard's thread. */
#ifndef LIVE_JOIN_H
#define LIVE_JOIN_H

#include <jansson.h>
#include "live/live_shard.h"

/* `m` is an object of type "join". The client is refused, or waits for its welcome. */
void join_message(struct live_shard *shard, struct client *client, const json_t *m);

#endif
