/* unjoined.h - the sockets that have not said who they are: their number, their origins, and which one gives way when there are
 * too many. An address has a limit, and an IPv6 /48 four times as many. When the table is full, the most crowded area
 * (a /24, an IPv6 /48) gives up the oldest of its most crowded home (an address, a /64): a newcomer from an area with few
 * sockets always gets in. Any thread. */
#ifndef WS_UNJOINED_H
#define WS_UNJOINED_H

#include <stdbool.h>
#include <stdint.h>

struct unjoined;

struct unjoined_one {
    int64_t id; /* 0 none */
    int shard;
};

struct unjoined *unjoined_new(int max, int max_per_address);
void unjoined_free(struct unjoined *u); /* NULL is fine */

/* Counts another one on this shard. False: its address has too many. `victim` is set when another one had to give way; it is
 * no longer counted, and leaving is harmless for it. */
bool unjoined_enter(struct unjoined *u, const char *address, int shard, int64_t *id, struct unjoined_one *victim);
/* It has joined or is gone. False: it was no longer counted. */
bool unjoined_leave(struct unjoined *u, int64_t id);

#endif
