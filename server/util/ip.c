#include "util/ip.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "util/str.h"

bool ip_site(const char *address, char to[IP_SITE_SIZE])
{
    struct in6_addr v6;

    to[0] = '\0';
    if (inet_pton(AF_INET6, address, &v6) != 1 || IN6_IS_ADDR_V4MAPPED(&v6))
        return false;
    memset(&v6.s6_addr[6], 0, 10);
    if (!inet_ntop(AF_INET6, &v6, to, INET6_ADDRSTRLEN))
        return false;
    strcat(to, "/48"); /* no address is called that */
    return true;
}

/* The first `bits` (whole bytes of them) of an address of this family. */
static bool prefix(int family, const char *address, int bits, char to[IP_SITE_SIZE])
{
    unsigned char bytes[16];
    size_t kept = (size_t)bits / 8;
    char text[INET6_ADDRSTRLEN];

    if (inet_pton(family, address, bytes) != 1)
        return false;
    memset(bytes + kept, 0, sizeof bytes - kept);
    if (!inet_ntop(family, bytes, text, sizeof text))
        return false;
    snprintf(to, IP_SITE_SIZE, "%s/%d", text, bits);
    return true;
}

static const char *without_mapping(const char *address)
{
    return strncmp(address, "::ffff:", 7) == 0 && strchr(address, '.') ? address + 7 : address;
}

void ip_home(const char *address, char to[IP_SITE_SIZE])
{
    address = without_mapping(address);
    if (!prefix(AF_INET6, address, 64, to))
        (void)str_copy(to, IP_SITE_SIZE, address);
}

void ip_area(const char *address, char to[IP_SITE_SIZE])
{
    address = without_mapping(address);
    if (!prefix(AF_INET6, address, 48, to) && !prefix(AF_INET, address, 24, to))
        (void)str_copy(to, IP_SITE_SIZE, address);
}
