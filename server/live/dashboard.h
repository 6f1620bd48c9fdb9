/* dashboard.h - the dashboard's live feed, `/ws/@desk`: what goes on in all rooms that a user may see, as numbered changes.
 *
 * A dashboard's connection lives on one shard (its home), the rooms on all of them. Each shard keeps a *watch* for every
 * dashboard; what happens in its rooms is posted to the home, which numbers it. What a dashboard asks travels to the room's
 * shard, and its answer back. Messages between two shards keep their order. On the shards' threads. */
#ifndef LIVE_DASHBOARD_H
#define LIVE_DASHBOARD_H

#include <jansson.h>
#include "domain/permission.h"
#include "domain/room.h"
#include "domain/token.h"
#include "live/live_shard.h"

struct dashboard;
struct numbers;

/* The dashboards observe the rooms of this shard from now on. */
void dashboard_serve(struct live_shard *f);
/* A checked token for "@desk" arrived on this connection. */
void dashboard_join(struct live_shard *f, struct client *p, const struct token_claims *claims);
void dashboard_clear(struct live_shard *f); /* at the end */
/* Somebody works with it: that keeps the sign-in from being idle. */
void dashboard_used(struct dashboard *d);
/* Looks at the sign-ins of dashboards now and then. */
void dashboard_tick(struct live_shard *f, int64_t mono_ms);

struct live_shard *dashboard_shard(struct dashboard *d);
/* The numbers of what it sends. */
struct numbers *dashboard_numbers(struct dashboard *d);
void dashboard_say(struct dashboard *d, struct payload *said); /* takes the reference */
/* What a dashboard asks; `m` is checked against its fields. `may`: what that takes; `verb` ROOM_VERBS: chat. `of`: the message's type,
 * `n` its number. */
void dashboard_ask(struct dashboard *d, enum permission may, enum room_verb verb, const json_t *m, const char *of,
                   int64_t n);

#endif
