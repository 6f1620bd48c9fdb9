/* quality.h - what the page of a person in a visit reports about the quality of the call: added up for each visit, and stored at each
 * report. On the shard's thread. */
#ifndef LIVE_QUALITY_H
#define LIVE_QUALITY_H

#include "domain/call_quality.h"
#include "live/seat_session.h"
#include "util/err.h"

#define QUALITY_REPORTS_PER_MINUTE 6 /* two, and one at the end of each page and each visit */

/* From now on the reports of this seat belong to that visit (live_room.visit_ms; 0 none). */
void quality_take_part(struct seat_session *seat, int64_t visit_ms);
/* Also from a person who has just left the visit, and waits again: it was measured before. Of a person who was in none, nothing is kept.
 * ERR_LIMIT "too_fast": more often than needed; nothing is added. A store that is busy loses nothing: the next report brings all. */
MUST_CHECK enum err_code quality_reported(struct seat_session *seat, const struct call_quality *report, struct err *e);

/* The stretch so far, for a seat that is about to end; its last report comes after it. */
struct call_stretch quality_stretch(const struct seat_session *seat);
/* Adds a report to a stretch, and stores it. */
void quality_keep(struct live_shard *shard, struct call_stretch *stretch, const struct call_quality *report);

#endif
