#include "tls/tls_hello.h"

#include "tests/support/check.h"

#define RECORD(type, len) (char)(type), 3, 1, (char)((len) >> 8), (char)((len)&0xff)
#define MESSAGE(len) 1, (char)((len) >> 16), (char)((len) >> 8 & 0xff), (char)((len)&0xff)

static const char TOO_LONG[] = { RECORD(22, 4), MESSAGE(TLS_HELLO_MAX + 1) };

static bool fits(const char *bytes, size_t len)
{
    struct tls_hello hello = { 0 };

    return tls_hello_fits(&hello, bytes, len);
}

static void a_hello_that_announces_too_much_does_not_fit(void)
{
    static const char LARGEST[] = { RECORD(22, 4), MESSAGE(TLS_HELLO_MAX) };
    static const char ANY[] = { RECORD(22, 4), MESSAGE(0xffffff) };

    CHECK(fits(LARGEST, sizeof LARGEST));
    CHECK(!fits(TOO_LONG, sizeof TOO_LONG));
    CHECK(!fits(ANY, sizeof ANY));
}

static void it_is_found_in_whatever_pieces_it_comes(void)
{
    struct tls_hello hello = { 0 };

    for (size_t i = 0; i < sizeof TOO_LONG; i++)
        CHECK(tls_hello_fits(&hello, TOO_LONG + i, 1) == (i + 1 < sizeof TOO_LONG));
}

static void its_head_may_be_spread_over_records(void)
{
    static const char SPREAD[] = { RECORD(22, 1), 1, RECORD(22, 0), RECORD(22, 2), 1, 0, RECORD(22, 1), 0 };

    CHECK(fits(SPREAD, sizeof SPREAD - 1));
    CHECK(!fits(SPREAD, sizeof SPREAD));
}

static void the_second_hello_counts_as_the_first(void)
{
    /* RFC 8446 §D.4: between the two stands a record that says nothing */
    static const char AGAIN[] = { RECORD(22, 6), MESSAGE(2), 9, 9, RECORD(20, 1), 1, RECORD(22, 4), MESSAGE(9000) };

    CHECK(fits(AGAIN, sizeof AGAIN - 1));
    CHECK(!fits(AGAIN, sizeof AGAIN));
}

static void what_is_inside_a_message_or_encrypted_is_no_head(void)
{
    static const char INSIDE[] = { RECORD(22, 6), MESSAGE(8), 1, -1, RECORD(22, 6), -1, -1, -1, -1, -1, -1 };
    static const char ENCRYPTED[] = { RECORD(23, 4), MESSAGE(0xffffff), RECORD(22, 4), MESSAGE(1) };

    CHECK(fits(INSIDE, sizeof INSIDE));
    CHECK(fits(ENCRYPTED, sizeof ENCRYPTED));
}

static const struct check_test TESTS[] = {
    TEST(a_hello_that_announces_too_much_does_not_fit),
    TEST(it_is_found_in_whatever_pieces_it_comes),
    TEST(its_head_may_be_spread_over_records),
    TEST(the_second_hello_counts_as_the_first),
    TEST(what_is_inside_a_message_or_encrypted_is_no_head),
    { 0 },
};

CHECK_MAIN(TESTS)
