#include "domain/turn_credential.h"
#include "tests/support/check.h"

/* The value was made with: printf '1700000600:abc' | openssl dgst -sha1 -hmac north -binary | base64 */
static void a_credential_is_what_coturn_expects(void)
{
    struct turn_credential c;

    turn_credential_make("north", "abc", 1700000000123, TURN_TTL_S, &c);
    CHECK_STR(c.username, "1700000600:abc");
    CHECK_STR(c.credential, "cn17rOcIFYzHsN4D2xqDw8sMqrc=");
}

static const struct check_test TESTS[] = {
    TEST(a_credential_is_what_coturn_expects),
    { 0 },
};
CHECK_MAIN(TESTS)
