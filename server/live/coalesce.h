/* coalesce.h - how often others hear of one person. What somebody decides, and who comes and goes, is told at once. What people can change
 * by themselves as often as they like (their status; a connection that comes and goes while they wait) is told at once when it is
 * the first for a while, and otherwise a little later with whatever it has become meanwhile: the last word is always told. All
 * who wait in a room share one pace, so that strangers cannot fill the line of a host who has not let them in.
 * On its shard's thread. */
#ifndef LIVE_COALESCE_H
#define LIVE_COALESCE_H

#include "live/live_room.h"

#define COALESCE_INSIDE_MS 250    /* between two news of one person inside */
#define COALESCE_WAITING_MS 1000  /* of one who waits */
#define COALESCE_WAITING_PER_S 12 /* of all who wait in a room */
#define COALESCE_WAITING_BURST 10
#define COALESCE_CHATS_WAITING_BURST 5 /* of one who waits; one a second after that */

/* Tells everyone what `ev` lists, now or what may wait a little later; clears it. */
void coalesce_tell(struct live_room *p, struct room_events *ev);
/* Tells what is due. */
void coalesce_tick(struct live_shard *f, int64_t mono_ms);
/* May one who waits say something now? True counts it. */
bool coalesce_chat_allowed(struct seat_session *l, int64_t mono_ms);

#endif
