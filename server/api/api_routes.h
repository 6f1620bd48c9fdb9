/* api_routes.h - the route table. app hands it to http_start() and api_start(). */
#ifndef API_API_ROUTES_H
#define API_API_ROUTES_H

#include "http/http_router.h"

extern const struct route ROUTES[]; /* ends with a zero entry */

#endif
