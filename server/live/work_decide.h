/* work_decide.h - a decision of domain/room.h as work on a room: admit, leave, time out and the like. */
#ifndef LIVE_WORK_DECIDE_H
#define LIVE_WORK_DECIDE_H

#include "live/live_room.h"
#include "live/room_work.h"

extern const struct room_work_kind WORK_DECIDE;

/* For work that begins or ends with a decision: computes it from `request`, */
MUST_CHECK enum err_code work_prepare_decision(struct live_room *live, struct room_work *work, bool *write,
                                               struct err *e);
/* and writes it with its record. */
MUST_CHECK enum err_code work_write_decision(struct store *s, struct room_work *work, struct err *e);

/* Work by the system: `verb` about `participant` ("": none). The caller gives it to room_queue_ask(). */
struct room_work *work_by_system(struct live_room *live, enum room_verb verb, const char *participant);

#endif
