/* relay.h - offers, answers and candidates from one person to another in the same room, unread: the bytes of `data` are copied
 * unchanged. One allocation a message. On the shard's thread. */
#ifndef LIVE_RELAY_H
#define LIVE_RELAY_H

#include "live/live_room.h"
#include "util/err.h"
#include "ws/envelope.h"

/* `signal` of the person on `from`, who is inside. ERR_INVALID (a fault: `to` or `data` is wrong), ERR_NOT_FOUND (nobody inside under
 * this id), ERR_CONFLICT "stale_instance", "not_available" (for "sfu"). */
MUST_CHECK enum err_code relay_signal(struct seat_session *from, const struct envelope *m, struct err *e);

#endif
