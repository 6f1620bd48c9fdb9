/* access_repeat.h - the key with which a request may be sent twice and is carried out once. On a worker. */
#ifndef ACCESS_ACCESS_REPEAT_H
#define ACCESS_ACCESS_REPEAT_H

#include "http/http_call.h"

/* Fills c->repeat when the route takes an Idempotency-Key and the request has one. ERR_INVALID "bad_idempotency_key". */
MUST_CHECK enum err_code access_repeat_read(struct call *c, const struct route *route, struct err *e);

#endif
