/* app_places.h - the paths of the client's pages. */
#ifndef APP_APP_PLACES_H
#define APP_APP_PLACES_H

#include "http/http_pages.h"

extern const struct http_place APP_PLACES[]; /* ends with a zero entry */

#endif
