/* store_repeats.h - what a repeated request made the first time (Idempotency-Key): the key, and a hash of the request. See store.h
 * for threads. */
#ifndef STORE_STORE_REPEATS_H
#define STORE_STORE_REPEATS_H

#include "domain/crypto.h"
#include "domain/id.h"
#include "store/store.h"
#include "util/str.h"

#define REPEAT_MEMORY_MS (24 * 3600 * INT64_C(1000)) /* how long a key is known */
#define REPEATS_OF_CALLER_MAX 5000

/* One request that names a key. */
struct repeat {
    char key[STR_HEX_SIZE(HASH_BYTES)]; /* hash of the key that the caller chose */
    uint8_t asked[HASH_BYTES];          /* hash of method, path and body */
};

/* The thing that the caller made with this key. ERR_NOT_FOUND: nothing yet. ERR_INVALID "idempotency_mismatch": the first request
 * was another one. */
MUST_CHECK enum err_code store_repeat_find(struct store *store, const char *caller_id, const struct repeat *repeat,
                                           int64_t now_ms, char object_id[ID_SIZE], struct err *e);
/* Inside the write that makes the object. The caller's oldest key makes room. */
MUST_CHECK enum err_code store_repeat_add(struct store *store, const char *caller_id, const struct repeat *repeat,
                                          const char *object_id, int64_t now_ms, struct err *e);

#endif
