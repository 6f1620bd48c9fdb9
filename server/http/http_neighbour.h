/* http_neighbour.h - is the peer of a connection a proxy, and are we configured for it? A proxy that is not named as trusted, or a
 * trusted one that does not name its clients, makes all visitors share one rate limit; the log says it once for each.
 * Inside http/ only. Any thread. */
#ifndef HTTP_HTTP_NEIGHBOUR_H
#define HTTP_HTTP_NEIGHBOUR_H

#include <stdbool.h>
#include "http/http_framing.h"

enum neighbour_fault {
    NEIGHBOUR_FINE,
    NEIGHBOUR_UNNAMED, /* it names its clients, but --trusted-proxy does not name it */
    NEIGHBOUR_SILENT,  /* it is named, but does not name its clients */
    NEIGHBOUR_FAULTS
};

/* Pure. `trusted` ends with NULL, may be NULL. */
enum neighbour_fault http_neighbour_fault(const char *peer, const struct http_head *head, const char *const *trusted);

struct http_neighbours;
struct http_neighbours *http_neighbours_new(void);
void http_neighbours_free(struct http_neighbours *n); /* NULL is fine */
/* Logs the fault, once for each peer and fault; 32 at most, so that nobody can fill the log. */
void http_neighbour_note(struct http_neighbours *n, const char *peer, enum neighbour_fault fault);

#endif
