/* picture.h - what a seat is shown: itself, the people it sees and how to reach them, from the current room. Each returns one
 * reference. On the shard's thread. */
#ifndef LIVE_PICTURE_H
#define LIVE_PICTURE_H

#include "live/live_room.h"

/* At its beginning. `ticket`: for the next time; `resumed`: it continues. */
struct payload *picture_welcome(const struct seat_session *seat, const char *ticket, bool resumed);
/* It waits, is inside, or sees different people; `reason` NULL: none. */
struct payload *picture_state(const struct seat_session *seat, const char *reason);
/* Relay credentials for this seat. */
struct payload *picture_ice(const struct seat_session *seat);

#endif
