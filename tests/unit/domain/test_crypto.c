/* Published vectors and the promises of domain/crypto.h. */
#include "domain/crypto.h"
#include "tests/support/check.h"
#include "util/str.h"

static void from_hex(const char *hex, void *to, size_t size)
{
    size_t len;

    CHECK(str_from_hex(hex, strlen(hex), to, size, &len) && len == size);
}

static void check_hmac(const void *key, size_t key_len, const char *text, size_t len, const char *hex)
{
    uint8_t mac[20], expected[20];

    crypto_hmac_sha1(key, key_len, text, len, mac);
    from_hex(hex, expected, sizeof expected);
    CHECK_MEM(mac, expected, sizeof mac);
}

static void sha1_gives_the_value_of_fips_180(void)
{
    uint8_t digest[20], expected[20];

    crypto_sha1("abc", 3, digest);
    from_hex("a9993e364706816aba3e25717850c26c9cd0d89d", expected, sizeof expected);
    CHECK_MEM(digest, expected, sizeof digest);
}

static void hmac_sha1_gives_the_values_of_rfc_2202(void)
{
    uint8_t bytes[80], counted[25];
    char text[50];

    memset(bytes, 0x0b, sizeof bytes);
    check_hmac(bytes, 20, "Hi There", 8, "b617318655057264e28bc0b6fb378c8ef146be00");
    check_hmac("Jefe", 4, "what do ya want for nothing?", 28, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    memset(bytes, 0xaa, sizeof bytes);
    memset(text, 0xdd, sizeof text);
    check_hmac(bytes, 20, text, 50, "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
    for (size_t i = 0; i < sizeof counted; i++)
        counted[i] = (uint8_t)(i + 1);
    memset(text, 0xcd, sizeof text);
    check_hmac(counted, 25, text, 50, "4c9007f4026250c6bc8414f9bf50c86c2d7235da");
    check_hmac(bytes, 80, "Test Using Larger Than Block-Size Key - Hash Key First", 54,
               "aa4ae5e15272d00e95705637ce8a3b55ed402112");
    check_hmac(bytes, 80, "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data", 73,
               "e8e99d0f45237d786d6bbaa7965c7808bbff1a91");
}

/* RFC 8032 §7.1, tests 1 to 3; the secret key is seed and public key. */
static void ed25519_gives_the_values_of_rfc_8032(void)
{
    static const struct {
        const char *seed, *public_key, *message, *signature;
    } VECTORS[] = {
        { "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
          "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
          "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
          "be2"
          "4655141438e7a100b" },
        { "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
          "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430"
          "2ae"
          "eb00d291612bb0c00" },
        { "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
          "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
          "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716e"
          "d28"
          "dc027beceea1ec40a" },
    };

    for (size_t i = 0; i < sizeof VECTORS / sizeof VECTORS[0]; i++) {
        uint8_t secret[SIGN_SECRET_BYTES], message[2], signature[SIGNATURE_BYTES], expected[SIGNATURE_BYTES];
        size_t len = strlen(VECTORS[i].message) / 2;

        from_hex(VECTORS[i].seed, secret, 32);
        from_hex(VECTORS[i].public_key, secret + 32, 32);
        from_hex(VECTORS[i].message, message, len);
        from_hex(VECTORS[i].signature, expected, sizeof expected);
        crypto_make_signature(secret, message, len, signature);
        CHECK_MEM(signature, expected, sizeof signature);
        CHECK(crypto_verify(secret + 32, message, len, signature));
        signature[5] ^= 1;
        CHECK(!crypto_verify(secret + 32, message, len, signature));
    }
}

/* BLAKE2b-256 of "abc" without a key, as other tools print it (b2sum -l 256). */
static void digest_is_blake2b_256(void)
{
    uint8_t hash[HASH_BYTES], expected[HASH_BYTES];

    crypto_digest("abc", 3, hash);
    from_hex("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319", expected, sizeof expected);
    CHECK_MEM(hash, expected, sizeof hash);
}

static void a_keyed_hash_depends_on_key_and_on_where_parts_end(void)
{
    uint8_t key[KEY_BYTES] = { 1 }, other[KEY_BYTES] = { 2 }, a[32], b[32];
    const char *left[] = { "ab", "c" }, *right[] = { "a", "bc" };

    crypto_keyed(key, left, 2, a, sizeof a);
    crypto_keyed(key, left, 2, b, sizeof b);
    CHECK_MEM(a, b, sizeof a);
    crypto_keyed(key, right, 2, b, sizeof b);
    CHECK(!crypto_equal(a, b, sizeof a));
    crypto_keyed(other, left, 2, b, sizeof b);
    CHECK(!crypto_equal(a, b, sizeof a));
}

static void a_seal_opens_only_with_its_key_and_context_and_unchanged(void)
{
    uint8_t key[KEY_BYTES] = { 7 }, other[KEY_BYTES] = { 8 }, sealed[5 + SEAL_OVERHEAD], plain[5];

    crypto_seal(key, "signing_key", "hello", 5, sealed);
    CHECK_INT(crypto_open(key, "signing_key", sealed, sizeof sealed, plain, NULL), ERR_OK);
    CHECK_MEM(plain, "hello", 5);
    CHECK_INT(crypto_open(key, "totp", sealed, sizeof sealed, plain, NULL), ERR_AUTH);
    CHECK_INT(crypto_open(other, "signing_key", sealed, sizeof sealed, plain, NULL), ERR_AUTH);
    CHECK_INT(crypto_open(key, "signing_key", sealed, SEAL_OVERHEAD - 1, plain, NULL), ERR_AUTH);
    for (size_t i = 0; i < sizeof sealed; i++) {
        sealed[i] ^= 1;
        CHECK_INT(crypto_open(key, "signing_key", sealed, sizeof sealed, plain, NULL), ERR_AUTH);
        sealed[i] ^= 1;
    }
}

static void ids_and_secrets_have_their_form_and_differ(void)
{
    char a[ID_SIZE], b[ID_SIZE], secret[SECRET_TEXT_SIZE];
    uint8_t hash[HASH_BYTES], again[HASH_BYTES];

    crypto_new_id(a);
    crypto_new_id(b);
    CHECK_INT(strlen(a), 26);
    CHECK(strcmp(a, b) != 0);
    crypto_new_secret(secret, hash);
    CHECK_INT(strlen(secret), SECRET_TEXT_SIZE - 1);
    crypto_digest(secret, strlen(secret), again);
    CHECK_MEM(hash, again, sizeof hash);
}

static const struct check_test TESTS[] = {
    TEST(sha1_gives_the_value_of_fips_180),
    TEST(hmac_sha1_gives_the_values_of_rfc_2202),
    TEST(ed25519_gives_the_values_of_rfc_8032),
    TEST(digest_is_blake2b_256),
    TEST(a_keyed_hash_depends_on_key_and_on_where_parts_end),
    TEST(a_seal_opens_only_with_its_key_and_context_and_unchanged),
    TEST(ids_and_secrets_have_their_form_and_differ),
    { 0 },
};

int main(int argc, char **argv)
{
    return crypto_start(NULL) == ERR_OK ? check_run(TESTS, argc, argv) : 1;
}
