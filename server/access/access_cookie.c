#include "access/access_cookie.h"

#include <string.h>

#include "domain/crypto.h"
#include "util/mem.h"
#include "util/str.h"

#define GUEST_COOKIE_S (24 * 3600)

bool access_cookie_hash(const struct call *c, const char *name, uint8_t hash[HASH_BYTES])
{
    const char *text = call_cookie(c, name);
    uint8_t secret[SECRET_BYTES];
    size_t len;

    if (!text || !str_from_base64url(text, strlen(text), secret, sizeof secret, &len) || len != sizeof secret)
        return false;
    mem_wipe(secret, sizeof secret);
    crypto_digest(text, strlen(text), hash);
    return true;
}

void access_guest_identity(struct call *c, uint8_t hash[HASH_BYTES])
{
    char secret[SECRET_TEXT_SIZE];

    if (access_guest_known(c, hash))
        return;
    crypto_new_secret(secret, hash);
    http_reply_cookie(c->reply, "guest", secret, GUEST_COOKIE_S);
    mem_wipe(secret, sizeof secret);
}

bool access_guest_known(const struct call *c, uint8_t hash[HASH_BYTES])
{
    return access_cookie_hash(c, "guest", hash);
}
