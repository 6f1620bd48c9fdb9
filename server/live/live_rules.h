/* live_rules.h - the rules of a room in motion change, and what follows for those who are in it. On its shard's thread. */
#ifndef LIVE_LIVE_RULES_H
#define LIVE_LIVE_RULES_H

#include "live/live_room.h"

/* The rules changed outside, or by `room`: tells everyone. Older ones than those in force are ignored. */
void live_rules_changed(struct live_room *p, const struct room_rules *rules);
/* A host has come in: the rules may have changed while that was written, and without a waiting room others waited for it. */
void live_rules_host_came(struct live_room *p);
/* This link was taken back: who waits by it goes, who is inside stays. */
void live_rules_revoke(struct live_room *p, const char *invitation_id);

#endif
