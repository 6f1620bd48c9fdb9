#include "http/http_origin.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "util/str.h"

static const char *const LOOPBACK[] = { "localhost", "127.0.0.1", "[::1]" };
#define LOOPBACKS (sizeof LOOPBACK / sizeof *LOOPBACK)

static bool is_loopback(const char *host)
{
    for (size_t i = 0; i < LOOPBACKS; i++)
        if (strcasecmp(host, LOOPBACK[i]) == 0)
            return true;
    return false;
}

static bool is_host_char(char c, bool bracketed)
{
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-')
        return true;
    return bracketed ? c == ':' : c == '_';
}

/* Splits "host[:port]" or "[v6][:port]" (RFC 3986 §3.2); *port -1 without one. Converts to lower case. */
static bool split_host(const char *text, char host[HTTP_HOST_SIZE], int *port)
{
    bool bracketed = text[0] == '[';
    size_t len = bracketed ? strcspn(text, "]") + 1 : strcspn(text, ":");
    int64_t number;

    if (len == 0 || len > strlen(text) || !str_copy_n(host, HTTP_HOST_SIZE, text, len))
        return false;
    for (size_t i = 0; i < len; i++) {
        bool frame = bracketed && (i == 0 || i == len - 1);

        if (!frame && !is_host_char(host[i], bracketed))
            return false;
        if (host[i] >= 'A' && host[i] <= 'Z')
            host[i] = (char)(host[i] + 'a' - 'A');
    }
    *port = -1;
    if (text[len] == '\0')
        return true;
    if (text[len] != ':' || !str_to_i64(text + len + 1, 0, 65535, &number))
        return false;
    *port = (int)number;
    return true;
}

/* "scheme://host[:port]" and nothing else; *port is the scheme's default when none is named. */
static bool split_origin(const char *text, bool *https, char host[HTTP_HOST_SIZE], int *port)
{
    if (strncasecmp(text, "https://", 8) == 0)
        *https = true;
    else if (strncasecmp(text, "http://", 7) == 0)
        *https = false;
    else
        return false;
    if (!split_host(text + (*https ? 8 : 7), host, port))
        return false;
    if (*port < 0)
        *port = *https ? 443 : 80;
    return true;
}

static void write_origin(struct http_site *site)
{
    bool usual = site->port == (site->https ? 443 : 80);

    if (usual)
        snprintf(site->origin, sizeof site->origin, "%s://%s", site->https ? "https" : "http", site->host);
    else
        snprintf(site->origin, sizeof site->origin, "%s://%s:%d", site->https ? "https" : "http", site->host,
                 site->port);
}

enum err_code http_site_parse(const char *public_url, int port, struct http_site *out, struct err *e)
{
    char text[HTTP_ORIGIN_SIZE];
    size_t len = strlen(public_url);

    *out = (struct http_site){ 0 };
    if (len > 0 && public_url[len - 1] == '/')
        len--;
    if (!str_copy_n(text, sizeof text, public_url, len) || !split_origin(text, &out->https, out->host, &out->port))
        return err_set(e, ERR_INVALID, "invalid_url", "the public URL must look like https://visits.example.org");
    if (out->port == 0)
        out->port = port;
    out->local = !out->https && is_loopback(out->host);
    write_origin(out);
    return ERR_OK;
}

enum err_code http_host_check(const struct http_site *site, const char *host, struct err *e)
{
    char name[HTTP_HOST_SIZE];
    int port;

    if (!split_host(host, name, &port))
        return err_set(e, ERR_INVALID, "bad_request", "Host is not a host name");
    if (strcmp(name, site->host) == 0 || is_loopback(name))
        return ERR_OK;
    return err_set(e, ERR_INVALID, "misdirected", "You asked for %.80s, but the address of this service is %.100s",
                   name, site->origin);
}

bool http_origin_matches(const struct http_site *site, const char *origin)
{
    char host[HTTP_HOST_SIZE];
    bool https;
    int port;

    if (!split_origin(origin, &https, host, &port) || https != site->https || port != site->port)
        return false;
    return strcmp(host, site->host) == 0 || (site->local && is_loopback(host));
}

static enum err_code mismatch(const struct http_site *site, const char *origin, struct err *e)
{
    return err_set(e, ERR_FORBIDDEN, "origin_mismatch",
                   "This request came from %.90s, but the address of this service is %.90s; open that one", origin,
                   site->origin);
}

static bool is_json(const char *type)
{
    size_t len = type ? strcspn(type, "; \t") : 0;

    return len == strlen("application/json") && strncasecmp(type, "application/json", len) == 0;
}

enum err_code http_origin_check(const struct http_site *site, const struct http_head *head, struct err *e)
{
    const char *fetch_site = http_head_find(head, "Sec-Fetch-Site");
    const char *origin = http_head_find(head, "Origin");
    const char *ours = http_head_find(head, "X-Parlour");

    if (origin && !http_origin_matches(site, origin))
        return mismatch(site, origin[0] ? origin : "an unnamed place", e);
    if (fetch_site && strcmp(fetch_site, "same-origin") != 0)
        return mismatch(site, origin ? origin : "another site", e);
    if (!fetch_site && !origin)
        return mismatch(site, "a program that names no origin", e);
    if (!ours || strcmp(ours, "1") != 0)
        return err_set(e, ERR_FORBIDDEN, "header_missing", "send the header X-Parlour: 1");
    if (!is_json(http_head_find(head, "Content-Type")))
        return err_set(e, ERR_INVALID, "wrong_type", "send Content-Type: application/json");
    return ERR_OK;
}
