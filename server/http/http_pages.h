/* http_pages.h - which page answers at which path. All pages are static shells; whether a room or an invitation exists is
 * never told here, so every slug gets the same page. Pure. Any thread. */
#ifndef HTTP_HTTP_PAGES_H
#define HTTP_HTTP_PAGES_H

#include "http/http_security.h"

/* The page's name ("room"); NULL when no page lives there. In the asset table it stands once for each language, with that between
 * name and ending: "room.en.html". */
const char *http_page_at(const char *path);
/* What a page may do that stands there in the asset table. */
enum http_kind http_page_kind(const char *name);

#endif
