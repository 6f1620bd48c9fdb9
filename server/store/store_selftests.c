#include "store/store_selftests.h"

#include <stdio.h>

#include "domain/crypto.h"
#include "store/query.h"
#include "store/store_rows.h"

#define TRIES 20 /* a thousandth of all codes is taken at most */

enum err_code store_selftest_find(struct store *store, const char *code, int64_t now_ms, int64_t *at_ms,
                                  char result[SELFTEST_RESULT_SIZE], struct err *e)
{
    struct query q = query_begin(store, Q_SELFTEST_FIND);

    query_text(&q, code);
    query_i64(&q, now_ms - SELFTEST_MEMORY_MS);
    if (query_next(&q)) {
        *at_ms = col_i64(&q, "at_ms");
        col_text(&q, "result", result, SELFTEST_RESULT_SIZE);
    }
    return query_end_one(&q, e);
}

/* Sets `added`, unless the code is taken. */
static enum err_code try_code(struct store *store, const char *code, const char *result, int64_t now_ms, int64_t *added,
                              struct err *e)
{
    struct query q = query_begin(store, Q_SELFTEST_ADD);

    query_text(&q, code);
    query_i64(&q, now_ms);
    query_text(&q, result);
    return query_end_changes(&q, added, e);
}

enum err_code store_selftest_add(struct store *store, const char *result, int64_t now_ms, char code[SELFTEST_CODE_SIZE],
                                 struct err *e)
{
    enum err_code rc = run_prune(store, Q_SELFTESTS_PRUNE, now_ms, SELFTEST_MEMORY_MS, e);
    int64_t added = 0;
    struct query q;

    for (int i = 0; i < TRIES && rc == ERR_OK && added == 0; i++) {
        uint32_t random;

        crypto_random(&random, sizeof random);
        snprintf(code, SELFTEST_CODE_SIZE, "%06u", (unsigned)(random % 1000000));
        rc = try_code(store, code, result, now_ms, &added, e);
    }
    if (rc != ERR_OK)
        return rc;
    if (added == 0)
        return err_set(e, ERR_BUSY, "busy", "No free code was found; try again.");
    q = query_begin(store, Q_SELFTESTS_MAKE_ROOM);
    query_i64(&q, SELFTESTS_MAX);
    return query_end(&q, e);
}
