/* crypto.h - random ids, hashes, sealing, signatures and the HMACs that TURN and TOTP need.
 * libsodium does everything but HMAC-SHA1 (OpenSSL; libsodium has none). Any thread after crypto_start().
 * libsodium exports crypto_hash and crypto_sign itself; ours are therefore named crypto_digest and crypto_make_signature. */
#ifndef DOMAIN_CRYPTO_H
#define DOMAIN_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "domain/id.h"
#include "util/err.h"

#define KEY_BYTES 32
#define SECRET_BYTES 32
#define SECRET_TEXT_SIZE 44 /* base64url of a secret and NUL */
#define SIGN_SECRET_BYTES 64
#define SIGN_PUBLIC_BYTES 32
#define SIGNATURE_BYTES 64
#define SEAL_OVERHEAD 40 /* bytes added by crypto_seal(): nonce and tag */

MUST_CHECK enum err_code crypto_start(struct err *e); /* once, before threads */
void crypto_random(void *bytes, size_t len);
void crypto_new_id(char id[ID_SIZE]);                                          /* 128 random bits, base32 */
void crypto_new_secret(char text[SECRET_TEXT_SIZE], uint8_t hash[HASH_BYTES]); /* 256 random bits and their hash */
/* BLAKE2b-256 of a secret's text: only this is stored. */
void crypto_digest(const void *bytes, size_t len, uint8_t hash[HASH_BYTES]);
/* Keyed BLAKE2b of `parts` texts (each preceded by its length), for derived keys, codes and participant ids.
 * `out_len` 16 to 64. */
void crypto_keyed(const uint8_t key[KEY_BYTES], const char *const *parts, size_t count, void *out, size_t out_len);
bool crypto_equal(const void *a, const void *b, size_t len); /* constant time */

/* Authenticated encryption with the master key; `context` (e.g. "signing_key") must be the same at opening.
 * sealed holds len + SEAL_OVERHEAD. */
void crypto_seal(const uint8_t key[KEY_BYTES], const char *context, const void *plain, size_t len, uint8_t *sealed);
MUST_CHECK enum err_code crypto_open(const uint8_t key[KEY_BYTES], const char *context, const uint8_t *sealed,
                                     size_t sealed_len, void *plain, struct err *e);

void crypto_sign_pair(uint8_t public_key[SIGN_PUBLIC_BYTES], uint8_t secret_key[SIGN_SECRET_BYTES]);
void crypto_make_signature(const uint8_t secret_key[SIGN_SECRET_BYTES], const void *bytes, size_t len,
                           uint8_t signature[SIGNATURE_BYTES]);
bool crypto_verify(const uint8_t public_key[SIGN_PUBLIC_BYTES], const void *bytes, size_t len,
                   const uint8_t signature[SIGNATURE_BYTES]);

/* HMAC-SHA1 (RFC 2202 vectors in the tests); only for coturn's REST credentials and TOTP. */
void crypto_hmac_sha1(const void *key, size_t key_len, const void *bytes, size_t len, uint8_t mac[20]);
/* Only for the key of STUN's long-term credentials (RFC 8489 §9.2.2), which is MD5 of name, realm and password. */
void crypto_md5(const void *bytes, size_t len, uint8_t digest[16]);
/* Bare SHA-1 protects nothing; RFC 6455 §4.2.2 requires it in the answer to a WebSocket key. */
void crypto_sha1(const void *bytes, size_t len, uint8_t digest[20]);

#endif
