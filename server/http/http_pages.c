#include "http/http_pages.h"

#include <string.h>

const char *http_page_at(const struct http_page_path *page_paths, const char *path)
{
    for (const struct http_page_path *p = page_paths; p->path; p++) {
        size_t len = strlen(p->path);

        if (strcmp(path, p->path) == 0)
            return p->page;
        if (p->below && strncmp(path, p->path, len) == 0 && path[len] == '/')
            return p->page;
    }
    return NULL;
}

enum http_kind http_page_kind(const struct http_page_path *page_paths, const char *name)
{
    for (const struct http_page_path *p = page_paths; p->path; p++) {
        size_t len = strlen(p->page);

        if (strncmp(name, p->page, len) == 0 && name[len] == '.')
            return p->kind;
    }
    return KIND_PAGE;
}
