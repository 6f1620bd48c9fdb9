/* http_router.h - finds the route, checks access, origin, limits and body, runs the handler on a worker thread.
 * Who may call and what the body may hold are columns of the route table, so a handler begins with facts. */
#ifndef HTTP_HTTP_ROUTER_H
#define HTTP_HTTP_ROUTER_H

#include "domain/user.h"
#include "http/http_reply.h"
#include "http/http_request.h"
#include "store/store.h"
#include "store/store_repeats.h"
#include "store/store_sessions.h"
#include "util/json_fields.h"

/* The zero value is the strictest. */
enum route_access {
    ACCESS_ADMIN,  /* signed in, role admin */
    ACCESS_HOST,   /* signed in, role admin or host */
    ACCESS_USER,   /* signed in */
    ACCESS_ANYONE, /* nobody need be signed in; a session is looked up when there is one */
    ACCESSES
};
/* Throttles with a bucket of their own, per address (/32, /64) or per user. */
enum route_limit {
    LIMIT_API,
    LIMIT_SIGN_IN,
    LIMIT_CODE,
    LIMIT_JOIN,
    LIMIT_SETUP,
    LIMIT_CREATE,
    LIMIT_PASSWORD,
    LIMIT_NEWCOMER,
    LIMIT_AGAIN,
    LIMITS
};

/* One call of a handler. Borrowed by the handler until it returns. */
struct call {
    struct http_request *request;
    struct http_reply *reply;
    struct store *store;           /* this worker's handle */
    void *api;                     /* what app gave to http_start(): struct api of api/ */
    const struct session *session; /* NULL: nobody is signed in */
    const struct user *user;       /* with session */
    const struct repeat *repeat;   /* the request's Idempotency-Key, where the route takes one; NULL without */
    const uint8_t *device;         /* hash of its cookie, where somebody signed in before; only for routes that hash */
    int64_t now_ms;                /* wall clock at the start of the call */
};
typedef enum err_code (*route_run)(struct call *c, struct err *e);

struct route {
    const char *method;
    const char *path; /* "/api/v1/rooms/:room" */
    enum route_access access;
    bool reads_only;         /* false: needs the same-origin headers (contract: changing requests) */
    bool works_before_setup; /* otherwise 409 setup_due while no user exists */
    bool idempotent; /* signed-in callers may name an Idempotency-Key: call->repeat (api_call.h, api_make_once) */
    bool hashes;     /* runs in the lane of those that hash passwords; others must not (domain/password.h) */
    enum route_limit limit;
    const struct field *body; /* NULL: no body is taken */
    route_run run;
    const char *help;   /* one sentence, for openapi.json */
    const char *answer; /* one line: what comes back */
};

/* Takes one from the bucket that the caller's address has for `about` (an id), beside the route's own. ERR_LIMIT. */
MUST_CHECK enum err_code call_limit_address(const struct call *c, enum route_limit limit, const char *about,
                                            struct err *e);
/* 412 "changed" when If-Match is there and does not match; ERR_OK otherwise. */
MUST_CHECK enum err_code call_check_etag(const struct call *c, int64_t revision, struct err *e);

#endif
