/* live.h - all that is done with the rooms and dashboards of one shard from outside: time that passes, what was changed over the API.
 * On the shard's thread. */
#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H

#include "domain/room_rules.h"
#include "live/live_shard.h"
#include "live/newcomer.h"

/* Everything that is pointed to outlives it. From now on it serves the clients that come. */
void live_init(struct live_shard *f, const struct live_env *env, const struct hub_settings *settings,
               struct live_counters *counters, struct clients *clients, const char *epoch);
void live_clear(struct live_shard *f); /* every client is gone before */

/* Away seats, rings nobody will ask for any more, what is told a little later. SHARD_TICKS_PER_S times a second; of very many
 * rooms, each has its turn every second or so. */
void live_tick(struct live_shard *f);
/* The end begins: nothing is given to the store any more. */
void live_drain(struct live_shard *f);

void live_session_ended(struct live_shard *f, const char *session_id);
/* After a committed change over the API. */
void live_room_changed(struct live_shard *f, const struct room_rules *rules);
void live_room_deleted(struct live_shard *f, const char *room_id);
void live_links_changed(struct live_shard *f, const struct room_rules *rules);
void live_invitation_ended(struct live_shard *f, const char *room_id, const char *invitation_id);
/* Would a guest who comes now find a place to wait? */
bool live_has_place(struct live_shard *f, const struct hub_newcomer *n);

#endif
