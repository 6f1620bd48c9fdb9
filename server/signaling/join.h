/* join.h - the first message of a connection: a token takes a seat, a ticket takes one up again. On the shard's thread. */
#ifndef SIGNALING_JOIN_H
#define SIGNALING_JOIN_H

#include <jansson.h>
#include "signaling/peer.h"

/* `m` is an object of type "join". The connection is refused, or waits for its welcome. */
void join_message(struct peer *p, const json_t *m);

#endif
