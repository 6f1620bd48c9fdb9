/* http_fair.h - the line in front of the threads that hash passwords. Next comes the request from the site with the fewest
 * recent failures and the fewest requests ahead of it, so that a flood, from however many addresses, makes nobody else wait. When the
 * line is full, the last of the worst site gives way to a better one.
 *
 * A site is an IPv4 address or the /48 of an IPv6 one. A known device (http_exchange.known_as) is a site of its own, and comes
 * before strangers with as few failures, so that no flood from new addresses keeps its owner out. A failure loses half its weight in
 * a minute. In memory, bounded (the longest untouched site is forgotten). Inside http/ only; not thread-safe: http_worker holds its
 * lock. */
#ifndef HTTP_HTTP_FAIR_H
#define HTTP_HTTP_FAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_exchange;
struct http_fair;

/* At most `max_waiting` in the line; remembers `max_sites`, or as many as are in the line and at work if that is more. */
struct http_fair *http_fair_new(size_t max_waiting, size_t max_sites);
void http_fair_free(struct http_fair *fair); /* the line must be empty; NULL is fine */

/* Takes a place in the line. Returns the exchange that has no place now: NULL (none), `exchange` itself, or another that waited. */
struct http_exchange *http_fair_add(struct http_fair *fair, struct http_exchange *exchange, int64_t mono_ms);
/* The next exchange, NULL when none waits. Its site is exchange->site until http_fair_done(). */
struct http_exchange *http_fair_take(struct http_fair *fair, int64_t mono_ms);
/* The exchange taken is finished; `site`: its exchange->site, as that may be gone. `failed`: the password or code was wrong. */
struct http_site_record;
void http_fair_done(struct http_fair *fair, struct http_site_record *site, bool failed, int64_t mono_ms);

size_t http_fair_waiting(const struct http_fair *fair);

#endif
