/* api_routes.h - the route table. app hands it to http_start() and api_start(). */
#ifndef API_API_ROUTES_H
#define API_API_ROUTES_H

#include "http/http_route.h"

extern const struct route ROUTES[]; /* ends with a zero entry */

#endif
