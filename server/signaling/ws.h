/* ws.h - WebSocket (RFC 6455) under the peers of one shard, by libwebsockets on the shard's libuv loop. It decides nothing: bytes
 * in go to dispatch, frames out come from peer. All on the shard's thread; ws_open() before it starts. */
#ifndef SIGNALING_WS_H
#define SIGNALING_WS_H

#include <stdbool.h>
#include "signaling/floor.h"
#include "util/err.h"

#define WS_KEY_LEN 24 /* Sec-WebSocket-Key */

struct ws;

/* `loop`: the shard's uv_loop_t. `floor` outlives it. ERR_INTERNAL. */
MUST_CHECK enum err_code ws_open(void *loop, struct floor *floor, struct ws **out, struct err *e);
/* Begins to tear down; the loop must run until it has no handles, then ws_free(). Every peer is freed on the way. */
void ws_close(struct ws *w);
void ws_free(struct ws *w);

/* An accepted upgrade: takes `fd`; the handshake is answered and the peer made before this returns. False: closed. */
bool ws_adopt(struct ws *w, int fd, const char *room, const char *key, const char *address);
/* This peer has something to be written, or is to be closed. */
void ws_wake(struct peer *p);

#endif
