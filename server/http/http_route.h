/* http_route.h - the columns of a route table: who may call, how often, what the body may hold, so that a handler begins with
 * checked facts. Plain values. */
#ifndef HTTP_HTTP_ROUTE_H
#define HTTP_HTTP_ROUTE_H

#include "util/err.h"
#include "util/json_fields.h"

struct call;

/* The zero value is the strictest. */
enum route_access {
    ACCESS_ADMIN,  /* signed in, role admin */
    ACCESS_HOST,   /* signed in, role admin or host */
    ACCESS_USER,   /* signed in */
    ACCESS_ANYONE, /* no sign-in needed; a session is looked up when there is one */
    ACCESSES
};
/* Rate limits with a bucket of their own, per address (/32, /64) or per user. */
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
    LIMIT_SELFTEST,
    LIMIT_SELFTESTS,
    LIMITS
};

typedef enum err_code (*route_run)(struct call *c, struct err *e);

struct route {
    const char *method;
    const char *path; /* "/api/v1/rooms/:room" */
    enum route_access access;
    bool reads_only;         /* false: needs the same-origin headers (contract: changing requests) */
    bool works_before_setup; /* false: 409 setup_due while no user exists */
    bool idempotent;         /* signed-in callers may name an Idempotency-Key: call->repeat */
    bool hashes; /* runs in the lane that hashes passwords; other handlers must not hash (domain/password.h) */
    enum route_limit limit;
    const struct field *body; /* NULL: no body is accepted */
    route_run run;
    const char *help;   /* one sentence, for openapi.json */
    const char *answer; /* one line: what the answer holds */
};

#endif
