/* http_call.h - what a handler gets, and what it may ask about it. On a worker. */
#ifndef HTTP_HTTP_CALL_H
#define HTTP_HTTP_CALL_H

#include "http/http_reply.h"
#include "http/http_request.h"
#include "http/http_route.h"
#include "store/store.h"

struct access;
struct repeat;
struct session;
struct user;

/* One call of a handler. Borrowed by the handler until it returns. What the guard finds (http_guard.h) is only handed on here. */
struct call {
    struct http_request *request;
    struct http_reply *reply;
    struct store *store;           /* this worker's handle */
    void *api;                     /* what app gave to http_start(): struct api of api/ */
    struct access *access;         /* the guard's own, for what handlers ask of it */
    const struct session *session; /* by the guard, as all below but the time. NULL: nobody is signed in */
    const struct user *user;       /* with session */
    const struct repeat *repeat;   /* the request's Idempotency-Key, where the route takes one; NULL without */
    const uint8_t *device;         /* hash of its cookie, where somebody signed in before; only for routes that hash */
    int64_t now_ms;                /* wall clock at the start of the call */
};

/* The value of a cookie that http_reply_cookie() has set, in memory of the request; NULL when it brings none. */
const char *call_cookie(const struct call *c, const char *name);
/* Is this result of a handler a failed try: a wrong password, code or PIN? */
bool call_failed_try(enum err_code rc);
/* 412 "changed" when If-Match is there and does not match; ERR_OK otherwise. */
MUST_CHECK enum err_code call_check_etag(const struct call *c, int64_t revision, struct err *e);

#endif
