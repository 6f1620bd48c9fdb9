#include "http/http_exchange.h"

#include "domain/crypto.h"
#include "util/clock.h"
#include "util/mem.h"

struct http_exchange *http_exchange_new(struct http_core *core, const struct http_head *head, size_t max_body_bytes)
{
    struct http_exchange *exchange = mem_new(sizeof *exchange);

    exchange->core = core;
    exchange->request.head = *head;
    exchange->reply.arena = &exchange->request.arena;
    exchange->reply.site = &core->site;
    exchange->reply.security = &core->data_security;
    exchange->body.max = max_body_bytes;
    exchange->started_ms = clock_mono_ms();
    crypto_new_id(exchange->request.id);
    return exchange;
}

void http_exchange_free(struct http_exchange *exchange)
{
    if (!exchange)
        return;
    json_decref(exchange->request.body);
    json_decref(exchange->reply.json);
    json_decref(exchange->reply.facts);
    buf_wipe(&exchange->body);
    arena_clear(&exchange->request.arena);
    mem_free(exchange);
}
