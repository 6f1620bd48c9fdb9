#include "domain/device_cookie.h"

#include <string.h>

#include "tests/support/check.h"

static const uint8_t KEY[KEY_BYTES] = { 1, 2, 3 };
static const uint8_t OTHER_KEY[KEY_BYTES] = { 4, 5, 6 };

static void a_cookie_is_ours_only_by_the_key_that_made_it(void)
{
    char text[SECRET_TEXT_SIZE], other[SECRET_TEXT_SIZE];
    uint8_t hash[HASH_BYTES], digest[HASH_BYTES];

    device_cookie_make(KEY, text, hash);
    device_cookie_make(KEY, other, digest);
    CHECK_INT((int)strlen(text), 43);
    CHECK(strcmp(text, other) != 0);
    CHECK(device_cookie_is_ours(KEY, text));
    CHECK(!device_cookie_is_ours(OTHER_KEY, text));
    crypto_digest(text, strlen(text), digest);
    CHECK(memcmp(hash, digest, sizeof hash) == 0);
}

static void a_forged_cookie_is_not_ours(void)
{
    char text[SECRET_TEXT_SIZE], longer[SECRET_TEXT_SIZE + 1];
    uint8_t hash[HASH_BYTES];

    device_cookie_make(KEY, text, hash);
    for (size_t i = 0; i < 42; i++) { /* the last character holds bits that must be 0 */
        char changed[SECRET_TEXT_SIZE];

        memcpy(changed, text, sizeof changed);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CHECK(!device_cookie_is_ours(KEY, changed));
    }
    memcpy(longer, text, sizeof text);
    strcat(longer, "A");
    CHECK(!device_cookie_is_ours(KEY, longer));
    CHECK(!device_cookie_is_ours(KEY, ""));
    CHECK(!device_cookie_is_ours(KEY, "!!"));
    crypto_new_secret(text, hash);
    CHECK(!device_cookie_is_ours(KEY, text));
}

static const struct check_test TESTS[] = {
    TEST(a_cookie_is_ours_only_by_the_key_that_made_it),
    TEST(a_forged_cookie_is_not_ours),
    { 0 },
};

int main(int argc, char **argv)
{
    return crypto_start(NULL) == ERR_OK ? check_run(TESTS, argc, argv) : 1;
}
