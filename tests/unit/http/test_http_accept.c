#include "http/http_accept.h"
#include "tests/support/check.h"

static void codings_are_taken_by_name_and_weight(void)
{
    CHECK(!http_accepts_coding(NULL, CODING_GZIP));
    CHECK(http_accepts_coding(NULL, CODING_IDENTITY));
    CHECK(http_accepts_coding("gzip, deflate, br", CODING_BROTLI));
    CHECK(http_accepts_coding("GZIP", CODING_GZIP));
    CHECK(!http_accepts_coding("gzip", CODING_BROTLI));
    CHECK(http_accepts_coding("br;q=0.5", CODING_BROTLI));
    CHECK(http_accepts_coding("br ; q=1", CODING_BROTLI));
    CHECK(http_accepts_coding("br;q=0.001", CODING_BROTLI));
    CHECK(!http_accepts_coding("br;q=0", CODING_BROTLI));
    CHECK(!http_accepts_coding("br;q=0.000, gzip", CODING_BROTLI));
    CHECK(http_accepts_coding("*", CODING_BROTLI));
    CHECK(!http_accepts_coding("*;q=0", CODING_GZIP));
    CHECK(!http_accepts_coding("br;q=0, *", CODING_BROTLI));
    CHECK(!http_accepts_coding("", CODING_GZIP));
    CHECK(!http_accepts_coding("brotli", CODING_BROTLI));
    CHECK(!http_accepts_coding(",;q=,", CODING_BROTLI));
}

static void people_are_distinguished_from_programs(void)
{
    CHECK(http_accepts_html("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"));
    CHECK(!http_accepts_html("*/*"));
    CHECK(!http_accepts_html("application/json"));
    CHECK(!http_accepts_html(NULL));
}

static void validators_name_all_codings_of_an_entity(void)
{
    CHECK(http_etag_known("\"abc\"", "\"abc\""));
    CHECK(http_etag_known("W/\"abc-br\"", "\"abc\""));
    CHECK(http_etag_known("\"x\", \"abc-gz\"", "\"abc\""));
    CHECK(http_etag_known("*", "\"abc\""));
    CHECK(!http_etag_known("\"abcd\"", "\"abc\""));
    CHECK(!http_etag_known("\"ab\"", "\"abc\""));
    CHECK(!http_etag_known("abc", "\"abc\""));
    CHECK(!http_etag_known("\"", "\"abc\""));
    CHECK(!http_etag_known("", "\"abc\""));
    CHECK(!http_etag_known(NULL, "\"abc\""));
}

static const struct check_test TESTS[] = {
    TEST(codings_are_taken_by_name_and_weight),
    TEST(people_are_distinguished_from_programs),
    TEST(validators_name_all_codings_of_an_entity),
    { 0 },
};
CHECK_MAIN(TESTS)
