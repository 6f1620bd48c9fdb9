/* http_pages.h - which page answers at which path, by a table. All pages are static shells that never tell whether the thing in
 * the path exists, so every path below one gets the same page. Pure. Any thread. */
#ifndef HTTP_HTTP_PAGES_H
#define HTTP_HTTP_PAGES_H

#include <stdbool.h>
#include "http/http_security.h"

/* One path of a page. */
struct http_page_path {
    const char *path;    /* "/app" */
    bool below;          /* paths under it as well */
    const char *page;    /* "room": in the asset table once for each language, "room.en.html" */
    enum http_kind kind; /* rights of the page */
};

/* The page's name; NULL when the path has no page. `page_paths` ends with a zero entry. */
const char *http_page_at(const struct http_page_path *page_paths, const char *path);
/* The rights of the page that has this name in the asset table. */
enum http_kind http_page_kind(const struct http_page_path *page_paths, const char *name);

#endif
