/* http_pages.h - which page answers at which path, by a table. All pages are static shells; whether what a path names exists is
 * never told here, so every one below gets the same page. Pure. Any thread. */
#ifndef HTTP_HTTP_PAGES_H
#define HTTP_HTTP_PAGES_H

#include <stdbool.h>
#include "http/http_security.h"

/* One path at which a page lives. */
struct http_place {
    const char *path;    /* "/app" */
    bool below;          /* paths under it as well */
    const char *page;    /* "room": in the asset table once for each language, "room.en.html" */
    enum http_kind kind; /* what the page may do */
};

/* The page's name; NULL when none lives there. `places` ends with a zero entry. */
const char *http_page_at(const struct http_place *places, const char *path);
/* What a page may do that stands under this name in the asset table. */
enum http_kind http_page_kind(const struct http_place *places, const char *name);

#endif
