#include "domain/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <string.h>

#include "util/mem.h"
#include "util/str.h"

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(SEAL_OVERHEAD == NONCE_BYTES + TAG_BYTES, "a seal is nonce, text, tag");
_Static_assert(SIGN_SECRET_BYTES == crypto_sign_ed25519_SECRETKEYBYTES, "Ed25519");
_Static_assert(SECRET_TEXT_SIZE == STR_BASE64URL_SIZE(SECRET_BYTES), "base64url of a secret");

enum err_code crypto_start(struct err *e)
{
    if (sodium_init() < 0)
        return err_set(e, ERR_INTERNAL, "crypto", "libsodium does not start: is there a source of random bytes?");
    /* Now, because its configuration (the site's policy) may be out of reach once the sandbox is in force. */
    if (OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL) != 1)
        return err_set(e, ERR_INTERNAL, "crypto", "OpenSSL does not start: is its configuration in order?");
    return ERR_OK;
}

void crypto_random(void *bytes, size_t len)
{
    randombytes_buf(bytes, len);
}

void crypto_new_id(char id[ID_SIZE])
{
    uint8_t bytes[16];

    randombytes_buf(bytes, sizeof bytes);
    str_base32(id, bytes, sizeof bytes);
}

void crypto_new_secret(char text[SECRET_TEXT_SIZE], uint8_t hash[HASH_BYTES])
{
    uint8_t bytes[SECRET_BYTES];

    randombytes_buf(bytes, sizeof bytes);
    str_base64url(text, bytes, sizeof bytes);
    crypto_digest(text, strlen(text), hash);
    mem_wipe(bytes, sizeof bytes);
}

void crypto_digest(const void *bytes, size_t len, uint8_t hash[HASH_BYTES])
{
    crypto_generichash(hash, HASH_BYTES, bytes, len, NULL, 0);
}

void crypto_keyed(const uint8_t key[KEY_BYTES], const char *const *parts, size_t count, void *out, size_t out_len)
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, key, KEY_BYTES, out_len);
    for (size_t i = 0; i < count; i++) {
        uint64_t len = strlen(parts[i]);
        uint8_t head[8]; /* the length, so that ["ab", "c"] and ["a", "bc"] differ */

        for (size_t b = 0; b < sizeof head; b++)
            head[b] = (uint8_t)(len >> (56 - 8 * b));
        crypto_generichash_update(&state, head, sizeof head);
        crypto_generichash_update(&state, (const unsigned char *)parts[i], len);
    }
    crypto_generichash_final(&state, out, out_len);
    mem_wipe(&state, sizeof state);
}

bool crypto_equal(const void *a, const void *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}

void crypto_seal(const uint8_t key[KEY_BYTES], const char *context, const void *plain, size_t len, uint8_t *sealed)
{
    randombytes_buf(sealed, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_BYTES, NULL, plain, len, (const unsigned char *)context,
                                               strlen(context), NULL, sealed, key);
}

enum err_code crypto_open(const uint8_t key[KEY_BYTES], const char *context, const uint8_t *sealed, size_t sealed_len,
                          void *plain, struct err *e)
{
    if (sealed_len >= SEAL_OVERHEAD &&
        crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed + NONCE_BYTES, sealed_len - NONCE_BYTES,
                                                   (const unsigned char *)context, strlen(context), sealed, key) == 0)
        return ERR_OK;
    return err_set(e, ERR_AUTH, "bad_seal", "this was sealed with another master key, or it was changed");
}

void crypto_sign_pair(uint8_t public_key[SIGN_PUBLIC_BYTES], uint8_t secret_key[SIGN_SECRET_BYTES])
{
    crypto_sign_ed25519_keypair(public_key, secret_key);
}

void crypto_make_signature(const uint8_t secret_key[SIGN_SECRET_BYTES], const void *bytes, size_t len,
                           uint8_t signature[SIGNATURE_BYTES])
{
    crypto_sign_ed25519_detached(signature, NULL, bytes, len, secret_key);
}

bool crypto_verify(const uint8_t public_key[SIGN_PUBLIC_BYTES], const void *bytes, size_t len,
                   const uint8_t signature[SIGNATURE_BYTES])
{
    return crypto_sign_ed25519_verify_detached(signature, bytes, len, public_key) == 0;
}

void crypto_hmac_sha1(const void *key, size_t key_len, const void *bytes, size_t len, uint8_t mac[20])
{
    unsigned int mac_len = 20;

    HMAC(EVP_sha1(), key, (int)key_len, bytes, len, mac, &mac_len);
}

void crypto_sha1(const void *bytes, size_t len, uint8_t digest[20])
{
    (void)EVP_Digest(bytes, len, digest, NULL, EVP_sha1(), NULL);
}

void crypto_md5(const void *bytes, size_t len, uint8_t digest[16])
{
    (void)EVP_Digest(bytes, len, digest, NULL, EVP_md5(), NULL);
}
