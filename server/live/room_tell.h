/* place_tell.h - what is said to the people of a room in motion: to each seat, connected or not, in order; and what becomes of it while
 * nobody is there to hear it. It decides nothing. On its shard's thread. */
#ifndef LIVE_ROOM_TELL_H
#define LIVE_ROOM_TELL_H

#include "live/live_room.h"

/* A numbered message to one seat, connected or not; takes the reference. */
void place_say(struct seat_link *l, struct payload *said);
/* The same to everyone inside but `except` (NULL: nobody), hosts only if so; keeps the caller's reference. */
void place_say_inside(struct place *p, const struct seat_link *except, bool hosts_only, struct payload *said);
/* Tells everyone what `ev` lists as it is, clears it, and forgets whose seats have ended. */
void place_tell(struct place *p, struct room_events *ev);
/* Nobody is connected there any more, or nobody was: when all together wait for too much, the seat misses what it has not been sent, and
 * gets a fresh picture instead. */
void place_keep_for_later(struct seat_link *l);
/* So many bytes wait for one who is away: that is memory as well. */
void place_count_away(struct seat_link *l, size_t bytes);
/* The seat is over, and with it what was kept for it. */
void place_forget_link(struct place *p, struct room_member *m);

#endif
