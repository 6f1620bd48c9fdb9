/* live_rules.h - changes of a live room's rules, and their consequences for the people in it. On its shard's thread. */
#ifndef LIVE_LIVE_RULES_H
#define LIVE_LIVE_RULES_H

#include "live/live_room.h"

/* The rules changed outside, or by `room`: tells everyone. Rules older than the current ones are ignored. */
void live_rules_changed(struct live_room *live, const struct room_rules *rules);
/* A host has come in: the rules may have changed during the write, and without a waiting room others waited for the host. */
void live_rules_host_came(struct live_room *live);
/* This link was revoked: people who wait by it must leave, people inside stay. */
void live_rules_revoke(struct live_room *live, const char *invitation_id);

#endif
