/* live_tell.h - messages to the people of a live room: to each seat, connected or not, in order. It decides nothing. On its
 * shard's thread. */
#ifndef LIVE_LIVE_TELL_H
#define LIVE_LIVE_TELL_H

#include "live/live_room.h"

/* A numbered message to everyone inside except `except` (NULL: none), or only to hosts; keeps the caller's reference. */
void live_tell_inside(struct live_room *live, const struct seat_session *except, bool hosts_only, struct payload *said);
/* Tells everyone the events in `ev` without delay, clears it, and forgets ended seats. */
void live_tell_events(struct live_room *live, struct room_events *ev);

#endif
