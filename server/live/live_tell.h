/* live_tell.h - what is said to the people of a room in motion: to each seat, connected or not, in order. It decides nothing. On its
 * shard's thread. */
#ifndef LIVE_LIVE_TELL_H
#define LIVE_LIVE_TELL_H

#include "live/live_room.h"

/* A numbered message to everyone inside but `except` (NULL: nobody), hosts only if so; keeps the caller's reference. */
void live_tell_inside(struct live_room *p, const struct seat_session *except, bool hosts_only, struct payload *said);
/* Tells everyone what `ev` lists as it is, clears it, and forgets whose seats have ended. */
void live_tell_events(struct live_room *p, struct room_events *ev);

#endif
