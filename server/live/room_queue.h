/* room_queue.h - requests to a room, one after another. Decide, persist, announce: at most one job of a room is under way; later
 * requests wait in order, bounded. Relayed messages never wait. On its shard's thread. */
#ifndef LIVE_ROOM_QUEUE_H
#define LIVE_ROOM_QUEUE_H

#include "live/live_room.h"
#include "live/room_work.h"

#define ROOM_QUEUE_MAX 64 /* waiting decisions of a room; more are answered `busy` */

/* Takes `work`: runs it now or after earlier requests. When too many wait, it is answered `busy`. */
void room_queue_ask(struct live_room *live, struct room_work *work);
/* The room was deleted: everyone leaves, now or when the job under way has been written. */
void room_queue_close(struct live_room *live);

#endif
