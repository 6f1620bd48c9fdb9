/* ip.h - where an address belongs, for counting who comes from there. */
#ifndef UTIL_IP_H
#define UTIL_IP_H

#include <stdbool.h>

#define IP_SITE_SIZE 56

/* The /48 of an IPv6 address, as "2001:db8:1::/48": what one household, office or tunnel may have all of (RFC 6177), with 65,536
 * networks in it. False, and "", for every other text: an IPv4 address is its own site. */
bool ip_site(const char *address, char to[IP_SITE_SIZE]);

#endif
