/* crowd.h - how many connections each address has open, so that no single address can fill the table of connections
 * until their deadlines. Counts by ip_home(): an IPv4 address, the /64 of an IPv6 one; and by ip_site(), because the owner
 * of one such network often has many. Any thread. */
#ifndef UTIL_CROWD_H
#define UTIL_CROWD_H

#include <stdbool.h>
#include <stdint.h>

struct crowd;

/* At most `max` connections from one address, twice as many from one IPv6 /48. */
struct crowd *crowd_new(int max);
void crowd_free(struct crowd *crowd); /* NULL is fine */

/* May another connection come from `address`? A refusal is counted. Asking and entering are two steps, so each accepting thread
 * may let one too many in. */
bool crowd_has_room(struct crowd *crowd, const char *address);
void crowd_enter(struct crowd *crowd, const char *address);
void crowd_leave(struct crowd *crowd, const char *address); /* once for each crowd_enter() */

int64_t crowd_refused(const struct crowd *crowd); /* since start */

#endif
