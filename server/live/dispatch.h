/* dispatch.h - from a client's message to its effect: form, permission, handler, as one table. On the shard's thread. */
#ifndef LIVE_DISPATCH_H
#define LIVE_DISPATCH_H

#include "live/live_shard.h"

extern const struct live_handlers DISPATCH;

#endif
