/* hub_ask.h - a question to a shard whose answer is waited for; only for hub.c. */
#ifndef SIGNALING_HUB_ASK_H
#define SIGNALING_HUB_ASK_H

#include "signaling/shard.h"

/* Would this newcomer find a place? True when the shard does not answer within a second. Never on a shard's thread. */
bool hub_ask_shard(struct shard *s, const struct hub_newcomer *who);

#endif
