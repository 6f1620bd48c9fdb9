#include "domain/device_cookie.h"

#include <string.h>

#include "util/str.h"

#define RANDOM_BYTES (SECRET_BYTES / 2)
#define MARK_BYTES (SECRET_BYTES - RANDOM_BYTES)

static void make_mark(const uint8_t key[KEY_BYTES], const uint8_t random[RANDOM_BYTES], uint8_t mark[MARK_BYTES])
{
    char hex[STR_HEX_SIZE(RANDOM_BYTES)];
    const char *const parts[] = { hex };

    str_hex(hex, random, RANDOM_BYTES);
    crypto_keyed(key, parts, 1, mark, MARK_BYTES);
}

void device_cookie_make(const uint8_t key[KEY_BYTES], char text[SECRET_TEXT_SIZE], uint8_t hash[HASH_BYTES])
{
    uint8_t bytes[SECRET_BYTES];

    crypto_random(bytes, RANDOM_BYTES);
    make_mark(key, bytes, bytes + RANDOM_BYTES);
    str_base64url(text, bytes, sizeof bytes);
    crypto_digest(text, strlen(text), hash);
}

bool device_cookie_is_ours(const uint8_t key[KEY_BYTES], const char *text)
{
    uint8_t bytes[SECRET_BYTES], mark[MARK_BYTES];
    size_t len;

    if (!str_from_base64url(text, strlen(text), bytes, sizeof bytes, &len) || len != sizeof bytes)
        return false;
    make_mark(key, bytes, mark);
    return crypto_equal(mark, bytes + RANDOM_BYTES, MARK_BYTES);
}
