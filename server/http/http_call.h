/* http_call.h - what a handler gets, and what it may ask about it. On a worker. */
#ifndef HTTP_HTTP_CALL_H
#define HTTP_HTTP_CALL_H

#include "domain/user.h"
#include "http/http_reply.h"
#include "http/http_request.h"
#include "http/http_route.h"
#include "store/store.h"
#include "store/store_repeats.h"
#include "store/store_sessions.h"

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

/* Takes one from the bucket that the caller's address has for `about` (an id), beside the route's own. ERR_LIMIT. */
MUST_CHECK enum err_code call_limit_address(const struct call *c, enum route_limit limit, const char *about,
                                            struct err *e);
/* 412 "changed" when If-Match is there and does not match; ERR_OK otherwise. */
MUST_CHECK enum err_code call_check_etag(const struct call *c, int64_t revision, struct err *e);

#endif
