#include "http/http_listen.h"
#include "tests/support/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void free_ports_are_found_and_taken_ones_named(void)
{
    char again[32];
    int fd = -1, port = 0, other, unused;
    struct err e = { 0 };

    if (!CHECK_INT(http_listen("127.0.0.1:0", &fd, &port, &e), ERR_OK))
        return;
    CHECK(port > 0 && (fcntl(fd, F_GETFL) & O_NONBLOCK) && (fcntl(fd, F_GETFD) & FD_CLOEXEC));
    snprintf(again, sizeof again, "127.0.0.1:%d", port);
    CHECK_INT(http_listen(again, &other, &unused, &e), ERR_CONFLICT);
    CHECK_STR(e.code, "address_in_use");
    CHECK(strstr(e.detail, again) != NULL);
    close(fd);
}

static void text_that_is_not_an_address_is_refused(void)
{
    static const char *const BAD[] = {
        "",       "127.0.0.1", "localhost:80", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:",
        "::1:80", "[::1]",     "[::1:80",      "[]:80",       "[127.0.0.1]:80",  ":80"
    };

    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct err e = { 0 };
        int fd, port;

        if (!CHECK_INT(http_listen(BAD[i], &fd, &port, &e), ERR_INVALID))
            printf("in: %s\n", BAD[i]);
    }
}

static void an_address_that_is_not_ours_cannot_be_used(void)
{
    struct err e = { 0 };
    int fd, port;

    CHECK_INT(http_listen("192.0.2.1:0", &fd, &port, &e), ERR_IO);
    CHECK(strstr(e.detail, "192.0.2.1") != NULL);
}

static const struct check_test TESTS[] = {
    TEST(free_ports_are_found_and_taken_ones_named),
    TEST(text_that_is_not_an_address_is_refused),
    TEST(an_address_that_is_not_ours_cannot_be_used),
    { 0 },
};
CHECK_MAIN(TESTS)
