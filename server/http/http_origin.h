/* http_origin.h - our identity for browsers: the public address, which Host and Origin are ours, and the same-origin rule for
 * changing requests. Pure; a site is read-only after start. Any thread. */
#ifndef HTTP_HTTP_ORIGIN_H
#define HTTP_HTTP_ORIGIN_H

#include <stdbool.h>
#include "http/http_framing.h"
#include "util/err.h"

#define HTTP_HOST_SIZE 256
#define HTTP_ORIGIN_SIZE (HTTP_HOST_SIZE + 16)

/* The parts of public_url. */
struct http_site {
    bool https;
    bool untrusted;                /* no Strict-Transport-Security: it would close the way past the browser's warning */
    bool local;                    /* http on localhost: localhost, 127.0.0.1 and [::1] are one origin */
    int port;                      /* 80 or 443 when the URL names none */
    char host[HTTP_HOST_SIZE];     /* lower case; IPv6 in brackets */
    char origin[HTTP_ORIGIN_SIZE]; /* "https://visits.example.org", as a browser sends it */
};

/* ERR_INVALID for anything but scheme://host[:port][/]. `port` replaces a port of 0 (a listener on any free port). */
MUST_CHECK enum err_code http_site_parse(const char *public_url, int port, struct http_site *out, struct err *e);

/* Host: a name or address of ours; ports are not compared, because many proxies drop them. Loopback names are always ours:
 * no page of another name can send them. ERR_INVALID "bad_request" (not a host), "misdirected" (not ours). */
MUST_CHECK enum err_code http_host_check(const struct http_site *site, const char *host, struct err *e);
/* Exactly ours; the case of the host does not matter. */
bool http_origin_matches(const struct http_site *site, const char *origin);
/* The rule for changing requests: X-Parlour: 1, JSON, Sec-Fetch-Site same-origin or, without it, our Origin; an Origin
 * must be ours whenever it is present. ERR_FORBIDDEN "header_missing" or "origin_mismatch"; ERR_INVALID "wrong_type". */
MUST_CHECK enum err_code http_origin_check(const struct http_site *site, const struct http_head *head, struct err *e);

#endif
