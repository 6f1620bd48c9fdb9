/* refusal.h - why a `join` is refused, and with which code the socket closes after the words. One table for seats and dashboards:
 * PROTOCOL.md shows it, and a test holds it against the words of the pages. Pure. Any thread. */
#ifndef LIVE_REFUSAL_H
#define LIVE_REFUSAL_H

#include "ws/client.h"

struct refusal {
    const char *code;
    enum close_code close;
};

extern const struct refusal REFUSALS[]; /* ends with a NULL code */

/* CLOSE_POLICY for one that is not in the table. */
enum close_code refusal_close(const char *code);

#endif
