/* dispatch.h - what a client says, to its effect: form, who may send it, handler, as one table. On the shard's thread. */
#ifndef LIVE_DISPATCH_H
#define LIVE_DISPATCH_H

#include "live/live_shard.h"

extern const struct live_handlers DISPATCH;

#endif
