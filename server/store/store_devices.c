#include "store/store_devices.h"

#include "store/query.h"
#include "store/store_rows.h"

static enum err_code end_found(struct query *query, bool *found, struct err *e)
{
    *found = query_next(query);
    return query_end(query, e);
}

enum err_code store_device_known(struct store *store, const uint8_t cookie_hash[HASH_BYTES], int64_t now_ms,
                                 bool *known, struct err *e)
{
    struct query q = query_begin(store, Q_DEVICE_KNOWN);

    query_bytes(&q, cookie_hash, HASH_BYTES);
    query_i64(&q, now_ms - DEVICE_MEMORY_MS);
    return end_found(&q, known, e);
}

enum err_code store_device_is_of(struct store *store, const uint8_t cookie_hash[HASH_BYTES], const char *user_id,
                                 int64_t now_ms, bool *known, struct err *e)
{
    struct query q = query_begin(store, Q_DEVICE_IS_OF);

    query_text(&q, user_id);
    query_bytes(&q, cookie_hash, HASH_BYTES);
    query_i64(&q, now_ms - DEVICE_MEMORY_MS);
    return end_found(&q, known, e);
}

enum err_code store_device_seen(struct store *store, const char *user_id, const uint8_t cookie_hash[HASH_BYTES],
                                int64_t now_ms, struct err *e)
{
    enum err_code rc = run_prune(store, Q_DEVICES_PRUNE, now_ms, DEVICE_MEMORY_MS, e);
    struct query q;

    if (rc != ERR_OK)
        return rc;
    q = query_begin(store, Q_DEVICE_SEEN);
    query_text(&q, user_id);
    query_bytes(&q, cookie_hash, HASH_BYTES);
    query_i64(&q, now_ms);
    rc = not_found_without_reference(query_end(&q, e), e);
    if (rc != ERR_OK)
        return rc;
    q = query_begin(store, Q_DEVICES_MAKE_ROOM);
    query_text(&q, user_id);
    query_i64(&q, DEVICES_OF_USER_MAX);
    return query_end(&q, e);
}

enum err_code store_device_forget(struct store *store, const char *user_id, const uint8_t *keep, struct err *e)
{
    static const uint8_t NOBODYS[HASH_BYTES];
    struct query q = query_begin(store, Q_DEVICES_FORGET);

    query_text(&q, user_id);
    query_bytes(&q, keep ? keep : NOBODYS, HASH_BYTES);
    return query_end(&q, e);
}
