/* access_device_cookie.h - the device cookie in requests and answers: it opens nothing, and spares its owner the waits caused by
 * others' wrong passwords. */
#ifndef ACCESS_ACCESS_DEVICE_COOKIE_H
#define ACCESS_ACCESS_DEVICE_COOKIE_H

#include "domain/crypto.h"
#include "http/http_call.h"

/* Fills c->device when the request comes from a device on which somebody signed in before. On a worker. ERR_IO, ERR_BUSY. */
MUST_CHECK enum err_code access_device_cookie_find(struct call *c, struct err *e);
/* The device cookie of a request, in its memory, when we made it; NULL otherwise. Before a worker has the request. */
const char *access_device_cookie_ours(const struct call *c);
/* The hash of the device cookie: the request's cookie when it is known (c->device) and made with `key`, otherwise a new one. Sets
 * the cookie. On a worker. */
void access_device_cookie_identity(struct call *c, const uint8_t key[KEY_BYTES], uint8_t hash[HASH_BYTES]);

#endif
