/* hub_ask.h - a question to a shard that waits for the answer; only for hub.c. */
#ifndef LIVE_HUB_ASK_H
#define LIVE_HUB_ASK_H

#include "live/hub_shard.h"
#include "live/newcomer.h"

/* Would this newcomer find a place? True when the shard does not answer within a second. Never on a shard's thread. */
bool hub_ask_shard(struct hub_shard *s, const struct hub_newcomer *who);

#endif
