/* password.h - hashing and policy (promises §2.1): Argon2id, opslimit 3, 64 MiB; about 100 ms of one core each.
 * Never on an event loop. At most two hashes run at once in the process, 32 more wait, then ERR_BUSY. */
#ifndef DOMAIN_PASSWORD_H
#define DOMAIN_PASSWORD_H

#include <stdbool.h>
#include "util/err.h"

#define PASSWORD_HASH_SIZE 128

/* 15-128 characters of any UTF-8; not in the blocklist, not the e-mail or name. ERR_INVALID, field "password". */
MUST_CHECK enum err_code password_check_policy(const char *password, const char *email, struct err *e);
MUST_CHECK enum err_code password_hash(const char *password, char hash[PASSWORD_HASH_SIZE], struct err *e);
/* ERR_AUTH when wrong. `hash` "" or NULL: an unknown user; a dummy is verified so that it takes as long, then ERR_AUTH. */
MUST_CHECK enum err_code password_verify(const char *password, const char *hash, struct err *e);
bool password_needs_rehash(const char *hash);

#endif
