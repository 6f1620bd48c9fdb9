#include "http/http_security.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Features that no page may ask for, not even one with a camera (the list of W3C Permissions Policy). */
#define NEVER "geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=(), bluetooth=(), browsing-topics=()"

static const char *const PERMISSIONS[KINDS] = {
    [KIND_ROOM_PAGE] =
        "camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self), fullscreen=(self), "
        "picture-in-picture=(self), screen-wake-lock=(self), autoplay=(self), " NEVER,
    [KIND_PAGE] = "camera=(), microphone=(), display-capture=(), speaker-selection=(), fullscreen=(self), "
                  "picture-in-picture=(), screen-wake-lock=(), autoplay=(self), " NEVER,
};

static const char *const FIXED_POLICY[KINDS] = {
    [KIND_DATA] = "default-src 'none'; frame-ancestors 'none'; sandbox",
    [KIND_SCRIPT] =
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; frame-ancestors 'none'",
    [KIND_PICTURE] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
};

/* Older browsers do not match wss: by 'self', so it is spelled out. A policy cannot name an IPv6 address; 'self' covers it there. */
static void write_sockets(const struct http_site *site, char *to, size_t size)
{
    if (site->local)
        snprintf(to, size, " ws://localhost:%d ws://127.0.0.1:%d", site->port, site->port);
    else if (site->host[0] == '[')
        to[0] = '\0';
    else
        snprintf(to, size, " %s%s", site->https ? "wss" : "ws", site->origin + strlen(site->https ? "https" : "http"));
}

static void write_page_policy(const struct http_site *site, enum http_kind kind, const char *hashes, char *to,
                              size_t size)
{
    char sockets[HTTP_ORIGIN_SIZE + 8];
    bool room = kind == KIND_ROOM_PAGE;

    write_sockets(site, sockets, sizeof sockets);
    snprintf(to, size,
             "default-src 'none'; script-src 'self'%s; worker-src 'self'; style-src 'self'%s%s; img-src 'self' data: "
             "blob:; %s"
             "font-src 'self'; connect-src 'self'%s; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
             "object-src 'none'; "
             "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default lit-html",
             room ? " 'wasm-unsafe-eval'" : "", hashes[0] ? " " : "", hashes,
             room ? "media-src 'self' blob: mediastream:; " : "", sockets);
}

static void add(struct http_security *out, const char *name, const char *value)
{
    out->lines[out->count++] = (struct http_security_line){ name, value };
}

void http_security_make(const struct http_site *site, enum http_kind kind, const char *style_hashes,
                        struct http_security *out)
{
    *out = (struct http_security){ .count = 0 };
    if (FIXED_POLICY[kind])
        snprintf(out->policy, sizeof out->policy, "%s", FIXED_POLICY[kind]);
    else
        write_page_policy(site, kind, style_hashes, out->policy, sizeof out->policy);
    add(out, "Content-Security-Policy", out->policy);
    add(out, "X-Content-Type-Options", "nosniff");
    add(out, "Referrer-Policy", "no-referrer");
    add(out, "Cross-Origin-Opener-Policy", "same-origin");
    add(out, "Cross-Origin-Resource-Policy", "same-origin");
    if (PERMISSIONS[kind])
        add(out, "Permissions-Policy", PERMISSIONS[kind]);
    if (site->https && !site->untrusted)
        add(out, "Strict-Transport-Security", "max-age=31536000");
}
