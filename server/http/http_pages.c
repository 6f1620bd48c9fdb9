#include "http/http_pages.h"

#include <string.h>

/* `below`: paths under it as well. */
static const struct page {
    const char *path;
    bool below;
    const char *name;
} PAGES[] = {
    { "/", false, "index" },         { "/setup", false, "admin" }, { "/signin", false, "admin" },
    { "/password", false, "admin" }, { "/app", true, "admin" },    { "/j", true, "room" },
    { "/r", true, "room" },
};

const char *http_page_at(const char *path)
{
    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++) {
        size_t len = strlen(PAGES[i].path);

        if (strcmp(path, PAGES[i].path) == 0)
            return PAGES[i].name;
        if (PAGES[i].below && strncmp(path, PAGES[i].path, len) == 0 && path[len] == '/')
            return PAGES[i].name;
    }
    return NULL;
}

enum http_kind http_page_kind(const char *name)
{
    return strncmp(name, "room.", 5) == 0 ? KIND_ROOM_PAGE : KIND_PAGE;
}
