/* access_session.h - the sign-in cookie: made, found, dropped; idle and absolute expiry. Only its hash is stored. On a worker. */
#ifndef ACCESS_ACCESS_SESSION_H
#define ACCESS_ACCESS_SESSION_H

#include "http/http_call.h"
#include "store/store_sessions.h"

/* Makes a session for `user_id` inside a write and sets the cookie. `out` gets the session. An earlier
 * sign-in with this cookie ends. Errors of the store. */
MUST_CHECK enum err_code access_session_start(struct call *c, const char *user_id, struct session *out, struct err *e);
void access_session_drop_cookie(struct call *c);
/* Fills c->session and c->user, in memory of the request, when its cookie names a live sign-in: younger than 24 h and not idle
 * (user_is_idle). A dead cookie is dropped and nobody is signed in; that is not an error. Records the use at most once a minute.
 * Outside a write. ERR_IO, ERR_BUSY from the store. */
MUST_CHECK enum err_code access_session_find(struct call *c, struct err *e);

#endif
