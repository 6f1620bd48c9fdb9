#include "access/access_device_cookie.h"

#include <string.h>

#include "access/access_cookie.h"
#include "access/access_parts.h"
#include "domain/device_cookie.h"
#include "store/store_devices.h"
#include "util/mem.h"

enum err_code access_device_cookie_find(struct call *c, struct err *e)
{
    uint8_t hash[HASH_BYTES], *kept;
    bool known = false;
    enum err_code rc = ERR_OK;

    if (access_cookie_hash(c, "device", hash))
        rc = store_device_known(c->store, hash, c->now_ms, &known, e);
    if (rc == ERR_OK && known) {
        kept = arena_new(http_request_arena(c->request), HASH_BYTES);
        memcpy(kept, hash, HASH_BYTES);
        c->device = kept;
    }
    return rc;
}

const char *access_device_cookie_ours(const struct call *c)
{
    const char *text = call_cookie(c, "device");

    return text && c->access->device_key && device_cookie_is_ours(c->access->device_key, text) ? text : NULL;
}

void access_device_cookie_identity(struct call *c, const uint8_t key[KEY_BYTES], uint8_t hash[HASH_BYTES])
{
    char secret[SECRET_TEXT_SIZE];

    if (c->device && device_cookie_is_ours(key, call_cookie(c, "device"))) {
        memcpy(hash, c->device, HASH_BYTES);
        http_reply_cookie(c->reply, "device", call_cookie(c, "device"), DEVICE_MEMORY_MS / 1000);
        return;
    }
    device_cookie_make(key, secret, hash);
    http_reply_cookie(c->reply, "device", secret, DEVICE_MEMORY_MS / 1000);
    mem_wipe(secret, sizeof secret);
}
