#include "http/http_pages.h"
#include "tests/support/check.h"

static const struct http_place PLACES[] = {
    { "/", false, "front", KIND_PAGE },
    { "/in", true, "inside", KIND_ROOM_PAGE },
    { "/inner", false, "inner", KIND_PAGE },
    { 0 },
};

static void a_path_finds_its_page_and_those_below_it_only_where_the_table_says(void)
{
    CHECK_STR(http_page_at(PLACES, "/"), "front");
    CHECK_STR(http_page_at(PLACES, "/in"), "inside");
    CHECK_STR(http_page_at(PLACES, "/in/"), "inside");
    CHECK_STR(http_page_at(PLACES, "/in/deeper/x"), "inside");
    CHECK_STR(http_page_at(PLACES, "/inner"), "inner");
    CHECK(http_page_at(PLACES, "/inner/x") == NULL);
    CHECK(http_page_at(PLACES, "/int") == NULL);
    CHECK(http_page_at(PLACES, "/x") == NULL && http_page_at(PLACES, "") == NULL);
}

static void a_page_has_the_rights_of_its_row_in_each_language(void)
{
    CHECK_INT(http_page_kind(PLACES, "inside.en.html"), KIND_ROOM_PAGE);
    CHECK_INT(http_page_kind(PLACES, "inside.ar.html"), KIND_ROOM_PAGE);
    CHECK_INT(http_page_kind(PLACES, "insider.en.html"), KIND_PAGE);
    CHECK_INT(http_page_kind(PLACES, "missing.en.html"), KIND_PAGE);
}

static const struct check_test TESTS[] = {
    TEST(a_path_finds_its_page_and_those_below_it_only_where_the_table_says),
    TEST(a_page_has_the_rights_of_its_row_in_each_language),
    { 0 },
};
CHECK_MAIN(TESTS)
