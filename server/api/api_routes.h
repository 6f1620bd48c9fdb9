/* api_routes.h - the route table, family by family: what can be requested, by whom, with which members. Each family is at the end of the file
 * of its handlers; the router checks these columns before a handler runs, openapi.json is printed from them, and a test walks all
 * routes and proves that each refuses the wrong caller. Routes that the contract promises for later are not here (404), and later
 * members of these routes are refused (`.later`). */
#ifndef API_API_ROUTES_H
#define API_API_ROUTES_H

#include "http/http_route.h"

/* All of them, ending with a zero entry. app hands it to http_start() and api_start(). Any thread. */
const struct route *api_routes(void);

#endif
