/* must.h - what a fuzz target claims: not so, and the run ends with a word and its line. */
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
