#include "http/http_call.h"

#include <string.h>

#include "http/http_exchange.h"

const char *call_cookie(const struct call *c, const char *name)
{
    const char *full = c->reply->site->https ? arena_printf(c->reply->arena, "__Host-%s", name) : name;

    return http_request_cookie(c->request, full);
}

bool call_failed_try(enum err_code rc)
{
    return rc == ERR_AUTH || rc == ERR_FORBIDDEN || rc == ERR_NOT_FOUND;
}

enum err_code call_check_etag(const struct call *c, int64_t revision, struct err *e)
{
    const char *wanted = http_request_header(c->request, "If-Match");
    char tag[HTTP_ETAG_SIZE];
    size_t len;

    if (!wanted || strcmp(wanted, "*") == 0)
        return ERR_OK;
    http_etag(tag, revision);
    len = strlen(tag);
    while (*wanted) {
        size_t one;

        wanted += strspn(wanted, " \t,");
        one = strcspn(wanted, " \t,");
        if (one == len && strncmp(wanted, tag, len) == 0)
            return ERR_OK;
        wanted += one;
    }
    return err_set(e, ERR_CHANGED, "changed", "Somebody changed this meanwhile; load it again");
}
