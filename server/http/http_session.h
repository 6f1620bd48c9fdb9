/* http_session.h - the sign-in cookie: made, found, dropped. Only its hash is stored. */
#ifndef HTTP_HTTP_SESSION_H
#define HTTP_HTTP_SESSION_H

#include "http/http_call.h"

/* Makes a session for `user_id` inside a write and sets the cookie. `out` gets the session. */
MUST_CHECK enum err_code http_session_start(struct call *c, const char *user_id, struct session *out, struct err *e);
void http_session_drop_cookie(struct call *c);
/* Guest identity (contract): the hash of the guest cookie, made and set when the request has none. */
void http_guest_identity(struct call *c, uint8_t hash[HASH_BYTES]);
/* The hash when the request brings one. */
bool http_guest_known(const struct call *c, uint8_t hash[HASH_BYTES]);
/* The hash of the device cookie: of the one that came when it is known (c->device) and made with `key`, else of a new one. Sets the
 * cookie. */
void http_device_identity(struct call *c, const uint8_t key[KEY_BYTES], uint8_t hash[HASH_BYTES]);

#endif
