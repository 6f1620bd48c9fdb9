/* work_lock.h - `room` {locked} as work on a room. */
#ifndef LIVE_WORK_LOCK_H
#define LIVE_WORK_LOCK_H

#include "live/room_work.h"

extern const struct room_work_kind WORK_LOCK; /* `lock`, `request.by` */

#endif
