/* store_keys.h - signing keys, sealed with the master key, and the master key file itself. */
#ifndef STORE_STORE_KEYS_H
#define STORE_STORE_KEYS_H

#include "domain/token.h"
#include "store/store.h"

/* Keys derived from `<data>/master.key` (0600; made when absent). Wipe with mem_wipe() at the end. */
struct master_keys {
    uint8_t seal[KEY_BYTES];        /* seals signing keys and secrets in the database */
    uint8_t link[KEY_BYTES];        /* invitation codes */
    uint8_t participant[KEY_BYTES]; /* participant ids */
    uint8_t pin[KEY_BYTES];         /* PIN hashes */
    uint8_t device[KEY_BYTES];      /* device cookies */
};
MUST_CHECK enum err_code store_master_load(const char *data_folder, struct master_keys *out, struct err *e);

/* The newest keys (at most TOKEN_KEYS_MAX). Makes the first one, and a new one when it is due (token_key_due); deletes keys that
 * no token can need any more. A key that the master key cannot open (restored without it) is replaced by a new one and counted in
 * *lost. All but the first are recorded. A failed write is tried again the next time, as long as there is a key to sign with. At
 * start and once a day, outside a write. */
MUST_CHECK enum err_code store_keys_load(struct store *store, const struct master_keys *master, int64_t now_ms,
                                         struct key_ring *out, int *lost, struct err *e);
/* After a restore: a new key replaces all, so that earlier tokens are void. Outside a write. */
MUST_CHECK enum err_code store_keys_replace(struct store *store, const struct master_keys *master, int64_t now_ms,
                                            struct err *e);

#endif
