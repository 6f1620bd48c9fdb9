/* api_openapi.h - openapi.json (OpenAPI 3.1), made from the route table and its field tables, so it cannot be outdated. */
#ifndef API_API_OPENAPI_H
#define API_API_OPENAPI_H

#include "http/http_route.h"

/* The document as JSON text, freed with free(); NULL when public_url is not UTF-8. */
char *api_openapi_make(const struct route *routes, const char *public_url);

#endif
