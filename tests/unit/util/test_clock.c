#include "util/clock.h"

#include "tests/support/check.h"

static void times_are_written_as_rfc_3339(void)
{
    char text[CLOCK_RFC3339_SIZE];

    clock_rfc3339(text, 0);
    CHECK_STR(text, "1970-01-01T00:00:00Z");
    clock_rfc3339(text, 1795359845123);
    CHECK_STR(text, "2026-11-22T15:04:05.123Z");
    clock_rfc3339(text, 951782400000);
    CHECK_STR(text, "2000-02-29T00:00:00Z");
    clock_rfc3339(text, -1);
    CHECK_STR(text, "1969-12-31T23:59:59.999Z");
    clock_rfc3339(text, INT64_MAX); /* outside of the years it can write: some text, and no overflow */
    CHECK(strlen(text) < CLOCK_RFC3339_SIZE);
}

static void times_are_read_strictly(void)
{
    static const char *const WRONG[] = { "",
                                         "2026-11-22",
                                         "2026-11-22T15:04:05",
                                         "2026-11-22 15:04:05Z",
                                         "2026-13-01T00:00:00Z",
                                         "2026-02-29T00:00:00Z",
                                         "2026-00-10T00:00:00Z",
                                         "2026-01-32T00:00:00Z",
                                         "2026-01-01T24:00:00Z",
                                         "2026-01-01T00:60:00Z",
                                         "2026-01-01T00:00:61Z",
                                         "2026-01-01T00:00:00.Z",
                                         "2026-01-01T00:00:00Z ",
                                         "2026-01-01T00:00:00+1:00",
                                         "2026-01-01T00:00:00+25:00",
                                         "+026-01-01T00:00:00Z",
                                         "2026-1-1T0:0:0Z",
                                         "2026-01-01T00:00:00z0" };
    int64_t ms;

    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        if (!CHECK(!clock_from_rfc3339(WRONG[i], &ms)))
            printf("    %s\n", WRONG[i]);
    CHECK(clock_from_rfc3339("2026-11-22T15:04:05Z", &ms) && ms == 1795359845000);
    CHECK(clock_from_rfc3339("2026-11-22T15:04:05.1234Z", &ms) && ms == 1795359845123);
    CHECK(clock_from_rfc3339("2026-11-22T16:04:05+01:00", &ms) && ms == 1795359845000);
    CHECK(clock_from_rfc3339("2026-11-22T05:34:05-09:30", &ms) && ms == 1795359845000);
}

static void written_times_can_be_read(void)
{
    char text[CLOCK_RFC3339_SIZE];
    int64_t back;

    for (int64_t ms = 0; ms < 4102444800000; ms += 86400000LL * 97 + 12345) {
        clock_rfc3339(text, ms);
        CHECK(clock_from_rfc3339(text, &back) && back == ms);
    }
}

static void the_steady_clock_does_not_go_back(void)
{
    int64_t before = clock_mono_ms();

    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_mono_ms();

        CHECK(now >= before);
        before = now;
    }
    CHECK(clock_wall_ms() > 1600000000000);
}

static const struct check_test TESTS[] = {
    TEST(times_are_written_as_rfc_3339),
    TEST(times_are_read_strictly),
    TEST(written_times_can_be_read),
    TEST(the_steady_clock_does_not_go_back),
    { 0 },
};
CHECK_MAIN(TESTS)
