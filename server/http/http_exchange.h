/* http_exchange.h - one API request and its answer, between the connection and the handler. Inside http/ only: handlers see
 * http_request.h and http_reply.h. Belongs to the connection's thread, and to one worker while the connection is suspended. */
#ifndef HTTP_HTTP_EXCHANGE_H
#define HTTP_HTTP_EXCHANGE_H

#include <jansson.h>
#include "domain/id.h"
#include "http/http_address.h"
#include "http/http_framing.h"
#include "http/http_origin.h"
#include "http/http_path.h"
#include "http/http_security.h"
#include "util/arena.h"
#include "util/buf.h"
#include "util/list.h"

struct access;
struct http_guard;
struct route;

#define ROUTE_PARAMS_MAX 4

struct http_params {
    struct http_param items[ROUTE_PARAMS_MAX];
    size_t count;
};

struct http_request {
    struct arena arena;
    struct http_head head; /* its texts live in the connection's buffer, as long as the request */
    struct http_params params;
    struct http_query query;
    json_t *body; /* owned; NULL until it was read */
    char address[HTTP_ADDRESS_SIZE];
    char id[ID_SIZE];
};

/* A header of an answer, in the request's arena. */
struct http_line {
    struct http_line *next;
    const char *name, *value;
};

struct http_reply {
    struct arena *arena;
    const struct http_site *site;
    const struct http_security *security;
    int status;              /* 0: no answer yet */
    json_t *json;            /* owned; NULL: text */
    json_t *facts;           /* owned; additional members of a problem, or NULL */
    const char *type, *text; /* text: in the arena */
    size_t text_len;
    struct http_line *headers; /* dropped when the handler fails afterwards */
    struct http_line *cookies; /* kept */
};

/* Shared by all requests of a server. Read-only after start. */
struct http_core {
    const struct route *routes; /* ends with a zero entry */
    struct http_site site;
    struct http_security data_security; /* of every answer that is not a page or file */
    const struct http_guard *guard;     /* NULL: nobody is known */
    struct access *access;              /* belongs to the guard */
    void *api;                          /* handed to handlers */
};

struct http_site_record;

struct http_exchange {
    struct list link; /* in the queue of the workers */
    /* Of requests that hash: tells this client from others at its address, or NULL; in the arena. */
    const char *known_as;
    struct http_site_record *site; /* of requests that hash: the site that a failure counts for (http_fair.h) */
    struct http_request request;
    struct http_reply reply;
    struct http_core *core;
    const struct route *route;
    struct buf body;    /* as it came */
    int64_t started_ms; /* monotonic */
    void *connection;   /* connection to wake when the answer is ready */
    void *response;     /* made by the worker, taken by the connection's thread */
};

struct http_exchange *http_exchange_new(struct http_core *core, const struct http_head *head, size_t max_body_bytes);
void http_exchange_free(struct http_exchange *exchange); /* wipes the body: it may hold a password */

#endif
