/* http_crowd.h - how many connections each address has open, so that no single address can fill the table of connections
 * until their deadlines. Counts by http_address_key(): an IPv4 address, the /64 of an IPv6 one; and by ip_site(), because the owner
 * of one such network often has many. Inside http/ only. Any thread. */
#ifndef HTTP_HTTP_CROWD_H
#define HTTP_HTTP_CROWD_H

#include <stdbool.h>
#include <stdint.h>

struct http_crowd;

/* At most `max` connections from one address, twice as many from one IPv6 /48. */
struct http_crowd *http_crowd_new(int max);
void http_crowd_free(struct http_crowd *crowd); /* NULL is fine */

/* May another connection come from `address`? A refusal is counted. Asking and entering are two steps, so each accepting thread
 * may let one too many in. */
bool http_crowd_has_room(struct http_crowd *crowd, const char *address);
void http_crowd_enter(struct http_crowd *crowd, const char *address);
void http_crowd_leave(struct http_crowd *crowd, const char *address); /* once for each http_crowd_enter() */

int64_t http_crowd_refused(const struct http_crowd *crowd); /* since start */

#endif
