/* quality.h - what the page of a person inside reports about the quality of the call: added up for as long as the seat is open, and
 * stored at each report. On the shard's thread. */
#ifndef LIVE_QUALITY_H
#define LIVE_QUALITY_H

#include "domain/call_quality.h"
#include "live/seat_session.h"
#include "util/err.h"

/* ERR_LIMIT "too_fast": more often than needed; nothing is added. A store that is busy loses nothing: the next report brings all. */
MUST_CHECK enum err_code quality_reported(struct seat_session *seat, const struct call_quality *report, struct err *e);

#endif
