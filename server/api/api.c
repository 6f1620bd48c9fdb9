#include "api/api.h"

#include <stdlib.h>

#include "api/api_openapi.h"
#include "api/throttle.h"

#define FAILURES_MAX 100000 /* accounts, and accounts from one origin, whose failures are remembered at one time */

enum err_code api_start(struct api *a, const struct route *routes, struct err *e)
{
    a->openapi = api_openapi_make(routes, a->public_url);
    if (!a->openapi)
        return err_set(e, ERR_INTERNAL, "internal", "openapi.json cannot be made: is the public URL valid UTF-8?");
    a->sign_ins = throttle_new(FAILURES_MAX);
    return ERR_OK;
}

void api_stop(struct api *a)
{
    throttle_free(a->sign_ins);
    free(a->openapi);
    a->sign_ins = NULL;
    a->openapi = NULL;
}
