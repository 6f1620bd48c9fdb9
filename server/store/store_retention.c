#include "store/store_retention.h"

#include <stdio.h>
#include <string.h>

#include "domain/admission.h"
#include "store/query.h"
#include "store/store_devices.h"
#include "store/store_repeats.h"
#include "store/store_selftests.h"
#include "store/store_users.h"
#include "util/str.h"

#define DAY_MS (24 * 3600 * INT64_C(1000))
#define DAYS_SETTING "retention_meetings_days"

enum err_code store_retention_days(struct store *store, int64_t *days, struct err *e)
{
    char text[24];
    enum err_code rc = store_setting_get(store, DAYS_SETTING, text, sizeof text, e);

    if (rc == ERR_OK && !str_to_i64(text, RETENTION_DAYS_MIN, RETENTION_DAYS_MAX, days))
        *days = RETENTION_DAYS_DEFAULT; /* never set */
    return rc;
}

enum err_code store_retention_set_days(struct store *store, int64_t days, struct err *e)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)days);
    return store_setting_set(store, DAYS_SETTING, text, e);
}

/* One write: deletes some of the rows that had ended at `before_ms`. */
static enum err_code delete_some(struct store *store, enum statement id, int64_t before_ms, int64_t *deleted,
                                 struct err *e)
{
    enum err_code rc = store_write_begin(store, e);
    struct query q;

    *deleted = 0;
    if (rc != ERR_OK)
        return rc;
    q = query_begin(store, id);
    query_i64(&q, before_ms);
    rc = store_write_end(store, query_end_changes(&q, deleted, e), e);
    if (rc != ERR_OK)
        *deleted = 0;
    return rc;
}

static enum err_code delete_all(struct store *store, enum statement id, int64_t before_ms, const atomic_bool *stop,
                                int64_t *count, struct err *e)
{
    enum err_code rc = ERR_OK;
    int64_t deleted = 1;

    while (rc == ERR_OK && deleted > 0 && !atomic_load(stop)) {
        rc = delete_some(store, id, before_ms, &deleted, e);
        *count += deleted;
    }
    return rc;
}

/* Deletes rows that are of no use any more. */
static enum err_code delete_void(struct store *store, int64_t now_ms, const atomic_bool *stop, int64_t *count,
                                 struct err *e)
{
    static const struct {
        enum statement id;
        int64_t good_for_ms;
    } VOID[] = {
        { Q_SESSIONS_PRUNE, 0 },
        { Q_USER_LINKS_PRUNE, 0 },
        { Q_DEVICES_PRUNE, DEVICE_MEMORY_MS },
        { Q_BLOCKS_PRUNE, 0 },
        { Q_PIN_FAILURES_PRUNE, ADMISSION_PIN_MEMORY_MS },
        { Q_IDEMPOTENCY_PRUNE, REPEAT_MEMORY_MS },
        { Q_SELFTESTS_PRUNE, SELFTEST_MEMORY_MS },
    };
    enum err_code rc = ERR_OK;

    for (size_t i = 0; i < sizeof VOID / sizeof VOID[0] && rc == ERR_OK; i++)
        rc = delete_all(store, VOID[i].id, now_ms - VOID[i].good_for_ms, stop, count, e);
    return rc;
}

enum err_code store_retention_run(struct store *store, int64_t now_ms, const atomic_bool *stop,
                                  struct retention_counts *out, struct err *e)
{
    int64_t days, before_ms;
    enum err_code rc = store_retention_days(store, &days, e);

    memset(out, 0, sizeof *out);
    if (rc != ERR_OK)
        return rc;
    before_ms = now_ms - days * DAY_MS;
    rc = delete_all(store, Q_SEATS_FORGET, before_ms, stop, &out->seats, e);
    if (rc == ERR_OK)
        rc = delete_all(store, Q_QUALITY_FORGET, before_ms, stop, &out->void_rows, e);
    if (rc == ERR_OK)
        rc = delete_all(store, Q_INVITATIONS_FORGET_EXPIRED, before_ms, stop, &out->invitations, e);
    if (rc == ERR_OK)
        rc = delete_all(store, Q_INVITATIONS_FORGET_REVOKED, before_ms, stop, &out->invitations, e);
    return rc == ERR_OK ? delete_void(store, now_ms, stop, &out->void_rows, e) : rc;
}
