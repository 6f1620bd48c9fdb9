/* call_quality.h - how well a person in a call received the others: reports of their page added up over one stretch, and the word for
 * it. Pure. Any thread. */
#ifndef DOMAIN_CALL_QUALITY_H
#define DOMAIN_CALL_QUALITY_H

#include <stdint.h>
#include "domain/id.h"
#include "domain/seat.h"

/* Bounds of one report; the page sends one every half minute. */
#define CALL_QUALITY_REPORT_S 120
#define CALL_QUALITY_RTT_MS 60000
#define CALL_QUALITY_PATH_SIZE 17

struct call_quality {
    int64_t good_s, fair_s, poor_s;    /* seconds by the word that was shown */
    int64_t lost_s;                    /* seconds without a connection */
    int64_t rtt_ms;                    /* round trip, of the worst report */
    int64_t loss;                      /* thousandths of the packets, of the worst report */
    int64_t concealed;                 /* thousandths of the sound that were made up, of the worst report */
    int64_t frozen_ms;                 /* of the picture */
    char path[CALL_QUALITY_PATH_SIZE]; /* the last; "" unknown */
    /* The worst report: when it came (wall clock; 0: every second was good), its seconds poor or lost, and fair. */
    int64_t worst_ms, worst_bad_s, worst_fair_s;
};

/* A stretch of one person in a visit, as stored: a restart of the server begins another. */
struct call_stretch {
    char participant_id[ID_SIZE], room_id[ID_SIZE];
    char name[NAME_SIZE];
    enum seat_role role;
    int64_t visit_ms;        /* wall clock: two were inside; the same for everyone in the visit */
    int64_t began_ms, at_ms; /* wall clock: the first report, the last */
    struct call_quality quality;
};

enum call_word { CALL_UNKNOWN, CALL_GOOD, CALL_FAIR, CALL_POOR };

/* A report that came at this time is its own worst. */
void call_quality_came(struct call_quality *report, int64_t at_ms);
/* Adds a report, or another stretch, to what is known. */
void call_quality_add(struct call_quality *total, const struct call_quality *report);
/* A tenth of the time decides: that much spoils a talk. CALL_UNKNOWN: without a second. */
enum call_word call_quality_word(const struct call_quality *q);
const char *call_word_name(enum call_word word); /* "", "good", "fair", "poor" */
/* What most likely spoiled it: "lost" (the connection broke off), "loss" (packets did not arrive), "delay", "frozen" (the picture stood
 * still); "" when it was good, or nothing that was measured explains it. */
const char *call_quality_cause(const struct call_quality *q);

#endif
