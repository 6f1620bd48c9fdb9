/* That the duplicate outlives libmicrohttpd's own descriptor is proved in test_http_begin.c. */
#include "http/handover.h"
#include "tests/support/check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

static void keys_are_sixteen_bytes_in_base64(void)
{
    CHECK(handover_key_valid("dGhlIHNhbXBsZSBub25jZQ=="));
    CHECK(handover_key_valid("AAAAAAAAAAAAAAAAAAAAAA=="));
    CHECK(handover_key_valid("+/+/+/+/+/+/+/+/+/+/+w=="));
    CHECK(!handover_key_valid(""));
    CHECK(!handover_key_valid("dGhlIHNhbXBsZSBub25jZQ="));
    CHECK(!handover_key_valid("dGhlIHNhbXBsZSBub25jZQ==="));
    CHECK(!handover_key_valid("dGhlIHNhbXBsZSBub25jZR==")); /* spare bits */
    CHECK(!handover_key_valid("dGhlIHNhbXBsZSBub25jZQ=A"));
    CHECK(!handover_key_valid("dGhl\r\nNhbXBsZSBub25jZQ=="));
    CHECK(!handover_key_valid("dGhlIHNhbXBsZSBub25j_A=="));
}

static void duplicates_send_at_once_and_do_not_leak_into_children(void)
{
    int s = socket(AF_INET, SOCK_STREAM, 0), one = 1, value = 0, copy;
    socklen_t len = sizeof value;

    setsockopt(s, IPPROTO_TCP, TCP_CORK, &one, sizeof one);
    copy = handover_duplicate(s);
    CHECK(copy >= 3 && copy != s);
    CHECK((fcntl(copy, F_GETFD) & FD_CLOEXEC) != 0);
    getsockopt(copy, IPPROTO_TCP, TCP_NODELAY, &value, &len);
    CHECK(value != 0);
    getsockopt(copy, IPPROTO_TCP, TCP_CORK, &value, &len);
    CHECK_INT(value, 0);
    close(copy);
    close(s);
    CHECK_INT(handover_duplicate(s), -1);
}

static const struct check_test TESTS[] = {
    TEST(keys_are_sixteen_bytes_in_base64),
    TEST(duplicates_send_at_once_and_do_not_leak_into_children),
    { 0 },
};
CHECK_MAIN(TESTS)
