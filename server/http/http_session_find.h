/* http_session_find.h - who calls, by the sign-in cookie. Inside http/ only. On a worker. */
#ifndef HTTP_HTTP_SESSION_FIND_H
#define HTTP_HTTP_SESSION_FIND_H

#include "http/http_call.h"

struct http_exchange;

/* Fills c->session and c->user (pointing to *session and *user) when the request's cookie names a sign-in that is alive:
 * younger than 24 h and not idle (user_is_idle). A dead cookie is dropped and nobody is signed in; that is no error.
 * Notes the use at most once a minute. ERR_IO, ERR_BUSY from the store. */
MUST_CHECK enum err_code http_session_find(struct call *c, struct session *session, struct user *user, struct err *e);
/* Fills c->device (pointing to `hash`) when the request comes from a device where somebody signed in before. */
MUST_CHECK enum err_code http_device_find(struct call *c, uint8_t hash[HASH_BYTES], struct err *e);
/* The device cookie of a request, in its arena, when it is one that we made; NULL otherwise. Before a worker has the request. */
const char *http_device_ours(const struct http_exchange *x);

#endif
