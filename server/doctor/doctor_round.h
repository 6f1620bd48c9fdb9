/* doctor_round.h - one round of checks, as the rows of the table see it. Inside doctor/ only. */
#ifndef DOCTOR_DOCTOR_ROUND_H
#define DOCTOR_DOCTOR_ROUND_H

#include <stdatomic.h>
#include "doctor/doctor_finding.h"
#include "doctor/doctor_net.h"

struct doctor_round {
    const struct doctor_subject *subject;
    const struct doctor_check *check; /* the row that runs */
    struct doctor_report *report;
    doctor_hear hear;
    void *arg;
    const atomic_bool *stop; /* may be NULL */
    int64_t end_ms;          /* monotonic */
};

/* Adds a finding of the row that runs: its code, then names and values of its blanks, at the end NULL. Values are copied, and
 * cut where they are too long. */
void doctor_found(struct doctor_round *round, const char *code, ...) __attribute__((sentinel));

/* The round has no more time, or is to stop. */
bool doctor_is_over(const struct doctor_round *round);
/* `ms` from now, and no longer than the round. */
struct net_wait doctor_wait(const struct doctor_round *round, int ms);

/* A decimal number as text. */
struct doctor_number {
    char text[24];
};
struct doctor_number doctor_number(int64_t n);

/* A finding with these words, blanks to be filled in; NULL when the report is full. */
struct doctor_finding *doctor_add(struct doctor_round *round, const struct doctor_words *words);

/* "0.0.0.0" and "::" are every address; asked is the nearest. */
const char *doctor_nearest(const char *host);

#endif
