/* doctor_checks.h - the rows of the table of checks: their functions and words, a file a subject (check_*.c). */
#ifndef DOCTOR_DOCTOR_CHECKS_H
#define DOCTOR_DOCTOR_CHECKS_H

#include "doctor/doctor_finding.h"

void check_options(struct doctor_round *round);
void check_disk(struct doctor_round *round);
void check_write(struct doctor_round *round);
void check_database(struct doctor_round *round);
void check_backup(struct doctor_round *round);
void check_secrets(struct doctor_round *round);
void check_clock(struct doctor_round *round);
void check_ports(struct doctor_round *round);
void check_dns(struct doctor_round *round);
void check_address(struct doctor_round *round);
void check_certificate(struct doctor_round *round);
void check_turn(struct doctor_round *round);
void check_deny(struct doctor_round *round);

extern const struct doctor_words WORDS_OPTIONS[], WORDS_DISK[], WORDS_WRITE[], WORDS_DATABASE[], WORDS_BACKUP[],
    WORDS_SECRETS[], WORDS_CLOCK[], WORDS_PORTS[], WORDS_DNS[], WORDS_ADDRESS[], WORDS_CERTIFICATE[], WORDS_TURN[],
    WORDS_DENY[];

#endif
