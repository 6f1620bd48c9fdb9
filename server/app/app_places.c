#include "app/app_places.h"

const struct http_place APP_PLACES[] = {
    { "/", false, "index", KIND_PAGE },       { "/setup", false, "admin", KIND_PAGE },
    { "/signin", false, "admin", KIND_PAGE }, { "/password", false, "admin", KIND_PAGE },
    { "/app", true, "admin", KIND_PAGE },     { "/j", true, "room", KIND_ROOM_PAGE },
    { "/r", true, "room", KIND_ROOM_PAGE },   { 0 },
};
