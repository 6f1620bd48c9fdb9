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
};

/* A stretch of one person in a room, as stored. */
struct call_stretch {
    char participant_id[ID_SIZE], room_id[ID_SIZE];
    char name[NAME_SIZE];
    enum seat_role role;
    int64_t began_ms, at_ms; /* wall clock: the first report, the last */
    struct call_quality quality;
};

/* Adds a report to what is known. */
void call_quality_add(struct call_quality *total, const struct call_quality *report);
/* "good", "fair", "poor"; "" without a second. A tenth of the time decides: that much spoils a talk. */
const char *call_quality_word(const struct call_quality *q);

#endif
