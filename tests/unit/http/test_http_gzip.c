#include "http/http_gzip.h"

#include <string.h>
#include <zlib.h>

#include "tests/support/check.h"

static char unpacked[40000];

/* The unpacked length of `from`; -1 when it is damaged. */
static long long unpack(const struct buf *from)
{
    z_stream z = { .next_in = (Bytef *)from->data,
                   .avail_in = (uInt)from->len,
                   .next_out = (Bytef *)unpacked,
                   .avail_out = sizeof unpacked };
    bool whole = inflateInit2(&z, 15 + 16) == Z_OK && inflate(&z, Z_FINISH) == Z_STREAM_END;
    long long len = (long long)z.total_out;

    inflateEnd(&z);
    return whole ? len : -1;
}

static void packed_data_is_smaller_and_unpacks_to_the_original(void)
{
    struct buf page = { .max = 30000 }, packed = { .max = 30000 };

    while (page.len < 20000)
        buf_printf(&page, "<p class=\"line\">line %zu of a page</p>\n", page.len);
    CHECK(http_gzip(&page, &packed));
    CHECK(packed.len < page.len / 4);
    CHECK_INT(unpack(&packed), (long long)page.len);
    CHECK(memcmp(unpacked, page.data, page.len) == 0);
    buf_clear(&page);
    buf_clear(&packed);
}

static void nothing_packs_to_a_whole_file_of_nothing(void)
{
    struct buf empty = { .max = 10 }, packed = { .max = 100 };

    CHECK(http_gzip(&empty, &packed));
    CHECK_INT(unpack(&packed), 0);
    buf_clear(&packed);
}

static void data_that_does_not_fit_is_refused(void)
{
    struct buf page = { .max = 1000 }, packed = { .max = 20 };

    buf_add_text(&page, "some words that are longer than what may come of them");
    CHECK(!http_gzip(&page, &packed));
    buf_clear(&page);
    buf_clear(&packed);
}

static const struct check_test TESTS[] = {
    TEST(packed_data_is_smaller_and_unpacks_to_the_original),
    TEST(nothing_packs_to_a_whole_file_of_nothing),
    TEST(data_that_does_not_fit_is_refused),
    { 0 },
};
CHECK_MAIN(TESTS)
