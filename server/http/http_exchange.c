#include "http/http_exchange.h"

#include "domain/crypto.h"
#include "util/clock.h"
#include "util/mem.h"

struct http_exchange *http_exchange_new(struct http_core *core, const struct http_head *head, size_t max_body_bytes)
{
    struct http_exchange *x = mem_new(sizeof *x);

    x->core = core;
    x->request.head = *head;
    x->reply.arena = &x->request.arena;
    x->reply.site = &core->site;
    x->reply.security = &core->data_security;
    x->body.max = max_body_bytes;
    x->started_ms = clock_mono_ms();
    crypto_new_id(x->request.id);
    return x;
}

void http_exchange_free(struct http_exchange *x)
{
    if (!x)
        return;
    json_decref(x->request.body);
    json_decref(x->reply.json);
    json_decref(x->reply.facts);
    buf_wipe(&x->body);
    arena_clear(&x->request.arena);
    mem_free(x);
}
