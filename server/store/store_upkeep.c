/* The thread that looks after the database: after a failure it tries a write every second until one succeeds, and every hour it
 * checks the whole file (of a large one the indexes only once a day) and forgets what is due. */
#include <string.h>
#include <time.h>

#include "observe/log.h"
#include "store/store_inside.h"
#include "store/store_retention.h"
#include "util/clock.h"

#define PROBE_EVERY_MS 1000
#define CHECK_FIRST_MS (60 * 1000) /* not in the first minute: the start and short commands need the disk */
#define CHECK_EVERY_MS (3600 * 1000)
#define CHECK_WHOLE_EVERY_MS (24 * 3600 * 1000)
#define PROBE_WAIT_MS 1000

/* Writes a row and commits it: what is full refuses, what has room again does not. */
static enum err_code probe(struct store_db *db, struct err *e)
{
    enum err_code rc = write_begin(db, PROBE_WAIT_MS, e);

    if (rc != ERR_OK)
        return rc;
    rc = db_exec(db->writer.db, STATEMENT_SQL[Q_PROBE], e);
    return write_end(db, rc, e);
}

static void mend(struct store_db *db)
{
    struct err e;

    if (atomic_load(&db->failed) == ERR_OK || probe(db, &e) != ERR_OK)
        return;
    atomic_store(&db->failed, ERR_OK);
    log_event(LOG_WARN, "store.writable_again", "probe=1");
}

void upkeep_note_checked(struct store_db *db, enum err_code rc)
{
    atomic_fetch_add(&db->checks.done, 1);
    if (rc == ERR_OK)
        atomic_store(&db->checks.whole_ms, clock_wall_ms());
    else
        atomic_fetch_add(&db->checks.failed, 1);
}

/* A large file has its full check once a day: it reads each index and each table. */
static bool whole_is_due(const struct store_db *db, struct db *c)
{
    int64_t bytes, last_ms = atomic_load(&db->checks.whole_ms), since_ms = clock_wall_ms() - last_ms;

    if (db_size(c, &bytes, NULL) != ERR_OK || bytes <= CHECK_WHOLE_MAX_BYTES || last_ms == 0)
        return true;
    return since_ms < 0 || since_ms >= CHECK_WHOLE_EVERY_MS;
}

static enum err_code check_file(struct store_db *db, bool *whole, struct err *e)
{
    struct db *c = NULL;
    enum err_code rc = db_open(db->file, DB_READ, &c, e);

    *whole = rc == ERR_OK && whole_is_due(db, c);
    if (rc == ERR_OK)
        rc = db_check(c, *whole ? DB_CHECK_FULL : DB_CHECK_QUICK, &db->check_stop, e);
    db_close(c);
    return rc;
}

/* A damaged file is not made worse: no more writes until somebody restores it. */
void upkeep_check(struct store_db *db)
{
    int64_t from_ms = clock_mono_ms();
    struct err e = { .code = "" };
    bool whole;
    enum err_code rc = check_file(db, &whole, &e);

    if (rc == ERR_BUSY) /* the process ends */
        return;
    if (whole || rc != ERR_OK)
        upkeep_note_checked(db, rc);
    if (strcmp(e.code, "database_corrupt") == 0)
        atomic_store(&db->damaged, true);
    log_event(rc == ERR_OK ? LOG_INFO : LOG_ERROR, "store.check", "whole=%d ms=%lld code=%s", whole,
              (long long)(clock_mono_ms() - from_ms), rc == ERR_OK ? "ok" : e.code);
}

/* A failing disk or a long line of writers: the next hour goes on. */
void upkeep_forget(struct store_db *db)
{
    struct retention_counts gone = { 0 };
    struct store *s = NULL;
    struct err e = { .code = "" };
    enum err_code rc = store_open(db, &s, &e);

    if (rc == ERR_OK)
        rc = store_retention_run(s, clock_wall_ms(), &db->check_stop, &gone, &e);
    store_close(s);
    if (gone.seats + gone.invitations + gone.void_rows > 0 || rc != ERR_OK)
        log_event(rc == ERR_OK ? LOG_INFO : LOG_WARN, "store.forgotten",
                  "seats=%lld invitations=%lld void=%lld code=%s", (long long)gone.seats, (long long)gone.invitations,
                  (long long)gone.void_rows, e.code);
}

/* Waits for stop, a failure, or the time; the lock is held. */
static void wait_until(struct store_db *db, int64_t at_ms)
{
    struct timespec t = { .tv_sec = (time_t)(at_ms / 1000), .tv_nsec = (long)(at_ms % 1000) * 1000000L };

    if (!db->upkeep_stop)
        pthread_cond_timedwait(&db->upkeep_wake, &db->upkeep_lock, &t);
}

static void *upkeep(void *arg)
{
    struct store_db *db = arg;
    int64_t check_ms = clock_mono_ms() + CHECK_FIRST_MS, probe_ms = 0; /* 0: nothing to mend */

    pthread_mutex_lock(&db->upkeep_lock);
    while (!db->upkeep_stop) {
        if (!probe_ms && !store_db_writable(db))
            probe_ms = clock_mono_ms() + PROBE_EVERY_MS;
        wait_until(db, probe_ms && probe_ms < check_ms ? probe_ms : check_ms);
        pthread_mutex_unlock(&db->upkeep_lock);
        if (probe_ms && clock_mono_ms() >= probe_ms) {
            mend(db);
            probe_ms = 0;
        }
        if (clock_mono_ms() >= check_ms) {
            upkeep_check(db);
            upkeep_forget(db);
            check_ms = clock_mono_ms() + CHECK_EVERY_MS;
        }
        pthread_mutex_lock(&db->upkeep_lock);
    }
    pthread_mutex_unlock(&db->upkeep_lock);
    return NULL;
}

enum err_code upkeep_start(struct store_db *db, struct err *e)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&db->upkeep_wake, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&db->upkeep_lock, NULL);
    if (pthread_create(&db->upkeep, NULL, upkeep, db) == 0)
        return ERR_OK;
    pthread_cond_destroy(&db->upkeep_wake);
    pthread_mutex_destroy(&db->upkeep_lock);
    return err_set(e, ERR_INTERNAL, "internal", "no thread for the database's upkeep");
}

void upkeep_wake(struct store_db *db)
{
    pthread_mutex_lock(&db->upkeep_lock);
    pthread_cond_signal(&db->upkeep_wake);
    pthread_mutex_unlock(&db->upkeep_lock);
}

void upkeep_stop(struct store_db *db)
{
    pthread_mutex_lock(&db->upkeep_lock);
    db->upkeep_stop = true;
    atomic_store(&db->check_stop, true);
    pthread_cond_signal(&db->upkeep_wake);
    pthread_mutex_unlock(&db->upkeep_lock);
    pthread_join(db->upkeep, NULL);
    pthread_cond_destroy(&db->upkeep_wake);
    pthread_mutex_destroy(&db->upkeep_lock);
}
