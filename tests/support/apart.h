/* apart.h - a test that changes its own process (limits, mounts, a sandbox) runs in a child. Failed checks there count here. */
#ifndef PARLOUR_TESTS_APART_H
#define PARLOUR_TESTS_APART_H

#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/check.h"

static inline void check_apart(void (*run)(void))
{
    pid_t child;
    int status = -1;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        check_failures = 0;
        run();
        fflush(stdout);
        _exit(check_failures != 0);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK_INT(status, 0);
}

#endif
