/* app_page_paths.h - the paths of the client's pages. */
#ifndef APP_APP_PAGE_PATHS_H
#define APP_APP_PAGE_PATHS_H

#include "http/http_pages.h"

extern const struct http_page_path APP_PAGE_PATHS[]; /* ends with a zero entry */

#endif
