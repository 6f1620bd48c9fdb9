/* must.h - the claim of a fuzz target: when it does not hold, the run ends with a message and the line. */
#ifndef TESTS_FUZZ_MUST_H
#define TESTS_FUZZ_MUST_H

#include <stdio.h>
#include <stdlib.h>

#define MUST(condition)                                                                                                \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "not so: %s (%s:%d)\n", #condition, __FILE__, __LINE__);                                   \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

#endif
