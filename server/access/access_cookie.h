/* access_cookie.h - cookies that hold a secret of ours, of which only the hash is stored; and the guest's cookie. On a worker. */
#ifndef ACCESS_ACCESS_COOKIE_H
#define ACCESS_ACCESS_COOKIE_H

#include "domain/id.h"
#include "http/http_call.h"

/* The hash of the cookie `name` when the request has one that could be ours. Inside access/ only. */
bool access_cookie_hash(const struct call *c, const char *name, uint8_t hash[HASH_BYTES]);

/* Guest identity (contract): the hash of the guest cookie, made and set when the request has none. */
void access_guest_identity(struct call *c, uint8_t hash[HASH_BYTES]);
/* The hash when the request has one. */
bool access_guest_known(const struct call *c, uint8_t hash[HASH_BYTES]);

#endif
