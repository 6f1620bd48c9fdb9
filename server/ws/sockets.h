/* sockets.h - the sockets of one shard: WebSocket (RFC 6455) by frame.h on the shard's libuv loop. It decides nothing: bytes in go to
 * their client, frames out come from it. All frames for a socket in one turn of the loop leave with one write at its end.
 * All on the shard's thread; sockets_new() before it starts. */
#ifndef WS_SOCKETS_H
#define WS_SOCKETS_H

#include <uv.h>
#include "ws/client.h"

struct sockets;

/* `clients` outlives it. */
struct sockets *sockets_new(uv_loop_t *loop, struct clients *clients);
/* Begins to tear down; the loop must run until it has no handles, then sockets_free(). Every client is freed on the way. */
void sockets_close(struct sockets *sockets);
void sockets_free(struct sockets *sockets);

/* An accepted upgrade on the stream `fd`: answers the handshake (§4.2.2), makes the client, owns `fd`. False: the loop takes no
 * more, and nothing has changed. */
bool sockets_adopt(struct sockets *sockets, int fd, const char *path, const char *key, const char *address,
                   int64_t unjoined);
/* Reads the bytes that have already come from this client. It may be gone afterwards. */
void sockets_look(struct client *client);
/* This client has something to write, or must be closed. */
void sockets_wake(struct client *client);
/* Pings clients that have been silent for a while, cuts those that do not answer. A few times a second. */
void sockets_tick(struct sockets *sockets);

#endif
