/* check.h - the whole unit test library: a few checks and a main().
 *
 *     #include "tests/support/check.h"
 *
 *     static void a_full_room_refuses_the_next_guest(void)
 *     {
 *         CHECK_INT(room_admit(...), ERR_LIMIT);
 *     }
 *
 *     static const struct check_test TESTS[] = {
 *         TEST(a_full_room_refuses_the_next_guest),
 *         { 0 },
 *     };
 *     CHECK_MAIN(TESTS)
 *
 * A failed check prints file, line, expected and actual value, and the test goes on, so guard code
 * that would crash: if (!CHECK(p != NULL)) return;
 * The last line on standard output is "N passed, N failed" (tests, not checks); tests/run adds it up.
 * Arguments are names of tests to run; without any, all run. One executable per file, one thread. */
#ifndef PARLOUR_TESTS_CHECK_H
#define PARLOUR_TESTS_CHECK_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct check_test {
    const char *name; /* as a sentence with _ for spaces; NULL ends the table */
    void (*run)(void);
};

static int check_failures; /* failed checks of the test that runs now */

/* Each returns whether the check held. Integers are compared as int64_t, so enums and sizes fit. */
#define TEST(fn)                                                                                                       \
    {                                                                                                                  \
        .name = #fn, .run = fn                                                                                         \
    }
#define CHECK(condition) check_true((condition), #condition, __FILE__, __LINE__)
#define CHECK_INT(got, expected) check_int((int64_t)(got), (int64_t)(expected), #got, __FILE__, __LINE__)
#define CHECK_STR(got, expected) check_str((got), (expected), #got, __FILE__, __LINE__)
#define CHECK_MEM(got, expected, size) CHECK(memcmp((got), (expected), (size)) == 0)
#define CHECK_MAIN(tests)                                                                                              \
    int main(int argc, char **argv)                                                                                    \
    {                                                                                                                  \
        return check_run((tests), argc, argv);                                                                         \
    }

static inline bool check_true(bool held, const char *what, const char *file, int line)
{
    if (!held) {
        check_failures++;
        printf("%s:%d: not so: %s\n", file, line, what);
    }
    return held;
}

static inline bool check_int(int64_t got, int64_t expected, const char *what, const char *file, int line)
{
    if (got != expected) {
        check_failures++;
        printf("%s:%d: %s is %" PRId64 ", expected %" PRId64 "\n", file, line, what, got, expected);
    }
    return got == expected;
}

static inline bool check_str(const char *got, const char *expected, const char *what, const char *file, int line)
{
    bool same = got == expected || (got != NULL && expected != NULL && strcmp(got, expected) == 0);

    if (!same) {
        check_failures++;
        printf("%s:%d: %s is \"%s\", expected \"%s\"\n", file, line, what, got != NULL ? got : "(null)",
               expected != NULL ? expected : "(null)");
    }
    return same;
}

static inline bool check_wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc < 2;
}

static inline int check_run(const struct check_test *tests, int argc, char **argv)
{
    int passed = 0, failed = 0;

    setvbuf(stdout, NULL, _IOLBF, 0); /* so that a crash does not lose earlier output */
    for (const struct check_test *t = tests; t->name != NULL; t++) {
        if (!check_wanted(t->name, argc, argv))
            continue;
        check_failures = 0;
        t->run();
        if (check_failures > 0)
            printf("FAILED %s\n", t->name);
        *(check_failures > 0 ? &failed : &passed) += 1;
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0 || passed == 0;
}

#endif
