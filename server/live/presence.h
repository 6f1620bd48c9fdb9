/* presence.h - changes of a seat without a decision: its client is lost, its status changes, others report that they see
 * it. On its shard's thread. */
#ifndef LIVE_PRESENCE_H
#define LIVE_PRESENCE_H

#include "live/live_room.h"

/* The client of this seat is gone. */
void presence_lost(struct seat_session *seat);
/* Its status may have changed from `before`: tells people who see it, now or a little later (coalesce.h). */
void presence_status_changed(struct seat_session *seat, const struct seat_status *before);
/* The page of `by` reports whether picture and sound of `to`, whose connection is lost, still arrive. As long as they do, the seat
 * is kept: a call needs no server. One of the two must be a host, so that guests cannot keep each other in a room. False: not the
 * case, nothing has changed. */
bool presence_seen(struct seat_session *by, struct seat_session *to, bool seen);
/* This sign-in has ended: such reports keep no seat that was taken with it. */
void presence_signed_out(struct live_room *live, const char *session_id);
/* Does a person inside still see this seat, which is away, or did a moment ago? Not believed for longer than an hour.
 * now_ms: the seats' clock; mono_ms: monotonic. */
bool presence_is_seen(const struct live_room *live, struct seat_session *seat, int64_t now_ms, int64_t mono_ms);

#endif
