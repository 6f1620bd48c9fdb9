/* What every thread may ask about the database: can it be written to, what have the checks found, which time is trusted. Atomics
 * only, so nobody waits; the upkeep changes them, and any thread that sees a write fail. */
#include "observe/log.h"
#include "observe/metrics.h"
#include "store/store_inside.h"
#include "util/clock.h"

bool store_db_writable(const struct store_db *db)
{
    return atomic_load(&db->failed) == ERR_OK && !atomic_load(&db->damaged);
}

void store_db_checks(const struct store_db *db, struct store_checks *out)
{
    *out = (struct store_checks){
        .done = atomic_load(&db->checks.done),
        .failed = atomic_load(&db->checks.failed),
        .whole_ms = atomic_load(&db->checks.whole_ms),
        .damaged = atomic_load(&db->damaged),
    };
}

int64_t store_due_ms(const struct store *store, int64_t now_ms)
{
    return age_due_ms(atomic_load(&store->db->followed_ms), now_ms);
}

bool store_clock_agrees(const struct store *store, int64_t now_ms)
{
    return age_agrees(atomic_load(&store->db->followed_ms), now_ms);
}

int64_t store_db_clock_ahead_ms(const struct store_db *db)
{
    int64_t followed_ms = atomic_load(&db->followed_ms), wall_ms = clock_wall_ms();

    return age_agrees(followed_ms, wall_ms) ? 0 : wall_ms - followed_ms;
}

/* The upkeep's thread looks at once. */
static void wake_upkeep(struct store_db *db)
{
    pthread_mutex_lock(&db->upkeep_lock);
    pthread_cond_signal(&db->upkeep_wake);
    pthread_mutex_unlock(&db->upkeep_lock);
}

void store_note_failure(struct store_db *db, enum err_code rc)
{
    int fine = ERR_OK;

    if (rc != ERR_FULL && rc != ERR_IO)
        return;
    metrics_count(METRIC_STORE_FAILED, 1);
    if (atomic_compare_exchange_strong(&db->failed, &fine, (int)rc)) {
        log_event(LOG_ERROR, "store.not_writable", "why=%s", err_code_name(rc));
        wake_upkeep(db);
    }
}

void store_note_checked(struct store_db *db, enum err_code rc)
{
    atomic_fetch_add(&db->checks.done, 1);
    if (rc == ERR_OK)
        atomic_store(&db->checks.whole_ms, clock_wall_ms());
    else
        atomic_fetch_add(&db->checks.failed, 1);
}

/* Only the upkeep probes a failed store, so that a full disk does not make every caller wait for it. */
enum err_code refuse_while_failed(struct store_db *db, struct err *e)
{
    enum err_code rc = (enum err_code)atomic_load(&db->failed);

    if (atomic_load(&db->damaged))
        return err_set(e, ERR_IO, "database_corrupt",
                       "the database is damaged: stop the server and restore the newest backup");
    if (rc == ERR_FULL)
        err_set(e, rc, "storage_full",
                "the disk that holds the database is full or read-only: make room, then try again");
    else if (rc != ERR_OK)
        err_set(e, rc, "database_failed", "the database cannot be written to: see the log and the disk");
    return rc;
}
