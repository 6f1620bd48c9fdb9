#include "http/http_call.h"

#include <stdio.h>
#include <string.h>

enum err_code call_check_etag(const struct call *c, int64_t revision, struct err *e)
{
    const char *wanted = http_request_header(c->request, "If-Match");
    char tag[32];
    size_t len;

    if (!wanted || strcmp(wanted, "*") == 0)
        return ERR_OK;
    len = (size_t)snprintf(tag, sizeof tag, "\"r%lld\"", (long long)revision);
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
