/* work_join.h - taking a seat by a token, or resuming it by a ticket, as work on a room. */
#ifndef LIVE_WORK_JOIN_H
#define LIVE_WORK_JOIN_H

#include "live/room_work.h"

extern const struct room_work_kind WORK_JOIN;   /* `join`, `client`, `ticket`, `site`, `invitation_gen` */
extern const struct room_work_kind WORK_RESUME; /* `request`, `client`, `ticket`, `site`, `resume_seq` */

#endif
