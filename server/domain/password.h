/* password.h - hashing and policy (promises §2.1): Argon2id, opslimit 3, 64 MiB; about 100 ms of one core each.
 * Never on an event loop. A hash needs one of the two hash slots of the process; 32 more wait for one, then ERR_BUSY.
 *
 * Why there is no list of known passwords: of the 30,000 most frequent ones that zxcvbn lists, 31 have 15 characters. To
 * reach that length with the others, people double short words and keyboard patterns, string them together or pad them
 * with digits. password_check_policy() measures exactly that, so it also refuses passwords that are in no list. */
#ifndef DOMAIN_PASSWORD_H
#define DOMAIN_PASSWORD_H

#include <stdbool.h>
#include "util/err.h"

#define PASSWORD_HASH_SIZE 128
#define PASSWORD_MIN 15 /* characters */
#define PASSWORD_MAX 128
#define PASSWORD_MAX_BYTES 512 /* UTF-8 */
#define PASSWORD_HASH_SLOTS 2  /* hashes at once */

/* May this thread hash from now on? Returns the earlier setting; at first it may not. A thread that others wait for must not, and
 * ERR_INTERNAL instead of a hash shows the mistake at the first call. */
bool password_may_hash(bool may);

/* 15-128 characters of any UTF-8. `known`: words that others know about this person: e-mail, name, practice; or "".
 * Refused when repetitions, sequences, rows of keys, common words and known words leave less than eleven characters
 * that would have to be guessed. ERR_INVALID, field "password". */
MUST_CHECK enum err_code password_check_policy(const char *password, const char *known, struct err *e);
/* ERR_BUSY "busy" with retry_after_s when the queue is full or memory is short. */
MUST_CHECK enum err_code password_hash(const char *password, char hash[PASSWORD_HASH_SIZE], struct err *e);
/* ERR_AUTH "bad_credentials" when wrong. `hash` "" or NULL: an unknown user; a dummy is verified so that it takes equally
 * long, then ERR_AUTH. ERR_BUSY as above. */
MUST_CHECK enum err_code password_verify(const char *password, const char *hash, struct err *e);
bool password_needs_rehash(const char *hash);

#endif
