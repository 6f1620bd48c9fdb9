/* desk.h - the dashboard's live feed, `/ws/@desk`: what goes on in all rooms that a user may see, as numbered changes.
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

struct desk;
struct numbers;

/* The dashboards observe the rooms of this shard from now on. */
void desk_serve(struct floor *f);
/* A checked token for "@desk" arrived on this connection. */
void desk_join(struct floor *f, struct client *p, const struct token_claims *claims);
void desk_clear(struct floor *f); /* at the end */
/* Somebody works with it: that keeps the sign-in from being idle. */
void desk_used(struct desk *d);
/* Looks at the sign-ins of dashboards now and then. */
void desk_tick(struct floor *f, int64_t mono_ms);

struct floor *desk_floor(struct desk *d);
/* The numbers of what it sends. */
struct numbers *desk_numbers(struct desk *d);
void desk_say(struct desk *d, struct payload *said); /* takes the reference */
/* What a dashboard asks; `m` is checked against its fields. `may`: what that takes; `verb` ROOM_VERBS: chat. `of`: the message's type,
 * `n` its number. */
void desk_ask(struct desk *d, enum permission may, enum room_verb verb, const json_t *m, const char *of, int64_t n);

#endif
