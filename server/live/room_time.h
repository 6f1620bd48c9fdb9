/* room_time.h - effects of time on a live room. On its shard's thread. */
#ifndef LIVE_ROOM_TIME_H
#define LIVE_ROOM_TIME_H

#include "live/live_room.h"

/* Seats whose time without a connection is over; rings that are no longer needed; sign-ins of present hosts. now_ms: the seats'
 * clock; mono_ms: monotonic. */
void room_time_tick(struct live_room *live, int64_t now_ms, int64_t mono_ms);

#endif
