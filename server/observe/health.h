/* health.h - live, ready, and why not. Live is whoever can answer at all; ready is who would serve a guest now.
 * Each part of the process says what keeps it from serving; ready means that none does. Process-wide. Any thread. */
#ifndef OBSERVE_HEALTH_H
#define OBSERVE_HEALTH_H

enum health_part {
    HEALTH_START, /* "starting" until everything is built; so from the first moment */
    HEALTH_STORE, /* the database cannot be written to */
    HEALTH_DRAIN, /* the process was asked to end */
    HEALTH_PARTS
};

/* `why_not` is a constant text of one word or two, kept by address; NULL: this part is fine. */
void health_set(enum health_part part, const char *why_not);
/* NULL when ready, else the first reason. */
const char *health_why_not(void);

#endif
