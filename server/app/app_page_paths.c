#include "app/app_page_paths.h"

const struct http_page_path APP_PAGE_PATHS[] = {
    { "/", false, "index", KIND_PAGE },
    { "/setup", false, "admin", KIND_PAGE },
    { "/signin", false, "admin", KIND_PAGE },
    { "/password", false, "admin", KIND_PAGE },
    { "/app", true, "admin", KIND_PAGE },
    { "/j", true, "room", KIND_ROOM_PAGE },
    { "/r", true, "room", KIND_ROOM_PAGE },
    { "/check", false, "selftest", KIND_ROOM_PAGE },
    { 0 },
};
