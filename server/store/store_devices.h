/* store_devices.h - devices on which an account was signed in, known by the hash of their device cookie. A sign-in from one is
 * spared the waits caused by others' wrong passwords; the cookie opens nothing by itself. See store.h for threads. */
#ifndef STORE_STORE_DEVICES_H
#define STORE_STORE_DEVICES_H

#include <stdbool.h>
#include "domain/user.h"
#include "store/store.h"

#define DEVICE_MEMORY_MS (180 * 24 * 3600 * INT64_C(1000)) /* time since the last sign-in there */
#define DEVICES_OF_USER_MAX 20

/* Has anybody signed in there? One read. */
MUST_CHECK enum err_code store_device_known(struct store *store, const uint8_t cookie_hash[HASH_BYTES], int64_t now_ms,
                                            bool *known, struct err *e);
/* Has this user? user_id "" is nobody. One read. */
MUST_CHECK enum err_code store_device_is_of(struct store *store, const uint8_t cookie_hash[HASH_BYTES],
                                            const char *user_id, int64_t now_ms, bool *known, struct err *e);
/* Inside a write: the user has signed in there. The longest unused of their devices makes room. */
MUST_CHECK enum err_code store_device_seen(struct store *store, const char *user_id,
                                           const uint8_t cookie_hash[HASH_BYTES], int64_t now_ms, struct err *e);
/* Inside a write: forgets the user's devices except `keep` (NULL: all). */
MUST_CHECK enum err_code store_device_forget(struct store *store, const char *user_id, const uint8_t *keep,
                                             struct err *e);

#endif
