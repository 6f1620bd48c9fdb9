/* hub.h - the door to all shards: which shard has which room; hand-over of sockets, messages to rooms.
 * Every function may be called from any thread and only posts to a shard's bounded inbox; nothing here waits, except
 * hub_has_place(), hub_start() and hub_stop(). */
#ifndef LIVE_HUB_H
#define LIVE_HUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "domain/room_rules.h"
#include "domain/seat.h"
#include "live/hub_settings.h"
#include "live/newcomer.h"
#include "store/store_worker.h"
#include "util/err.h"

struct hub;

/* Starts the shards' threads. `open_seats` (all rooms) become away seats with their stored tickets before it returns;
 * `rules` holds the rooms of those seats. */
MUST_CHECK enum err_code hub_start(const struct hub_settings *settings, struct store_worker *worker,
                                   const struct seat *open_seats, size_t seat_count, const struct room_rules *rules,
                                   size_t rule_count, struct hub **out, struct err *e);
/* No new sockets; every socket gets bye `restarting` and close 1012; waits until they are gone, at most deadline_ms. The hub
 * stays and may be called: it refuses sockets and drops messages to rooms. So HTTP can still answer meanwhile. */
void hub_drain(struct hub *h, int deadline_ms);
/* Has each shard's loop turned within this time? Any thread. */
bool hub_alive(struct hub *h, int within_ms);
/* Drains, unless already done, and frees: the hub must not be called any more. */
void hub_stop(struct hub *h, int deadline_ms);

/* An accepted WebSocket upgrade (http/handover.h): takes `fd` in every case. `room` is an id or "@desk"; `key` the 24
 * characters of Sec-WebSocket-Key; `address` text of the client's address. ERR_BUSY: closed, answer 503. */
MUST_CHECK enum err_code hub_adopt(struct hub *h, int fd, const char *room, const char *key, const char *address);

/* After a committed change over the API. */
void hub_room_changed(struct hub *h, const struct room_rules *rules);
void hub_room_deleted(struct hub *h, const char *room_id);
void hub_links_changed(struct hub *h, const struct room_rules *rules); /* of this room */
/* The link was revoked or renewed: people who wait by it get bye `invitation_revoked`, people inside stay. */
void hub_invitation_ended(struct hub *h, const char *room_id, const char *invitation_id);
/* Would a guest who asks for a token find a place to wait? Asks the room's shard and waits for its answer, so never from a shard's
 * thread. False when it says no; true when it says yes, or does not answer in time. */
bool hub_has_place(struct hub *h, const struct hub_newcomer *n);
/* The sign-in ended: its sockets close with 4401 within a second. */
void hub_session_ended(struct hub *h, const char *session_id);

/* Tokens are verified with this ring from now on. It and earlier ones outlive the hub. */
void hub_set_ring(struct hub *h, const struct key_ring *ring);

struct hub_stats {
    int64_t sockets, unjoined, rooms, seats_inside, seats_waiting, dashboards;
    int64_t messages_in, messages_out, relayed, refused, slow_closed; /* counters since start */
    int64_t queued_bytes, kept_bytes;                                 /* for slow sockets; for seats without one */
};
void hub_stats(struct hub *h, struct hub_stats *out); /* sums of atomics */

#endif
