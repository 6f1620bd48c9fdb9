#include "config/config_form.h"

#include <arpa/inet.h>
#include <string.h>

#include "util/str.h"

bool form_ip(const char *text)
{
    unsigned char bytes[16];

    return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

static bool is_loopback_ip(const char *text)
{
    struct in_addr v4;
    struct in6_addr v6;

    if (inet_pton(AF_INET, text, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, text, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

static bool parse_port(const char *text, int64_t min, int *port)
{
    int64_t n;

    if (strlen(text) > 5 || !str_to_i64(text, min, 65535, &n))
        return false;
    *port = (int)n;
    return true;
}

bool form_address(const char *text, struct form_address *out)
{
    const char *colon = strrchr(text, ':');
    const char *end = colon;
    bool brackets = *text == '[';

    if (!colon)
        return false;
    if (brackets) {
        text++;
        end--;
        if (end < text || *end != ']')
            return false;
    }
    if (!str_copy_n(out->host, sizeof out->host, text, (size_t)(end - text)) || !form_ip(out->host))
        return false;
    if (brackets != (strchr(out->host, ':') != NULL)) /* IPv6, and nothing else, is in brackets */
        return false;
    out->loopback = is_loopback_ip(out->host);
    return parse_port(colon + 1, 0, &out->port);
}

/* Letters, digits, '-' and '.', no empty label: a DNS name or an IPv4 address. */
static bool is_host_name(const char *host)
{
    char before = '.';

    for (const char *p = host; *p; before = *p++) {
        bool letter = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '_';

        if (!letter && !(*p == '-' && before != '.') && !(*p == '.' && before != '.' && before != '-'))
            return false;
    }
    return before != '.' && before != '-';
}

/* Reads "host[:port]" up to `end`; *port stays as it was when none is named. */
static bool parse_authority(const char *text, size_t len, int64_t min_port, char host[FORM_HOST_SIZE], int *port)
{
    char copy[FORM_HOST_SIZE + 8];
    char *colon;

    if (!str_copy_n(copy, sizeof copy, text, len))
        return false;
    colon = strrchr(copy, ':');
    if (colon && copy[0] == '[' && strchr(colon, ']'))
        colon = NULL; /* it belongs to the address */
    if (colon) {
        *colon = '\0';
        if (!parse_port(colon + 1, min_port, port))
            return false;
    }
    if (!str_copy(host, FORM_HOST_SIZE, copy))
        return false;
    if (host[0] == '[') {
        char inner[FORM_HOST_SIZE];
        size_t n = strlen(host);

        return n > 2 && host[n - 1] == ']' && str_copy_n(inner, sizeof inner, host + 1, n - 2) && strchr(inner, ':') &&
               form_ip(inner);
    }
    return is_host_name(host);
}

static bool is_loopback_host(const char *host)
{
    return str_equal(host, "localhost") || str_equal(host, "[::1]") || (!strchr(host, ':') && is_loopback_ip(host));
}

struct block {
    uint32_t first; /* of the addresses, as a number */
    int bits;       /* shared by all of them */
};

/* RFC 1918, RFC 3927, RFC 6598: addresses that cannot be reached from outside. */
static bool is_private_v4(uint32_t address)
{
    static const struct block PRIVATE[] = {
        { 0x0a000000, 8 }, { 0xac100000, 12 }, { 0xc0a80000, 16 }, { 0xa9fe0000, 16 }, { 0x64400000, 10 },
    };

    for (size_t i = 0; i < sizeof PRIVATE / sizeof *PRIVATE; i++)
        if ((address ^ PRIVATE[i].first) >> (32 - PRIVATE[i].bits) == 0)
            return true;
    return false;
}

/* RFC 4193 and RFC 4291: fc00::/7 and fe80::/10. */
static bool is_private_v6(const struct in6_addr *address)
{
    return (address->s6_addr[0] & 0xfe) == 0xfc || IN6_IS_ADDR_LINKLOCAL(address);
}

/* Names that no public DNS answers: one label, or an ending reserved for private networks (RFC 6762, RFC 8375). */
static bool is_private_name(const char *host)
{
    static const char *const ENDINGS[] = { ".local", ".lan", ".home.arpa", ".internal", ".intranet", ".corp", ".home" };

    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++)
        if (str_ends(host, ENDINGS[i]))
            return true;
    return !strchr(host, '.');
}

static bool is_private_host(const char *host)
{
    char inner[FORM_HOST_SIZE];
    struct in_addr v4;
    struct in6_addr v6;

    if (inet_pton(AF_INET, host, &v4) == 1)
        return is_private_v4(ntohl(v4.s_addr));
    if (host[0] != '[')
        return is_private_name(host);
    return str_copy_n(inner, sizeof inner, host + 1, strlen(host) - 2) && inet_pton(AF_INET6, inner, &v6) == 1 &&
           is_private_v6(&v6);
}

static enum form_reach reach_of(const struct form_url *url)
{
    if (url->loopback)
        return FORM_MACHINE;
    if (!url->https)
        return FORM_INSECURE;
    return is_private_host(url->host) ? FORM_NETWORK : FORM_ANYWHERE;
}

static const char *const REACH_NAMES[] = {
    [FORM_ANYWHERE] = "anywhere",
    [FORM_NETWORK] = "network",
    [FORM_MACHINE] = "machine",
    [FORM_INSECURE] = "insecure",
};
#define TRY_LAN " For a first try with phones in this network: --tls self-signed."
#define REMEDY "Start it with --public-url and the https address that your guests reach."
static const char *const REACH_WORDS[] = {
    [FORM_NETWORK] = "Links name an address of your own network and do not work outside it. " REMEDY,
    [FORM_MACHINE] = "Links name this machine and work on no other, also not on a phone. " REMEDY TRY_LAN,
    [FORM_INSECURE] = "Links are plain http, where browsers give no camera and no microphone. " REMEDY,
};

const char *form_reach_name(enum form_reach reach)
{
    return REACH_NAMES[reach];
}

const char *form_reach_words(enum form_reach reach)
{
    return REACH_WORDS[reach];
}

bool form_url(const char *text, struct form_url *out)
{
    const char *rest;

    out->https = str_starts(text, "https://");
    if (!out->https && !str_starts(text, "http://"))
        return false;
    rest = strstr(text, "://") + 3;
    out->port = out->https ? 443 : 80;
    if (!parse_authority(rest, strlen(rest), 0, out->host, &out->port))
        return false;
    out->loopback = is_loopback_host(out->host);
    out->reach = reach_of(out);
    return true;
}

bool form_turn(const char *text, struct form_turn *out)
{
    const char *query;
    size_t len;

    out->tls = str_starts(text, "turns:");
    if (!out->tls && !str_starts(text, "turn:"))
        return false;
    text = strchr(text, ':') + 1;
    query = strchr(text, '?');
    len = query ? (size_t)(query - text) : strlen(text);
    out->port = out->tls ? 5349 : 3478;
    out->transport[0] = '\0';
    if (query) {
        if (!str_starts(query, "?transport="))
            return false;
        query += strlen("?transport=");
        if (!str_equal(query, "udp") && !str_equal(query, "tcp"))
            return false;
        str_copy(out->transport, sizeof out->transport, query);
    }
    return parse_authority(text, len, 1, out->host, &out->port);
}
