#include "http/http_deadline.h"
#include "tests/support/check.h"
#include "util/clock.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

static struct http_deadlines *d;

static void start(void)
{
    struct err e;

    CHECK_INT(http_deadlines_start(5, &d, &e), ERR_OK);
}

/* Whether the other end sees the end of the connection within ms. */
static bool ends_within(int fd, int ms)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    char c;

    return poll(&p, 1, ms) == 1 && recv(fd, &c, 1, 0) == 0;
}

static void a_late_connection_is_shut_down_once(void)
{
    int s[2];

    start();
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
    CHECK_INT(http_deadline_enter(d, s[0], clock_mono_ms() + 60), ERR_OK);
    CHECK(!ends_within(s[1], 30));
    CHECK(ends_within(s[1], 1000));
    CHECK_INT(http_deadlines_closed(d), 1);
    poll(NULL, 0, 30);
    CHECK_INT(http_deadlines_closed(d), 1);
    http_deadline_leave(d, s[0]);
    close(s[0]);
    close(s[1]);
    http_deadlines_stop(d);
}

static void a_deadline_can_move_and_be_lifted(void)
{
    int s[2];

    start();
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
    CHECK_INT(http_deadline_enter(d, s[0], clock_mono_ms() + 40), ERR_OK);
    http_deadline_set(d, s[0], DEADLINE_NONE);
    CHECK(!ends_within(s[1], 80));
    http_deadline_set(d, s[0], clock_mono_ms() + 10);
    CHECK(ends_within(s[1], 1000));
    http_deadline_leave(d, s[0]);
    close(s[0]);
    close(s[1]);
    http_deadlines_stop(d);
}

static void a_connection_that_left_is_never_touched_and_its_number_may_be_used_again(void)
{
    int s[2];

    start();
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
    CHECK_INT(http_deadline_enter(d, s[0], clock_mono_ms() + 20), ERR_OK);
    http_deadline_leave(d, s[0]);
    http_deadline_leave(d, s[0]);
    CHECK(!ends_within(s[1], 60));
    CHECK_INT(http_deadline_enter(d, s[0], clock_mono_ms() + 10), ERR_OK);
    CHECK(ends_within(s[1], 1000));
    http_deadline_leave(d, s[0]);
    CHECK_INT(http_deadline_enter(d, 1 << 30, 0), ERR_LIMIT);
    CHECK_INT(http_deadline_enter(d, -1, 0), ERR_LIMIT);
    http_deadline_set(d, -1, 0);
    http_deadline_set(d, 1 << 30, 0);
    http_deadline_leave(d, 1 << 30);
    close(s[0]);
    close(s[1]);
    http_deadlines_stop(d);
}

static atomic_bool wrong;

/* Opens, enters, leaves and closes connections whose time is always up or nearly so: a sweeper that hits a descriptor after
 * it left would end another thread's connection, which never entered. */
static void *churn(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3000; i++) {
        int s[2], other[2];

        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s) != 0)
            break;
        (void)!http_deadline_enter(d, s[0], clock_mono_ms() + (i % 3) - 1);
        http_deadline_leave(d, s[0]);
        close(s[0]);
        close(s[1]);
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, other) != 0)
            break;
        if (write(other[0], "x", 1) != 1)
            atomic_store(&wrong, true);
        close(other[0]);
        close(other[1]);
    }
    return NULL;
}

static void descriptors_that_are_reused_are_safe_from_the_sweeper(void)
{
    pthread_t threads[4];

    start();
    for (size_t i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, churn, NULL);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK(!atomic_load(&wrong));
    http_deadlines_stop(d);
}

static const struct check_test TESTS[] = {
    TEST(a_late_connection_is_shut_down_once),
    TEST(a_deadline_can_move_and_be_lifted),
    TEST(a_connection_that_left_is_never_touched_and_its_number_may_be_used_again),
    TEST(descriptors_that_are_reused_are_safe_from_the_sweeper),
    { 0 },
};
CHECK_MAIN(TESTS)
