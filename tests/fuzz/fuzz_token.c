// links: domain util
/* Room tokens as they arrive in the first message of a socket: any bytes must be refused cleanly, and an accepted token
 * must say the same when it is signed and read again. The first byte chooses how much of a right token is given away:
 * raw text, or header and payload that are then rightly signed, so that the claims behind the signature are reached. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "domain/token.h"
#include "util/str.h"

#define URL "https://visits.example.org"
#define NOW 1700000000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Also in builds without assert(). */
static void hold(bool what)
{
    if (!what)
        __builtin_trap();
}

static struct key_ring *ring(void)
{
    static struct key_ring keys;

    if (keys.count == 0) {
        /* RFC 8037 appendix A: a fixed pair, so that a crash can be repeated. */
        static const char SECRET[] = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
        static const char PUBLIC[] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        size_t len;

        if (crypto_start(NULL) != ERR_OK || !str_from_base64url(SECRET, 43, keys.keys[0].secret_key, 32, &len) ||
            !str_from_base64url(PUBLIC, 43, keys.keys[0].public_key, 32, &len))
            __builtin_trap();
        memcpy(keys.keys[0].secret_key + 32, keys.keys[0].public_key, 32);
        strcpy(keys.keys[0].kid, "k");
        keys.count = 1;
    }
    return &keys;
}

static void try_text(const char *text, size_t len)
{
    struct token_claims c, again;
    char signed_again[TOKEN_MAX];

    if (token_verify(ring(), URL, text, len, NOW, &c, NULL) != ERR_OK)
        return;
    hold(c.sub[0] && c.room[0] && c.jti[0] && strlen(c.name) < NAME_SIZE && c.gen >= 0 && c.grants < 16);
    if (token_sign(ring(), URL, &c, signed_again, NULL) != ERR_OK)
        return;
    hold(token_verify(ring(), URL, signed_again, strlen(signed_again), NOW, &again, NULL) == ERR_OK);
    hold(memcmp(&c, &again, sizeof c) == 0);
}

/* Signs `header` (NULL: the right one) and `payload`. */
static void try_signed(const char *header, size_t header_len, const char *payload, size_t payload_len)
{
    static const char RIGHT[] = "{\"alg\":\"EdDSA\",\"typ\":\"room+jwt\",\"kid\":\"k\"}";
    char text[8192];
    uint8_t signature[SIGNATURE_BYTES];
    size_t len;

    if (header_len + payload_len > 4096)
        return;
    len = str_base64url(text, header ? header : RIGHT, header ? header_len : sizeof RIGHT - 1);
    text[len++] = '.';
    len += str_base64url(text + len, payload, payload_len);
    crypto_make_signature(ring()->keys[0].secret_key, text, len, signature);
    text[len++] = '.';
    len += str_base64url(text + len, signature, sizeof signature);
    try_text(text, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;

    if (size == 0)
        return 0;
    if (data[0] % 4 == 0) {
        try_text(text + 1, size - 1);
    } else if (data[0] % 4 == 1 && size > 2) {
        size_t header = data[1] < size - 2 ? data[1] : size - 2;

        try_signed(text + 2, header, text + 2 + header, size - 2 - header);
    } else {
        try_signed(NULL, 0, text + 1, size - 1);
    }
    return 0;
}
