/* app_parts.h - the parts of a running server, in the order they are built. Inside app/ only. */
#ifndef APP_APP_PARTS_H
#define APP_APP_PARTS_H

#include "api/api.h"
#include "app/app_services.h"
#include "app/control.h"
#include "config/config.h"
#include "config/config_form.h"
#include "http/http_fill.h"
#include "http/http_server.h"
#include "store/store_keys.h"
#include "store/store_worker.h"
#include "tls/tls.h"

/* The signing keys at one time. Never changed: other threads read them. Earlier ones stay for threads that still use them. */
struct app_keys {
    struct app_keys *before;
    struct key_ring ring;
};

struct app {
    struct api api;              /* passed to handlers and plain pages; owned here */
    const struct config *config; /* borrowed */
    int64_t max_connections;     /* as many as the limit of open files allows */
    int statm;                   /* /proc/self/statm, opened before the sandbox blocks it; -1 */
    int sandbox;                 /* version of Landlock in force, 0 none */
    struct store_db *db;
    struct store *store;       /* of the main thread */
    struct master_keys master; /* wiped at the end */
    struct app_keys *keys;     /* in use; wiped at the end */
    struct store_worker *worker;
    struct hub *hub;
    struct app_services services; /* for commands over the control socket */
    struct control *control;
    struct http_fill *fill; /* the practice's words for the pages */
    struct access *access;  /* callers' rights and rate limits over HTTP */
    struct http_server *http;
    struct tls *tls;              /* in front of it; NULL without tls-cert */
    struct form_url public_parts; /* of public-url, under TLS */
    char own_certificate[1024];   /* file of the one that is signed by itself */
    int64_t own_looked_ms;        /* when it was last looked at, monotonic */
    char webroot[1024];           /* folder in which an ACME program leaves its tokens */
    char kept_files[1024];        /* folder in which each build of the client leaves its files for the next */
};

/* /healthz, /readyz, /.well-known/jwks.json on every listener; /metrics on its own. */
extern const struct http_plain APP_PAGES[];
extern const struct http_plain APP_METRICS[];

#endif
