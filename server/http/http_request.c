#include "http/http_request.h"

#include <string.h>

#include "http/http_exchange.h"
#include "util/str.h"

#define PAGE_LIMIT_DEFAULT 50
#define PAGE_LIMIT_MAX 200
#define PAGE_AFTER_MAX 200

struct arena *http_request_arena(struct http_request *r)
{
    return &r->arena;
}

const char *http_request_method(const struct http_request *r)
{
    return r->head.method;
}

const char *http_request_target(const struct http_request *r)
{
    return r->head.target;
}

const char *http_request_param(const struct http_request *r, const char *name)
{
    for (size_t i = 0; i < r->params.count; i++)
        if (strcmp(r->params.items[i].name, name) == 0)
            return r->params.items[i].value;
    return "";
}

const char *http_request_query(const struct http_request *r, const char *name)
{
    return http_query_find(&r->query, name);
}

const char *http_request_header(const struct http_request *r, const char *name)
{
    return http_head_find(&r->head, name);
}

const char *http_request_cookie(const struct http_request *r, const char *name)
{
    size_t len;
    const char *value = http_head_cookie(&r->head, name, &len);

    return value ? arena_text_n((struct arena *)&r->arena, value, len) : NULL;
}

const json_t *http_request_body(const struct http_request *r)
{
    return r->body;
}

const char *http_request_address(const struct http_request *r)
{
    return r->address;
}

const char *http_request_id(const struct http_request *r)
{
    return r->id;
}

enum err_code http_request_page(const struct http_request *r, int *limit, const char **after, struct err *e)
{
    const char *wanted = http_request_query(r, "limit");
    int64_t n = PAGE_LIMIT_DEFAULT;

    *after = http_request_query(r, "after");
    if (wanted && !str_to_i64(wanted, 1, PAGE_LIMIT_MAX, &n))
        return err_field(e, "limit", "limit must be from 1 to %d", PAGE_LIMIT_MAX);
    if (*after && strlen(*after) > PAGE_AFTER_MAX)
        return err_field(e, "after", "after does not name a place in this list");
    *limit = (int)n;
    return ERR_OK;
}
