#include "access/access_repeat.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "domain/crypto.h"
#include "store/store_repeats.h"
#include "util/str.h"

#define REPEAT_KEY_MAX 64 /* characters of an Idempotency-Key */

/* The content of the request, however its JSON is written: a key may be reused only for the same content. */
static void hash_question(const struct call *c, uint8_t hash[HASH_BYTES])
{
    char *body = json_dumps(http_request_body(c->request), JSON_COMPACT | JSON_SORT_KEYS);
    const char *question = arena_printf(http_request_arena(c->request), "%s %s %s", http_request_method(c->request),
                                        http_request_target(c->request), body);

    crypto_digest(question, strlen(question), hash);
    free(body);
}

enum err_code access_repeat_read(struct call *c, const struct route *route, struct err *e)
{
    const char *key = http_request_header(c->request, "Idempotency-Key");
    uint8_t hash[HASH_BYTES];
    struct repeat *r;

    if (!route->idempotent || !key)
        return ERR_OK;
    if (!key[0] || strlen(key) > REPEAT_KEY_MAX)
        return err_set(e, ERR_INVALID, "bad_idempotency_key", "Idempotency-Key has 1 to %d characters.",
                       REPEAT_KEY_MAX);
    r = arena_new(http_request_arena(c->request), sizeof *r);
    crypto_digest(key, strlen(key), hash);
    str_hex(r->key, hash, sizeof hash);
    hash_question(c, r->asked);
    c->repeat = r;
    return ERR_OK;
}
