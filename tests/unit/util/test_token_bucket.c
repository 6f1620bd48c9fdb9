#include "util/token_bucket.h"

#include "tests/support/check.h"

static void a_bucket_is_full_at_first_and_fills_with_time(void)
{
    struct token_bucket b = { 0 };

    for (int i = 0; i < 3; i++) {
        CHECK(token_bucket_has(&b, 1, 3, 5000));
        b.tokens -= 1;
    }
    CHECK(!token_bucket_has(&b, 1, 3, 5000));
    CHECK(!token_bucket_has(&b, 1, 3, 5900));
    CHECK(token_bucket_has(&b, 1, 3, 6000));
    CHECK(token_bucket_has(&b, 1, 3, 1000000));
    CHECK(b.tokens > 2.99 && b.tokens < 3.01);
}

static const struct check_test TESTS[] = {
    TEST(a_bucket_is_full_at_first_and_fills_with_time),
    { 0 },
};
CHECK_MAIN(TESTS)
