/* http_settings.h - the input of http_start(): addresses, deadlines, sizes, and everything that upper layers serve.
 * Plain values. */
#ifndef HTTP_HTTP_SETTINGS_H
#define HTTP_HTTP_SETTINGS_H

#include "http/http_files.h"
#include "http/http_guard.h"
#include "http/http_route.h"
#include "util/buf.h"
#include "util/err.h"

/* Pages outside /api that are not assets: /healthz, /readyz, /metrics, /.well-known/jwks.json. Run on an MHD thread: must not block. */
struct http_plain {
    const char *path;
    const char *type;
    /* Fills `body`, returns the status. */
    int (*run)(void *api, struct buf *body);
};

struct http_settings {
    const char *const *listen;           /* "127.0.0.1:8080", "[::1]:8080"; NULL-terminated */
    bool takes;                          /* nothing is accepted there: connections come by http_take() */
    bool untrusted;                      /* browsers warn of our certificate: never tell them to allow no way past */
    const char *public_url;              /* "https://visits.example.org"; port 0 becomes the first listener's */
    const char *redirect_listen;         /* an address that sends to the same page at public_url, or NULL */
    const char *redirect_webroot;        /* ACME tokens are answered there from this folder; NULL: none */
    const char *side_listen;             /* an address that answers side_plain and nothing else, or NULL */
    const struct http_plain *side_plain; /* ends with a zero entry */
    struct http_files_settings files;    /* pages and assets */
    const char *const *trusted_proxies;  /* addresses and networks whose X-Forwarded-For is believed; NULL-terminated */
    int threads;                         /* MHD pool */
    int workers;                         /* handler threads */
    int max_connections;
    int max_per_address;            /* connections from one address, or one /64; trusted proxies have no limit */
    int head_deadline_ms;           /* 10 000, absolute */
    int body_deadline_ms;           /* 30 000, absolute */
    int idle_ms;                    /* 30 000, keep-alive */
    size_t max_body_bytes;          /* 256 KiB */
    const struct route *routes;     /* the API; ends with a zero entry */
    const struct http_guard *guard; /* who may call what, how often; NULL: only routes for anyone, without limits */
    struct access *access;          /* belongs to the guard, passed to it with each call */
    const struct http_plain *plain; /* ends with a zero entry */
    void *api;                      /* passed to handlers and plain pages */
    /* An accepted WebSocket upgrade. Takes fd; ERR_BUSY: it was closed. `room` is the path's part after /ws/. */
    enum err_code (*on_upgrade)(void *api, int fd, const char *room, const char *key, const char *address);
};

#endif
