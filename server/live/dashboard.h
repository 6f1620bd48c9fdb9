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
struct seat_link;
struct place;

/* A checked token for "@desk" arrived on this connection. */
void desk_join(struct floor *f, struct client *p, const struct token_claims *claims);
void desk_clear(struct floor *f); /* at the end */
/* Somebody works with it: that keeps the sign-in from being idle. */
void desk_used(struct desk *d);
/* This sign-in is over: its dashboards are closed (4401). */
void desk_signed_out(struct floor *f, const char *session_id);
/* Looks at the sign-ins of dashboards now and then. */
void desk_tick(struct floor *f, int64_t mono_ms);

struct floor *desk_floor(struct desk *d);
/* The numbers of what it sends. */
struct numbers *desk_numbers(struct desk *d);
void desk_say(struct desk *d, struct payload *said); /* takes the reference */
/* What a dashboard asks; `m` is checked against its fields. `may`: what that takes; `verb` ROOM_VERBS: chat. `of`: the message's type,
 * `n` its number. */
void desk_ask(struct desk *d, enum permission may, enum room_verb verb, const json_t *m, const char *of, int64_t n);

/* On the shard of the room: tells every dashboard that may see it. */
void desk_tell_participant(struct place *p, const struct seat_link *about, enum room_news news, const char *reason);
/* `before` NULL or without revision: not known; `p` NULL: nobody is there. */
void desk_tell_room(struct floor *f, const struct room_view *before, const struct room_rules *rules, struct place *p);
void desk_tell_room_gone(struct floor *f, const char *room_id);
/* The invitations of this room are no longer as they were: whoever may see them asks for them again. */
void desk_tell_links(struct floor *f, const struct room_rules *rules);
/* What one who waits said, with their own name for it or "". Returns how many dashboards are told. */
int desk_tell_chat(struct place *p, const struct room_member *from, const char *text, int64_t at_ms, const char *id);
/* To one dashboard, wherever its home is; takes the reference. */
void desk_answer(struct floor *f, int shard, int64_t desk_id, struct payload *said);

#endif
