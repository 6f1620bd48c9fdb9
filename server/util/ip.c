#include "util/ip.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "util/str.h"

bool ip_normal(const char *text, char to[IP_SIZE])
{
    struct in6_addr v6;
    struct in_addr v4;

    if (inet_pton(AF_INET, text, &v4) == 1)
        return inet_ntop(AF_INET, &v4, to, IP_SIZE) != NULL;
    if (inet_pton(AF_INET6, text, &v6) != 1)
        return false;
    if (IN6_IS_ADDR_V4MAPPED(&v6))
        return inet_ntop(AF_INET, &v6.s6_addr[12], to, IP_SIZE) != NULL;
    return inet_ntop(AF_INET6, &v6, to, IP_SIZE) != NULL;
}

void ip_text(const struct sockaddr *sa, char to[IP_SIZE])
{
    char text[INET6_ADDRSTRLEN] = "";

    if (sa && sa->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, text, sizeof text);
    else if (sa && sa->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, text, sizeof text);
    if (!ip_normal(text, to))
        str_copy(to, IP_SIZE, "local");
}

bool ip_site(const char *address, char to[IP_SITE_SIZE])
{
    struct in6_addr v6;

    to[0] = '\0';
    if (inet_pton(AF_INET6, address, &v6) != 1 || IN6_IS_ADDR_V4MAPPED(&v6))
        return false;
    memset(&v6.s6_addr[6], 0, 10);
    if (!inet_ntop(AF_INET6, &v6, to, INET6_ADDRSTRLEN))
        return false;
    strcat(to, "/48"); /* no address has this form */
    return true;
}

/* The first `bits` (whole bytes) of an address of this family. */
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

/* As IPv6 bytes, IPv4 as ::ffff:a.b.c.d; *bits is the length of a whole address in its own family. */
static bool parse(const char *text, uint8_t bytes[16], int *bits)
{
    static const uint8_t MAPPED[12] = { [10] = 0xff, [11] = 0xff };

    *bits = 128;
    if (inet_pton(AF_INET6, text, bytes) == 1)
        return true;
    memcpy(bytes, MAPPED, sizeof MAPPED);
    *bits = 32;
    return inet_pton(AF_INET, text, bytes + sizeof MAPPED) == 1;
}

/* *bits: how many leading bits of the IPv6 form count. */
static bool parse_network(const char *network, uint8_t bytes[16], int *bits)
{
    const char *slash = strchr(network, '/');
    char address[INET6_ADDRSTRLEN];
    int64_t length;
    int whole;

    if (!str_copy_n(address, sizeof address, network, slash ? (size_t)(slash - network) : strlen(network)) ||
        !parse(address, bytes, &whole))
        return false;
    length = whole;
    if (slash && !str_to_i64(slash + 1, 0, whole, &length))
        return false;
    *bits = 128 - whole + (int)length;
    return true;
}

bool ip_network_valid(const char *network)
{
    uint8_t bytes[16];
    int bits;

    return parse_network(network, bytes, &bits);
}

bool ip_network_holds(const char *network, const char *address)
{
    uint8_t net[16], own[16];
    int bits, unused;

    if (!parse_network(network, net, &bits) || !parse(address, own, &unused))
        return false;
    for (int i = 0; i < 16 && bits > 0; i++, bits -= 8) {
        uint8_t mask = (uint8_t)(bits >= 8 ? 0xff : 0xff << (8 - bits));

        if ((net[i] ^ own[i]) & mask)
            return false;
    }
    return true;
}
