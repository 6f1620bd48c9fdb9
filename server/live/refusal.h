/* refusal.h - why a `join` is refused, and the close code of the socket after the message. One table for seats and dashboards:
 * PROTOCOL.md shows it, and a test compares it with the texts of the pages. Pure. Any thread. */
#ifndef LIVE_REFUSAL_H
#define LIVE_REFUSAL_H

#include "ws/client.h"

struct refusal {
    const char *code;
    enum close_code close;
};

extern const struct refusal REFUSALS[]; /* ends with a NULL code */

/* CLOSE_POLICY for a code that is not in the table. */
enum close_code refusal_close(const char *code);

#endif
