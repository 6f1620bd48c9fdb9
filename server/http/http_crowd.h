/* http_crowd.h - how many connections each address has open, so that one alone cannot fill the table of connections until its
 * deadlines come. Counts by http_address_key(): an IPv4 address, the /64 of an IPv6 one; and by ip_site(), as whoever has one such
 * network often has many. Inside http/ only. Any thread. */
#ifndef HTTP_HTTP_CROWD_H
#define HTTP_HTTP_CROWD_H

#include <stdbool.h>
#include <stdint.h>

struct http_crowd;

/* At most `max` connections of one address, twice as many of one IPv6 /48. */
struct http_crowd *http_crowd_new(int max);
void http_crowd_free(struct http_crowd *c); /* NULL is fine */

/* May another one come from `address`? A refusal is counted. As asking and entering are two steps, each thread that accepts
 * may let one too many in. */
bool http_crowd_has_room(struct http_crowd *c, const char *address);
void http_crowd_enter(struct http_crowd *c, const char *address);
void http_crowd_leave(struct http_crowd *c, const char *address); /* once for each enter */

int64_t http_crowd_refused(const struct http_crowd *c); /* since start */

#endif
