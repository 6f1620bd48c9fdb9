#include "http/http_pages.h"

#include <string.h>

/* `below`: paths under it as well. */
static const struct page {
    const char *path;
    bool below;
    const char *name;
} PAGES[] = {
    { "/", false, "index.html" },         { "/setup", false, "admin.html" }, { "/signin", false, "admin.html" },
    { "/password", false, "admin.html" }, { "/app", true, "admin.html" },    { "/j", true, "room.html" },
    { "/r", true, "room.html" },
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
    return strcmp(name, "room.html") == 0 ? KIND_ROOM_PAGE : KIND_PAGE;
}
