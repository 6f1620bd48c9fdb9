/* health.h - live, ready, and why not. A process is live if it can answer at all, and ready if it would serve a guest now.
 * Each part of the process reports its obstacle to serving; ready means that there is none. Process-wide. Any thread. */
#ifndef OBSERVE_HEALTH_H
#define OBSERVE_HEALTH_H

enum health_part {
    HEALTH_START, /* "starting" from the first moment until everything is built */
    HEALTH_STORE, /* the database cannot be written to */
    HEALTH_DRAIN, /* the process was asked to end */
    HEALTH_PARTS
};

/* `why_not` is a constant text of one or two words, kept by address; NULL: this part is fine. */
void health_set(enum health_part part, const char *why_not);
/* NULL when ready, otherwise the first reason. */
const char *health_why_not(void);

#endif
