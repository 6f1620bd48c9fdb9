/* ip.h - the text of an address, and its networks, for counting by origin. Pure. Any thread. */
#ifndef UTIL_IP_H
#define UTIL_IP_H

#include <stdbool.h>

struct sockaddr;

#define IP_SIZE 48 /* of an address as text */
#define IP_SITE_SIZE 56

/* inet_ntop's form of a numeric address, so that equal addresses compare equal; IPv4 inside IPv6 is IPv4. False for other texts. */
bool ip_normal(const char *text, char to[IP_SIZE]);
/* Text of an address, in that form; "local" for sockets without an address. */
void ip_text(const struct sockaddr *sa, char to[IP_SIZE]);

/* The /48 of an IPv6 address, as "2001:db8:1::/48": all of it may belong to one household, office or tunnel (RFC 6177), with
 * 65,536 networks in it. False, and "", for every other text: an IPv4 address is its own site. */
bool ip_site(const char *address, char to[IP_SITE_SIZE]);

/* Counted as one: an IPv4 address; the /64 of an IPv6 one, as "2001:db8:1:2::/64", the least that a household has. Other texts are
 * returned unchanged. */
void ip_home(const char *address, char to[IP_SITE_SIZE]);
/* The area in which many of those may belong together: the /24 of an IPv4 address, as "192.0.2.0/24"; the /48 of an IPv6 one. */
void ip_area(const char *address, char to[IP_SITE_SIZE]);

/* Is it an address, or a network as in "10.0.0.0/8" or "fd00::/8"? */
bool ip_network_valid(const char *network);
/* Does the network hold the address? A single address holds itself, IPv4 inside IPv6 is IPv4. False for invalid texts. */
bool ip_network_holds(const char *network, const char *address);

#endif
