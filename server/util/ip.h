/* ip.h - where an address belongs, for counting who comes from there. */
#ifndef UTIL_IP_H
#define UTIL_IP_H

#include <stdbool.h>

#define IP_SITE_SIZE 56

/* The /48 of an IPv6 address, as "2001:db8:1::/48": what one household, office or tunnel may have all of (RFC 6177), with 65,536
 * networks in it. False, and "", for every other text: an IPv4 address is its own site. */
bool ip_site(const char *address, char to[IP_SITE_SIZE]);

/* Who is counted as one: an IPv4 address; the /64 of an IPv6 one, as "2001:db8:1:2::/64", which every household has at least. Other
 * texts are themselves. */
void ip_home(const char *address, char to[IP_SITE_SIZE]);
/* Where many of those may belong together: the /24 of an IPv4 address, as "192.0.2.0/24"; the /48 of an IPv6 one. */
void ip_area(const char *address, char to[IP_SITE_SIZE]);

/* Is it an address, or a network as in "10.0.0.0/8" or "fd00::/8"? */
bool ip_network_valid(const char *network);
/* Does the network hold the address? An address alone holds itself, IPv4 inside IPv6 is IPv4. False for what is none. */
bool ip_network_holds(const char *network, const char *address);

#endif
