/* dashboard.h - the dashboard's live feed, `/ws/@desk`: all rooms that a user may see, as numbered changes.
 *
 * A dashboard's connection lives on one shard (its home), the rooms on all of them. Each shard keeps a *watch* for every
 * dashboard; events in its rooms are posted to the home, which numbers them. Requests of a dashboard travel to the room's
 * shard, and the answers back. Messages between two shards keep their order. On the shards' threads. */
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
void dashboard_serve(struct live_shard *shard);
/* A checked token for TOKEN_DASHBOARD arrived on this connection. */
void dashboard_join(struct live_shard *shard, struct client *client, const struct token_claims *claims);
/* At the end; the dashboards are freed with the turn. */
void dashboard_clear(struct live_shard *shard);
/* A person works with it: that keeps the sign-in from being idle. */
void dashboard_used(struct dashboard *dashboard);
/* Checks the sign-ins of dashboards now and then. */
void dashboard_tick(struct live_shard *shard, int64_t mono_ms);

struct live_shard *dashboard_shard(struct dashboard *dashboard);
/* The numbers of its messages. */
struct numbers *dashboard_numbers(struct dashboard *dashboard);
void dashboard_say(struct dashboard *dashboard, struct payload *said); /* takes the reference */
/* A request of a dashboard; `m` is checked against its fields. `may`: the permission needed; one that asks the room for no decision is
 * chat. `of`: the message's type, `n` its number. */
void dashboard_ask(struct dashboard *dashboard, enum permission may, const json_t *m, const char *of, int64_t n);

#endif
