/* doctor_job.h - rounds of checks that the dashboard asks for: one at a time, on a thread of its own, so that nobody waits for it. Any
 * thread may ask. */
#ifndef DOCTOR_DOCTOR_JOB_H
#define DOCTOR_DOCTOR_JOB_H

#include <jansson.h>
#include "doctor/doctor.h"

struct doctor_job;

/* Borrows both; they outlive the job. clock_offset_ms: as in struct doctor_subject. */
struct doctor_job *doctor_job_new(const struct config *config, struct store_db *db, int64_t clock_offset_ms);
/* Ends a round that runs, within a moment. NULL is fine. */
void doctor_job_free(struct doctor_job *job);

/* Starts a round; nothing happens while one runs. ERR_BUSY: there is no thread for it. */
MUST_CHECK enum err_code doctor_job_start(struct doctor_job *job, struct err *e);
/* {"state":"never"|"running"|"done", …}: the report so far, or the last one. The caller's reference. */
json_t *doctor_job_json(struct doctor_job *job);

#endif
