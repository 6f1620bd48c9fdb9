/* picture.h - what a seat is shown: itself, those it sees and how to reach them, from the room as it is now. Each returns one
 * reference. On the shard's thread. */
#ifndef LIVE_PICTURE_H
#define LIVE_PICTURE_H

#include "live/live_room.h"

/* At its beginning. `ticket`: for the next time; `resumed`: it goes on where it was. */
struct payload *picture_welcome(const struct seat_session *l, const char *ticket, bool resumed);
/* It waits, or is inside, or sees others than before; `reason` NULL: without. */
struct payload *picture_state(const struct seat_session *l, const char *reason);
/* Relay credentials of its own. */
struct payload *picture_ice(const struct seat_session *l);

#endif
