/* http_neighbour.h - does the other end of a connection speak for others, and are we told so? A proxy that is not named as trusted,
 * or one that is and does not say for whom it asks, makes all visitors share one budget; that is said in the log, once for each.
 * Inside http/ only. Any thread. */
#ifndef HTTP_HTTP_NEIGHBOUR_H
#define HTTP_HTTP_NEIGHBOUR_H

#include <stdbool.h>
#include "http/http_framing.h"

enum neighbour_fault {
    NEIGHBOUR_FINE,
    NEIGHBOUR_UNNAMED, /* it says for whom it asks, and nobody named it with --trusted-proxy */
    NEIGHBOUR_SILENT,  /* it is named, and does not say for whom it asks */
    NEIGHBOUR_FAULTS
};

/* Pure. `trusted` ends with NULL, may be NULL. */
enum neighbour_fault http_neighbour_fault(const char *peer, const struct http_head *h, const char *const *trusted);

struct http_neighbours;
struct http_neighbours *http_neighbours_new(void);
void http_neighbours_free(struct http_neighbours *n); /* NULL is fine */
/* Logs the fault, once for each peer and fault; of at most 32, so that nobody fills the log. */
void http_neighbour_note(struct http_neighbours *n, const char *peer, enum neighbour_fault fault);

#endif
