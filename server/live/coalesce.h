/* coalesce.h - how often others are told about one person. Decisions, arrivals and departures are told at once. Things that people can
 * change by themselves as often as they like (their status; a connection that comes and goes while they wait) are told at once after
 * a quiet time, and otherwise a little later in their then current state: the last state is always told. All waiting people in a
 * room share one pace, so that strangers cannot flood a host who has not let them in.
 * On its shard's thread. */
#ifndef LIVE_COALESCE_H
#define LIVE_COALESCE_H

#include "live/live_room.h"

#define COALESCE_INSIDE_MS 250    /* between two news of one person inside */
#define COALESCE_WAITING_MS 1000  /* of a waiting person */
#define COALESCE_WAITING_PER_S 12 /* of all waiting people in a room */
#define COALESCE_WAITING_BURST 10
#define COALESCE_CHATS_WAITING_BURST 5 /* of a waiting person; one a second after that */

/* Tells everyone the events in `ev`, now, or a little later if they may wait; clears it. */
void coalesce_tell(struct live_room *live, struct room_events *ev);
/* Tells the news that is due. */
void coalesce_tick(struct live_shard *shard, int64_t mono_ms);
/* May a waiting person send something now? True counts it. */
bool coalesce_chat_allowed(struct seat_session *seat, int64_t mono_ms);

#endif
