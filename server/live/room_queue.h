/* room_queue.h - what is asked of a room, one after the other. Decide, persist, announce: at most one job of a room is under way; what
 * is asked meanwhile waits in order, bounded. What is only relayed waits for nothing. On its shard's thread. */
#ifndef LIVE_ROOM_QUEUE_H
#define LIVE_ROOM_QUEUE_H

#include "live/live_room.h"
#include "live/room_work.h"

#define ROOM_QUEUE_MAX 64 /* decisions of a room that wait; more are answered `busy` */

/* Takes `w`: runs it now or after what was asked before. When too much waits, it is answered `busy`. */
void room_queue_ask(struct live_room *p, struct room_work *w);
/* The room was deleted: everyone goes, now or when what is under way has been written. */
void room_queue_close(struct live_room *p);

#endif
