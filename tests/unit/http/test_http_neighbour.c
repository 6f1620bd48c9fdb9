/* Proxies that are not named, or do not name their client: each is logged once. */
#include "http/http_neighbour.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "observe/log.h"
#include "tests/support/check.h"

static const char *const TRUSTED[] = { "127.0.0.1", "10.0.0.0/8", NULL };

static enum neighbour_fault fault(const char *peer, const char *header)
{
    struct http_head h = { .count = 0 };

    if (header)
        http_head_add(&h, header, strlen(header), "for=192.0.2.1", 13);
    return http_neighbour_fault(peer, &h, TRUSTED);
}

static void a_proxy_that_forwards_has_to_be_named_and_a_named_one_has_to_forward(void)
{
    CHECK_INT(fault("192.0.2.9", NULL), NEIGHBOUR_FINE);
    CHECK_INT(fault("192.0.2.9", "X-Forwarded-For"), NEIGHBOUR_UNNAMED);
    CHECK_INT(fault("192.0.2.9", "forwarded"), NEIGHBOUR_UNNAMED);
    CHECK_INT(fault("10.1.2.3", "x-forwarded-for"), NEIGHBOUR_FINE);
    CHECK_INT(fault("10.1.2.3", "Forwarded"), NEIGHBOUR_SILENT); /* which is not read */
    CHECK_INT(fault("127.0.0.1", NULL), NEIGHBOUR_SILENT);
}

/* The number of lines logged meanwhile: standard error goes into a pipe. */
static int lines_of(void (*run)(void))
{
    char text[64 * 1024];
    int ends[2], kept = dup(STDERR_FILENO), lines = 0;
    ssize_t got;

    if (pipe(ends) != 0 || dup2(ends[1], STDERR_FILENO) < 0)
        return -1;
    run();
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(ends[1]);
    got = read(ends[0], text, sizeof text);
    close(ends[0]);
    for (ssize_t i = 0; i < got; i++)
        lines += text[i] == '\n';
    return lines;
}

static void repeat(void)
{
    struct http_neighbours *n = http_neighbours_new();

    for (int i = 0; i < 5; i++) {
        http_neighbour_note(n, "192.0.2.9", NEIGHBOUR_FINE);
        http_neighbour_note(n, "192.0.2.9", NEIGHBOUR_UNNAMED);
        http_neighbour_note(n, "192.0.2.8", NEIGHBOUR_UNNAMED);
        http_neighbour_note(n, "192.0.2.8", NEIGHBOUR_SILENT);
    }
    http_neighbours_free(n);
}

static void crowd(void)
{
    struct http_neighbours *n = http_neighbours_new();
    char peer[32];

    for (int i = 0; i < 200; i++) {
        snprintf(peer, sizeof peer, "192.0.2.%d", i);
        http_neighbour_note(n, peer, NEIGHBOUR_UNNAMED);
    }
    http_neighbours_free(n);
    http_neighbours_free(NULL);
}

static void each_is_logged_once_and_nobody_fills_the_log(void)
{
    log_start(LOG_WARN, false);
    CHECK_INT(lines_of(repeat), 3);
    CHECK_INT(lines_of(crowd), 32);
}

static const struct check_test TESTS[] = {
    TEST(a_proxy_that_forwards_has_to_be_named_and_a_named_one_has_to_forward),
    TEST(each_is_logged_once_and_nobody_fills_the_log),
    { 0 },
};
CHECK_MAIN(TESTS)
