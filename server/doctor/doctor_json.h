/* doctor_json.h - a report as JSON: {"status","began_at","ended_at","checks":[{"check","status","code","text","remedy","blanks"}]}. Pure. */
#ifndef DOCTOR_DOCTOR_JSON_H
#define DOCTOR_DOCTOR_JSON_H

#include <jansson.h>
#include "doctor/doctor_finding.h"

/* The caller's reference. */
json_t *doctor_json(const struct doctor_report *report);

#endif
