#include "http/http_pages.h"

#include <string.h>

const char *http_page_at(const struct http_place *places, const char *path)
{
    for (const struct http_place *page = places; page->path; page++) {
        size_t len = strlen(page->path);

        if (strcmp(path, page->path) == 0)
            return page->page;
        if (page->below && strncmp(path, page->path, len) == 0 && path[len] == '/')
            return page->page;
    }
    return NULL;
}

enum http_kind http_page_kind(const struct http_place *places, const char *name)
{
    for (const struct http_place *page = places; page->path; page++) {
        size_t len = strlen(page->page);

        if (strncmp(name, page->page, len) == 0 && name[len] == '.')
            return page->kind;
    }
    return KIND_PAGE;
}
