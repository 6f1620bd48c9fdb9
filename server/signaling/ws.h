/* ws.h - the sockets of one shard: WebSocket (RFC 6455) by frame.h on the shard's libuv loop. It decides nothing: bytes in go to
 * dispatch, frames out come from peer. What a turn of the loop has said to a socket leaves with one write at its end.
 * All on the shard's thread; ws_new() before it starts. */
#ifndef SIGNALING_WS_H
#define SIGNALING_WS_H

#include <uv.h>
#include "signaling/floor.h"

struct ws;

/* `floor` outlives it. */
struct ws *ws_new(uv_loop_t *loop, struct floor *floor);
/* Begins to tear down; the loop must run until it has no handles, then ws_free(). Every peer is freed on the way. */
void ws_close(struct ws *w);
void ws_free(struct ws *w);

/* An accepted upgrade on the stream `fd`: answers the handshake (§4.2.2), makes the peer, owns `fd`. False: the loop takes no
 * more, and nothing was done. */
bool ws_adopt(struct ws *w, int fd, const char *room, const char *key, const char *address, int64_t unjoined);
/* Reads what has come from this peer already. It may be gone afterwards. */
void ws_look(struct peer *p);
/* This peer has something to be written, or is to be closed. */
void ws_wake(struct peer *p);
/* Asks those for a sign of life from whom nothing came for a while, cuts those that gave none. A few times a second. */
void ws_tick(struct ws *w);

#endif
