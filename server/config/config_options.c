/* The option table. Order is the order of help, sample file and manual page. A new option is one row here and one member
 * of struct config. */
#include <stddef.h>
#include <string.h>

#include "config/config.h"
#include "config/config_form.h"
#include "util/ip.h"
#include "util/str.h"

#define TURN_SECRET_MIN 16 /* characters: a secret that can be guessed opens the relay to everyone */

static bool is_listen(const char *value)
{
    struct form_address a;

    return form_address(value, &a);
}

static bool is_origin(const char *value)
{
    struct form_url u;

    return form_url(value, &u);
}

static bool is_turn_url(const char *value)
{
    struct form_turn t;

    return form_turn(value, &t);
}

/* Printable without blanks, so that it survives in coturn's file, where `=` and the end of line are special. */
static bool is_turn_secret(const char *value)
{
    for (const char *p = value; *p; p++)
        if (*p <= ' ' || *p >= 0x7f || *p == '#' || *p == '"' || *p == '\'')
            return false;
    return strlen(value) >= TURN_SECRET_MIN;
}

#define AT(member) .offset = offsetof(struct config, member)

const struct config_option CONFIG_OPTIONS[] = {
    { "config", OPTION_TEXT, AT(config), .value = "FILE", .fallback = "", .where = IN_ENVIRONMENT | ON_COMMAND_LINE,
      .help = "Reads options from this file, one `name = value` a line; an installed parlour reads "
              "/etc/parlour/parlour.conf when it is there." },
    { "listen", OPTION_LIST, AT(listen), .value = "ADDR:PORT", .fallback = "127.0.0.1:8080", .valid = is_listen,
      .remedy = "a numeric address and a port, as in 127.0.0.1:8080 or [::1]:8080", .where = ANYWHERE,
      .help = "Accepts connections here, with TLS when tls-cert is set; beyond loopback only with an https public "
              "URL." },
    { "tls", OPTION_CHOICE, AT(tls), .value = "WAY", .fallback = "off", .choices = "off|self-signed", .where = ANYWHERE,
      .help = "self-signed: for a first try with phones in the same network, with a certificate made here; listen is "
              "then port 8443 of all addresses, and the address for people this machine's own, unless they are set." },
    { "tls-cert", OPTION_TEXT, AT(tls_cert), .value = "FILE", .fallback = "", .where = ANYWHERE,
      .help = "Certificate with its chain (fullchain.pem): listen speaks TLS then, and no proxy is needed. It is read "
              "again when it has changed, and on SIGHUP." },
    { "tls-key", OPTION_TEXT, AT(tls_key), .value = "FILE", .fallback = "", .where = ANYWHERE,
      .help = "Private key of that certificate (privkey.pem), without a passphrase." },
    { "redirect-listen", OPTION_TEXT, AT(redirect_listen), .value = "ADDR:PORT", .fallback = "", .valid = is_listen,
      .remedy = "a numeric address and a port, as in 0.0.0.0:80 or [::]:80", .where = ANYWHERE,
      .help = "Sends http to the same page at the public URL, and answers ACME challenges from the folder acme in the "
              "data folder (certbot --webroot)." },
    { "data", OPTION_TEXT, AT(data), .value = "DIR", .fallback = "data", .where = ANYWHERE,
      .help = "Folder of the database, the master key and the control socket; an installed parlour uses "
              "/var/lib/parlour." },
    { "public-url", OPTION_TEXT, AT(public_url), .value = "URL", .fallback = "", .valid = is_origin,
      .remedy = "scheme, name and perhaps port in lower case, as in https://visits.example.org, without a path",
      .where = ANYWHERE,
      .help = "Address that people open; without it http://localhost and the port of the first listen." },
    { "turn-url", OPTION_LIST, AT(turn_urls), .value = "URL", .fallback = "", .valid = is_turn_url,
      .remedy = "turn:turn.example.org:3478?transport=udp (or tcp) or turns:turn.example.org:5349?transport=tcp",
      .where = ANYWHERE, .help = "A TURN server that relays media where peers cannot reach each other." },
    { "turn-secret-file", OPTION_TEXT, AT(turn_secret_file), .value = "FILE", .fallback = "", .where = ANYWHERE,
      .help = "File with the secrets shared with coturn, one a line: the first signs, the others stay valid while "
              "rotating." },
    { "turn-secret", OPTION_LIST, AT(turn_secrets), .value = "SECRET", .fallback = "", .valid = is_turn_secret,
      .remedy = "16 or more printable characters without blanks, quotes or #; `openssl rand -hex 32` makes one",
      .where = IN_ENVIRONMENT, .secret = true,
      .help =
          "The secrets themselves, instead of the file; a command line would show them to every user of the machine." },
    { "signal-threads", OPTION_INT, AT(signal_threads), .value = "N", .fallback = "1", .min = 1, .max = 16,
      .unit = "threads", .where = ANYWHERE,
      .help = "Threads that own the rooms; one relays more than most practices need." },
    { "http-threads", OPTION_INT, AT(http_threads), .value = "N", .fallback = "0", .min = 0, .max = 64,
      .unit = "threads", .where = ANYWHERE,
      .help = "Threads that answer HTTP; 0 means one a processor core, at most 8." },
    { "workers", OPTION_INT, AT(workers), .value = "N", .fallback = "4", .min = 1, .max = 64, .unit = "threads",
      .where = ANYWHERE, .help = "Threads for work that waits for the database; two further threads hash passwords." },
    { "max-connections", OPTION_INT, AT(max_connections), .value = "N", .fallback = "16384", .min = 64, .max = 200000,
      .unit = "connections", .where = ANYWHERE,
      .help = "Connections at once; fewer when the limit of open files is lower, and the log says so." },
    { "trusted-proxy", OPTION_LIST, AT(trusted_proxies), .value = "ADDRESS", .fallback = "", .valid = ip_network_valid,
      .remedy = "a numeric address or network, as in 127.0.0.1, ::1 or 10.0.0.0/8", .where = ANYWHERE,
      .help =
          "Believes X-Forwarded-For when the connection comes from this proxy, or from one in this network; without "
          "it everybody behind a proxy counts as one address." },
    { "signal-rate", OPTION_INT, AT(signal_rate), .value = "N", .fallback = "50", .min = 1, .max = 1000000,
      .unit = "messages a second", .where = ANYWHERE,
      .help = "Messages that one seat may send on average; four times as many in a burst." },
    { "rate-scale", OPTION_INT, AT(rate_scale), .value = "N", .fallback = "1", .min = 1, .max = 100000, .unit = "times",
      .where = ANYWHERE,
      .help = "Multiplies every limit on how often one address or account may ask; for tests, and for many "
              "people behind one address." },
    { "drain-s", OPTION_INT, AT(drain_s), .value = "N", .fallback = "5", .min = 0, .max = 60, .unit = "seconds",
      .where = ANYWHERE,
      .help = "Longest time that a stopping server waits for connections that do not end by themselves." },
    { "web-dir", OPTION_TEXT, AT(web_dir), .value = "DIR", .fallback = "", .where = ANYWHERE,
      .help = "Serves the built client from this folder instead of the one inside the binary, for development." },
    { "metrics-listen", OPTION_TEXT, AT(metrics_listen), .value = "ADDR:PORT", .fallback = "", .valid = is_listen,
      .remedy = "a numeric address and a port, as in 127.0.0.1:9100", .where = ANYWHERE,
      .help = "Answers /metrics on this address alone; without it /metrics does not exist." },
    { "log-level", OPTION_CHOICE, AT(log_level), .value = "LEVEL", .fallback = "info",
      .choices = "error|warn|info|debug", .where = ANYWHERE, .help = "Least important level that is logged." },
    { "log-format", OPTION_CHOICE, AT(log_format), .value = "FORM", .fallback = "text", .choices = "text|json",
      .where = ANYWHERE, .help = "Form of the log lines on standard error." },
    { 0 },
};

_Static_assert(sizeof CONFIG_OPTIONS / sizeof *CONFIG_OPTIONS <= CONFIG_OPTIONS_MAX,
               "struct config.sources is too short");
