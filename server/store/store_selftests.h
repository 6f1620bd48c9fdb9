/* store_selftests.h - results of self tests, under a code that can be read out. They name nobody; the newest are kept, for two
 * weeks. See store.h for threads. */
#ifndef STORE_STORE_SELFTESTS_H
#define STORE_STORE_SELFTESTS_H

#include "store/store.h"

#define SELFTEST_MEMORY_MS (14 * 24 * 3600 * INT64_C(1000))
#define SELFTESTS_MAX 1000
#define SELFTEST_CODE_SIZE 7      /* six digits */
#define SELFTEST_RESULT_SIZE 4096 /* JSON */

/* Inside a write. Makes the code. ERR_BUSY "busy": no free code was found. */
MUST_CHECK enum err_code store_selftest_add(struct store *store, const char *result, int64_t now_ms,
                                            char code[SELFTEST_CODE_SIZE], struct err *e);
/* ERR_NOT_FOUND: none, or forgotten. */
MUST_CHECK enum err_code store_selftest_find(struct store *store, const char *code, int64_t now_ms, int64_t *at_ms,
                                             char result[SELFTEST_RESULT_SIZE], struct err *e);

#endif
