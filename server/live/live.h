/* live.h - the entrance to the rooms and dashboards of one shard: passing time, changes over the API.
 * On the shard's thread. */
#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H

#include "domain/room_rules.h"
#include "live/live_shard.h"
#include "live/newcomer.h"

/* The objects pointed to outlive it. From now on it serves the clients that come. */
void live_init(struct live_shard *shard, const struct live_env *env, const struct hub_settings *settings,
               struct live_counters *counters, struct clients *clients, const char *epoch);
void live_clear(struct live_shard *shard); /* every client must be gone first */

/* Away seats, rings that are no longer needed, delayed news. SHARD_TICKS_PER_S times a second; with very many rooms, each has
 * its turn about every second. */
void live_tick(struct live_shard *shard);
/* The end begins: the store gets no more jobs. */
void live_drain(struct live_shard *shard);

void live_session_ended(struct live_shard *shard, const char *session_id);
/* After a committed change over the API. */
void live_room_changed(struct live_shard *shard, const struct room_rules *rules);
void live_room_deleted(struct live_shard *shard, const char *room_id);
void live_links_changed(struct live_shard *shard, const struct room_rules *rules);
void live_invitation_ended(struct live_shard *shard, const char *room_id, const char *invitation_id);
/* Would a guest who comes now find a place to wait? */
bool live_has_place(struct live_shard *shard, const struct hub_newcomer *n);

#endif
