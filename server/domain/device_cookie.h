/* device_cookie.h - the device cookie, of a browser in which somebody signed in: random bits, and a keyed hash of them, so that we recognize
 * our cookies without the store. It opens nothing: it only tells returning people from strangers. Plain values; any thread. */
#ifndef DOMAIN_DEVICE_COOKIE_H
#define DOMAIN_DEVICE_COOKIE_H

#include <stdbool.h>
#include "domain/crypto.h"

/* `hash`: the stored form of it. */
void device_cookie_make(const uint8_t key[KEY_BYTES], char text[SECRET_TEXT_SIZE], uint8_t hash[HASH_BYTES]);
bool device_cookie_is_ours(const uint8_t key[KEY_BYTES], const char *text);

#endif
