#include "util/ip.h"

#include <arpa/inet.h>
#include <string.h>

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
