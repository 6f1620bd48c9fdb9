/* http_call.h - what a handler gets, and the questions it may ask about it. On a worker. */
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

/* One call of a handler. Borrowed by the handler until it returns. The guard's findings (http_guard.h) are only passed on here. */
struct call {
    struct http_request *request;
    struct http_reply *reply;
    struct store *store;           /* this worker's handle */
    void *api;                     /* passed to http_start() by app: struct api of api/ */
    struct access *access;         /* belongs to the guard, for questions of handlers */
    const struct session *session; /* set by the guard, like all below but the time. NULL: nobody is signed in */
    const struct user *user;       /* with session */
    const struct repeat *repeat;   /* the request's Idempotency-Key, where the route takes one; NULL without */
    const uint8_t *device; /* hash of its cookie, if somebody signed in there before; only for routes that hash */
    int64_t now_ms;        /* wall clock at the start of the call */
};

/* The value of a cookie that http_reply_cookie() has set, in the request's memory; NULL when it has none. */
const char *call_cookie(const struct call *c, const char *name);
/* Is this handler result a failed attempt: a wrong password, code or PIN? */
bool call_failed_try(enum err_code rc);
/* 412 "changed" when If-Match is present and does not match; ERR_OK otherwise. */
MUST_CHECK enum err_code call_check_etag(const struct call *c, int64_t revision, struct err *e);

#endif
