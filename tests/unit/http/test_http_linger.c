#include "http/http_linger.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/check.h"

static int pair[2];

static void begin(struct http_lingers *l)
{
    memset(l, 0, sizeof *l);
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
}

static bool other_side_sees_the_end(void)
{
    char byte;

    return recv(pair[1], &byte, 1, MSG_DONTWAIT) == 0;
}

static void the_other_side_sees_the_end_and_may_go_on_sending(void)
{
    struct http_lingers l;

    begin(&l);
    http_linger_add(&l, pair[0], 1000);
    close(pair[0]);
    CHECK(other_side_sees_the_end());
    for (int i = 0; i < 100; i++) {
        CHECK_INT(send(pair[1], "more", 4, MSG_NOSIGNAL), 4);
        http_linger_sweep(&l, 1000 + i);
    }
    CHECK_INT(l.count, 1);
    close(pair[1]);
    http_linger_sweep(&l, 1100);
    CHECK_INT(l.count, 0);
}

static void nobody_is_kept_for_longer_than_two_seconds(void)
{
    struct http_lingers l;

    begin(&l);
    http_linger_add(&l, pair[0], 1000);
    close(pair[0]);
    http_linger_sweep(&l, 1000 + LINGER_MS - 1);
    CHECK_INT(l.count, 1);
    http_linger_sweep(&l, 1000 + LINGER_MS);
    CHECK_INT(l.count, 0);
    CHECK_INT(send(pair[1], "x", 1, MSG_NOSIGNAL), -1);
    close(pair[1]);
}

static void their_number_is_bounded(void)
{
    struct http_lingers l;

    begin(&l);
    for (int i = 0; i < LINGER_MAX + 5; i++)
        http_linger_add(&l, pair[0], 1000);
    CHECK_INT(l.count, LINGER_MAX);
    http_linger_clear(&l);
    CHECK_INT(l.count, 0);
    CHECK(fcntl(pair[0], F_GETFD) >= 0); /* the caller's descriptor stays open */
    close(pair[0]);
    close(pair[1]);
}

static const struct check_test TESTS[] = {
    TEST(the_other_side_sees_the_end_and_may_go_on_sending),
    TEST(nobody_is_kept_for_longer_than_two_seconds),
    TEST(their_number_is_bounded),
    { 0 },
};

int main(int argc, char **argv)
{
    return check_run(TESTS, argc, argv);
}
