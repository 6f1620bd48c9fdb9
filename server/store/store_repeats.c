#include "store/store_repeats.h"

#include <string.h>

#include "store/query.h"
#include "store/store_rows.h"

enum err_code store_repeat_find(struct store *store, const char *caller_id, const struct repeat *repeat, int64_t now_ms,
                                char object_id[ID_SIZE], struct err *e)
{
    struct query q = query_begin(store, Q_IDEMPOTENCY_GET);
    uint8_t asked[HASH_BYTES];
    enum err_code rc;

    query_text(&q, caller_id);
    query_text(&q, repeat->key);
    query_i64(&q, now_ms - REPEAT_MEMORY_MS);
    if (query_next(&q)) {
        col_text(&q, "object_id", object_id, ID_SIZE);
        col_bytes(&q, "asked_hash", asked, sizeof asked);
    }
    rc = query_end_one(&q, e);
    if (rc == ERR_OK && memcmp(asked, repeat->asked, sizeof asked) != 0)
        rc = err_set(e, ERR_INVALID, "idempotency_mismatch",
                     "This Idempotency-Key was used for another request; use a new key for a new one.");
    return rc;
}

static enum err_code make_room(struct store *store, const char *caller_id, struct err *e)
{
    struct query q = query_begin(store, Q_IDEMPOTENCY_MAKE_ROOM);

    query_text(&q, caller_id);
    query_i64(&q, REPEATS_OF_CALLER_MAX);
    return query_end(&q, e);
}

enum err_code store_repeat_add(struct store *store, const char *caller_id, const struct repeat *repeat,
                               const char *object_id, int64_t now_ms, struct err *e)
{
    enum err_code rc = run_prune(store, Q_IDEMPOTENCY_PRUNE, now_ms, REPEAT_MEMORY_MS, e);
    struct query q;

    if (rc != ERR_OK)
        return rc;
    q = query_begin(store, Q_IDEMPOTENCY_PUT);
    query_text(&q, caller_id);
    query_text(&q, repeat->key);
    query_bytes(&q, repeat->asked, sizeof repeat->asked);
    query_text(&q, object_id);
    query_i64(&q, now_ms);
    rc = query_end(&q, e);
    return rc == ERR_OK ? make_room(store, caller_id, e) : rc;
}
