#include "api/api_routes.h"

#include <pthread.h>
#include <stdlib.h>

#include "api/api_fields.h"

#define ROUTES_MAX 64

static const struct route *const FAMILIES[] = { ROUTES_SETTINGS, ROUTES_SETUP,   ROUTES_AUTH,        ROUTES_PASSWORD,
                                                ROUTES_USERS,    ROUTES_ROOMS,   ROUTES_INVITATIONS, ROUTES_ASKED,
                                                ROUTES_LOOKUP,   ROUTES_JOIN,    ROUTES_DESK,        ROUTES_AUDIT,
                                                ROUTES_SELFTEST, ROUTES_QUALITY, ROUTES_DOCTOR };
static struct route all[ROUTES_MAX + 1];

static void collect(void)
{
    size_t n = 0;

    for (size_t i = 0; i < sizeof FAMILIES / sizeof *FAMILIES; i++)
        for (const struct route *route = FAMILIES[i]; route->method; route++) {
            if (n == ROUTES_MAX)
                abort(); /* the server does not start with more: raise ROUTES_MAX */
            all[n++] = *route;
        }
}

const struct route *api_routes(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)pthread_once(&once, collect);
    return all;
}
