/* http_fair.h - the line in front of the threads that hash passwords. Next is who comes from the site that failed least lately and has
 * the fewest before it in the line, so that a flood, from however many addresses, makes nobody else wait. When the line is full, the
 * last of the worst site gives way to a better one.
 *
 * A site is an IPv4 address or the /48 of an IPv6 one. A device that we know (http_exchange.known_as) is a site of its own, and comes
 * before strangers who failed as little, so that no flood from new addresses keeps its owner out. A failure weighs half after a minute. In memory, bounded (the longest
 * untouched site is forgotten). Inside http/ only; not by itself safe for threads: http_worker holds its lock. */
#ifndef HTTP_HTTP_FAIR_H
#define HTTP_HTTP_FAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_exchange;
struct http_fair;

/* At most `max_waiting` in the line, and `max_sites` remembered or as many as are in the line and at work. */
struct http_fair *http_fair_new(size_t max_waiting, size_t max_sites);
void http_fair_free(struct http_fair *f); /* the line must be empty; NULL is fine */

/* Takes a place in the line. Returns who has none now: NULL nobody, `x` itself, or another one that waited. */
struct http_exchange *http_fair_add(struct http_fair *f, struct http_exchange *x, int64_t mono_ms);
/* The next one, NULL when nobody waits. Its site is x->site until http_fair_done(). */
struct http_exchange *http_fair_take(struct http_fair *f, int64_t mono_ms);
/* What was taken is over; `site`: its x->site, as `x` may be gone. `failed`: it was a wrong password or code. */
struct http_site_record;
void http_fair_done(struct http_fair *f, struct http_site_record *site, bool failed, int64_t mono_ms);

size_t http_fair_waiting(const struct http_fair *f);

#endif
