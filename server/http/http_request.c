#include "http/http_request.h"

#include <string.h>

#include "http/http_exchange.h"
#include "util/str.h"

#define PAGE_LIMIT_DEFAULT 50
#define PAGE_LIMIT_MAX 200
#define PAGE_AFTER_MAX 200

struct arena *http_request_arena(struct http_request *request)
{
    return &request->arena;
}

const char *http_request_method(const struct http_request *request)
{
    return request->head.method;
}

const char *http_request_target(const struct http_request *request)
{
    return request->head.target;
}

const char *http_request_param(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->params.count; i++)
        if (strcmp(request->params.items[i].name, name) == 0)
            return request->params.items[i].value;
    return "";
}

const char *http_request_query(const struct http_request *request, const char *name)
{
    return http_query_find(&request->query, name);
}

const char *http_request_header(const struct http_request *request, const char *name)
{
    return http_head_find(&request->head, name);
}

const char *http_request_cookie(const struct http_request *request, const char *name)
{
    size_t len;
    const char *value = http_head_cookie(&request->head, name, &len);

    return value ? arena_text_n((struct arena *)&request->arena, value, len) : NULL;
}

const json_t *http_request_body(const struct http_request *request)
{
    return request->body;
}

const char *http_request_address(const struct http_request *request)
{
    return request->address;
}

const char *http_request_id(const struct http_request *request)
{
    return request->id;
}

enum err_code http_request_page(const struct http_request *request, int *limit, const char **after, struct err *e)
{
    const char *wanted = http_request_query(request, "limit");
    int64_t n = PAGE_LIMIT_DEFAULT;

    *after = http_request_query(request, "after");
    if (wanted && !str_to_i64(wanted, 1, PAGE_LIMIT_MAX, &n))
        return err_field(e, "limit", "limit must be from 1 to %d", PAGE_LIMIT_MAX);
    if (*after && strlen(*after) > PAGE_AFTER_MAX)
        return err_field(e, "after", "after does not name a place in this list");
    *limit = (int)n;
    return ERR_OK;
}
