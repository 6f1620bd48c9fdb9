#include "config/config_coturn.h"

#include <string.h>

#include "config/config_form.h"
#include "util/str.h"

/* Addresses that a relay must never send to: the TURN host's own neighbours and every other spelling of them. coturn 4.6.1 relays to
 * all of these unless told otherwise, and lets ::ffff:127.0.0.1 pass its own ban of loopback. The IPv4 ranges alone do not
 * help: mapped, compatible, NAT64 and 6to4 addresses hold IPv4 ones inside. */
struct denied {
    const char *range;
    const char *why;
};
static const struct denied DENIED[] = {
    { "0.0.0.0-0.255.255.255", "\"this\" network" },
    { "10.0.0.0-10.255.255.255", "private" },
    { "100.64.0.0-100.127.255.255", "shared by carriers" },
    { "127.0.0.0-127.255.255.255", "loopback" },
    { "169.254.0.0-169.254.255.255", "link-local, with the clouds' metadata services" },
    { "172.16.0.0-172.31.255.255", "private" },
    { "192.0.0.0-192.0.0.255", "protocol assignments" },
    { "192.0.2.0-192.0.2.255", "documentation" },
    { "192.88.99.0-192.88.99.255", "6to4 relays" },
    { "192.168.0.0-192.168.255.255", "private" },
    { "198.18.0.0-198.19.255.255", "benchmarks" },
    { "198.51.100.0-198.51.100.255", "documentation" },
    { "203.0.113.0-203.0.113.255", "documentation" },
    { "240.0.0.0-255.255.255.255", "reserved, broadcast" },
    /* 0::/8: loopback, IPv4-compatible, -mapped and -translated. coturn compares the ends of a range byte by byte, so ::1-… holds no
     * address whose last byte is 0 (::ffff:10.0.1.0 passed); and a range that begins at :: denies every IPv4 address too. So
     * there is one range for each byte that may be the one that is not 0. */
    { "::1-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved, with IPv4 inside" },
    { "::100-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved, with IPv4 inside" },
    { "::1:0-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved, with IPv4 inside" },
    { "::100:0-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved, with IPv4 inside" },
    { "::1:0:0-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved, with IPv4 inside" },
    { "::100:0:0-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved, with IPv4 inside" },
    { "::1:0:0:0-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved, with IPv4 inside" },
    { "::100:0:0:0-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved, with IPv4 inside" },
    { "::1:0:0:0:0-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved, with IPv4 inside" },
    { "::100:0:0:0:0-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved, with IPv4 inside" },
    { "::1:0:0:0:0:0-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved, with IPv4 inside" },
    { "::100:0:0:0:0:0-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved, with IPv4 inside" },
    { "0:1::-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved, with IPv4 inside" },
    { "0:100::-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved, with IPv4 inside" },
    { "1::-ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved, with IPv4 inside" },
    { "64:ff9b::-64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "NAT64" },
    { "100::-100::ffff:ffff:ffff:ffff", "discard" },
    { "2001::-2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "Teredo and other assignments" },
    { "2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "documentation" },
    { "2002::-2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "6to4" },
    { "fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "private" },
    { "fe80::-feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "link-local, site-local" },
    { 0 },
};

/* The port of the first URL of each kind; 0 when there is none. */
static int port_of(const struct config *config, bool tls)
{
    struct form_turn t;

    for (size_t i = 0; config->turn_urls.items[i]; i++)
        if (form_turn(config->turn_urls.items[i], &t) && t.tls == tls)
            return t.port;
    return 0;
}

static void print_head(struct buf *out, const char *realm)
{
    buf_printf(out,
               "# turnserver.conf for coturn 4.6 or newer, made by `parlour config coturn` for %s.\n"
               "# It holds a secret: keep it readable by coturn alone (chmod 640, group turnserver).\n"
               "# Give coturn a machine or network namespace of its own, and drop at its firewall what it sends into "
               "private nets.\n\n",
               realm);
}

static void print_secrets(struct buf *out, const struct config *config, const char *realm)
{
    buf_printf(out,
               "# Credentials are made by Parlour, for ten minutes each, and checked with the shared secret.\n"
               "realm=%s\nfingerprint\nuse-auth-secret\n",
               realm);
    if (config->turn_secrets.items[1])
        buf_add_text(out, "# While rotating all of these are valid; Parlour signs with the first.\n");
    for (size_t i = 0; config->turn_secrets.items[i]; i++)
        buf_printf(out, "static-auth-secret=%s\n", config->turn_secrets.items[i]);
    buf_add_text(out, "stale-nonce=600\n\n");
}

static void print_ports(struct buf *out, const struct config *config, const struct coturn_host *host)
{
    int port = port_of(config, false);
    int tls_port = port_of(config, true);

    buf_printf(out, "# Open these at the firewall: %d udp and tcp%s, and the relay ports udp.\nlistening-port=%d\n",
               port ? port : 3478, host->cert ? ", the TLS port tcp" : "", port ? port : 3478);
    if (host->cert)
        buf_printf(out, "tls-listening-port=%d\ncert=%s\npkey=%s\nno-tlsv1\nno-tlsv1_1\n", tls_port ? tls_port : 5349,
                   host->cert, host->pkey);
    else
        buf_add_text(out, "# No certificate was named, so there is no turns:. With one: `parlour config coturn --cert "
                          "FILE --pkey FILE`.\n"
                          "no-tls\n");
    buf_add_text(out, "no-dtls\nmin-port=49152\nmax-port=65535\n");
    if (host->external_ip)
        buf_printf(out, "# The address peers see; the machine itself only has a private one.\nexternal-ip=%s\n",
                   host->external_ip);
    buf_add_text(out, "\n");
}

static void print_limits(struct buf *out)
{
    buf_add_text(out, "# One participant, all participants, and bytes a second of one stream each way (5 Mbit/s).\n"
                      "user-quota=12\ntotal-quota=1200\nmax-bps=625000\n\n"
                      "# What browsers do not need and others could abuse.\n"
                      "no-cli\nno-tcp-relay\nno-multicast-peers\nno-rfc5780\nno-software-attribute\n\n");
}

static void print_denied(struct buf *out)
{
    buf_add_text(
        out,
        "# A relay reaches whatever its host reaches, so every address that is not public is closed, in every "
        "spelling.\n"
        "# If media must reach a server of your own at a private address, add allowed-peer-ip with that one address;\n"
        "# it beats these lines, so never name a range.\n");
    for (const struct denied *denied = DENIED; denied->range; denied++)
        buf_printf(out, "# %s\ndenied-peer-ip=%s\n", denied->why, denied->range);
    buf_add_text(out, "\n# One log, without the addresses of every packet.\nlog-file=stdout\nsimple-log\n");
}

/* coturn's two forms: the public address, or "public/private". */
static bool is_external_ip(const char *text)
{
    char public_ip[64];
    const char *slash = strchr(text, '/');

    return str_copy_n(public_ip, sizeof public_ip, text, slash ? (size_t)(slash - text) : strlen(text)) &&
           form_ip(public_ip) && (!slash || form_ip(slash + 1));
}

enum err_code config_coturn(const struct config *config, const struct coturn_host *host, struct buf *out, struct err *e)
{
    struct form_url url;
    const char *realm = config->public_url && form_url(config->public_url, &url) ? url.host : "localhost";

    if (!config->turn_secrets.items[0])
        return err_set(e, ERR_INVALID, "turn_secret_missing",
                       "there is no secret to share with coturn yet. Make one (`openssl rand -hex 32 > FILE; chmod 600 "
                       "FILE`) and set "
                       "turn-secret-file");
    if (!host->cert != !host->pkey)
        return err_set(e, ERR_INVALID, "certificate_incomplete", "--cert and --pkey belong together: name both");
    if (host->external_ip && !is_external_ip(host->external_ip))
        return err_set(e, ERR_INVALID, "bad_address",
                       "--external-ip: write a numeric address, as in 198.51.100.7, or public/private");
    print_head(out, realm);
    print_secrets(out, config, realm);
    print_ports(out, config, host);
    print_limits(out);
    print_denied(out);
    return out->overflow ? err_set(e, ERR_LIMIT, "limit", "the configuration is too long") : ERR_OK;
}
