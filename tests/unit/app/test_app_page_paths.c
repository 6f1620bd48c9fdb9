#include "app/app_page_paths.h"
#include "tests/support/check.h"

static void every_path_of_a_page_finds_it(void)
{
    CHECK_STR(http_page_at(APP_PAGE_PATHS, "/"), "index");
    CHECK_STR(http_page_at(APP_PAGE_PATHS, "/setup"), "admin");
    CHECK_STR(http_page_at(APP_PAGE_PATHS, "/signin"), "admin");
    CHECK_STR(http_page_at(APP_PAGE_PATHS, "/password"), "admin");
    CHECK_STR(http_page_at(APP_PAGE_PATHS, "/app"), "admin");
    CHECK_STR(http_page_at(APP_PAGE_PATHS, "/app/"), "admin");
    CHECK_STR(http_page_at(APP_PAGE_PATHS, "/app/rooms/x"), "admin");
    CHECK_STR(http_page_at(APP_PAGE_PATHS, "/j/"), "room");
    CHECK_STR(http_page_at(APP_PAGE_PATHS, "/j/anything"), "room");
    CHECK_STR(http_page_at(APP_PAGE_PATHS, "/r/some-room"), "room");
}

static void other_paths_find_none(void)
{
    static const char *const NONE[] = { "",          "/x",         "/apple",       "/setup/",
                                        "/signin/x", "/room.html", "/assets/x.js", "/favicon.svg" };

    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++)
        CHECK(http_page_at(APP_PAGE_PATHS, NONE[i]) == NULL);
}

static void only_the_room_page_has_a_camera(void)
{
    CHECK_INT(http_page_kind(APP_PAGE_PATHS, "room.en.html"), KIND_ROOM_PAGE);
    CHECK_INT(http_page_kind(APP_PAGE_PATHS, "admin.en.html"), KIND_PAGE);
    CHECK_INT(http_page_kind(APP_PAGE_PATHS, "index"), KIND_PAGE);
}

static const struct check_test TESTS[] = {
    TEST(every_path_of_a_page_finds_it),
    TEST(other_paths_find_none),
    TEST(only_the_room_page_has_a_camera),
    { 0 },
};
CHECK_MAIN(TESTS)
