/* doctor.h - the checks of an installation: is there everything that it needs to work from here, and what is to be done about
 * what fails? Each check is one row of DOCTOR_CHECKS; the command line, its JSON and the dashboard's page show the same findings.
 * Everything blocks (at most DOCTOR_LIMIT_MS in all): never on an event loop. */
#ifndef DOCTOR_DOCTOR_H
#define DOCTOR_DOCTOR_H

#include <stdatomic.h>
#include "doctor/doctor_finding.h"

#define DOCTOR_LIMIT_MS 90000 /* a round ends by then; what it did not reach is reported as such */

extern const struct doctor_check DOCTOR_CHECKS[]; /* in the order of a round; ends with a zero entry */

/* One round of all checks; one at a time in a process: ERR_BUSY. Ends early once *stop (may be NULL) is set. Any thread that may wait. */
MUST_CHECK enum err_code doctor_examine(const struct doctor_subject *subject, const atomic_bool *stop, doctor_hear hear,
                                        void *arg, struct doctor_report *out, struct err *e);

#endif
