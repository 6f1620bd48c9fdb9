/* http_address.h - the address that a request comes from: the peer's, or, when the peer is a trusted proxy, the last
 * address in X-Forwarded-For that is not a trusted proxy. Pure. Any thread. */
#ifndef HTTP_HTTP_ADDRESS_H
#define HTTP_HTTP_ADDRESS_H

#include <stdbool.h>
#include "http/http_framing.h"
#include "util/ip.h"

#define HTTP_ADDRESS_SIZE IP_SIZE

/* Is the address in the list, or in one of its networks? `trusted` ends with NULL, may be NULL. */
bool http_address_is_trusted(const char *address, const char *const *trusted);
/* The client's address. `trusted` ends with NULL, may be NULL. */
void http_address_of_client(const char *peer, const struct http_head *head, const char *const *trusted,
                            char to[HTTP_ADDRESS_SIZE]);
/* The key that limits count by: the whole IPv4 address, the /64 of an IPv6 one. */
void http_address_key(const char *address, char to[HTTP_ADDRESS_SIZE]);

#endif
