#include "http/http_pages.h"
#include "tests/support/check.h"

static const struct http_page_path PAGE_PATHS[] = {
    { "/", false, "front", KIND_PAGE },
    { "/in", true, "inside", KIND_ROOM_PAGE },
    { "/inner", false, "inner", KIND_PAGE },
    { 0 },
};

static void a_path_finds_its_page_and_those_below_it_only_where_the_table_says(void)
{
    CHECK_STR(http_page_at(PAGE_PATHS, "/"), "front");
    CHECK_STR(http_page_at(PAGE_PATHS, "/in"), "inside");
    CHECK_STR(http_page_at(PAGE_PATHS, "/in/"), "inside");
    CHECK_STR(http_page_at(PAGE_PATHS, "/in/deeper/x"), "inside");
    CHECK_STR(http_page_at(PAGE_PATHS, "/inner"), "inner");
    CHECK(http_page_at(PAGE_PATHS, "/inner/x") == NULL);
    CHECK(http_page_at(PAGE_PATHS, "/int") == NULL);
    CHECK(http_page_at(PAGE_PATHS, "/x") == NULL && http_page_at(PAGE_PATHS, "") == NULL);
}

static void a_page_has_the_rights_of_its_row_in_each_language(void)
{
    CHECK_INT(http_page_kind(PAGE_PATHS, "inside.en.html"), KIND_ROOM_PAGE);
    CHECK_INT(http_page_kind(PAGE_PATHS, "inside.ar.html"), KIND_ROOM_PAGE);
    CHECK_INT(http_page_kind(PAGE_PATHS, "insider.en.html"), KIND_PAGE);
    CHECK_INT(http_page_kind(PAGE_PATHS, "missing.en.html"), KIND_PAGE);
}

static const struct check_test TESTS[] = {
    TEST(a_path_finds_its_page_and_those_below_it_only_where_the_table_says),
    TEST(a_page_has_the_rights_of_its_row_in_each_language),
    { 0 },
};
CHECK_MAIN(TESTS)
