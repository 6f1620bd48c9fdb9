/* The thread that looks after the database: after a failure it tries a write every second until one succeeds, and every hour it
 * checks the whole file (in a large one the indexes only once a day) and deletes what is due. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "observe/log.h"
#include "store/store_inside.h"
#include "store/store_retention.h"
#include "store/store_users.h"
#include "util/clock.h"

#define PROBE_EVERY_MS 1000
#define CHECK_FIRST_MS (60 * 1000) /* not in the first minute: the start and short commands need the disk */
#define CHECK_EVERY_MS (3600 * 1000)
#define CHECK_WHOLE_EVERY_MS (24 * 3600 * 1000)
#define PROBE_WAIT_MS 1000
#define AGE_EVERY_MS (60 * 1000)
#define AGE_WRITE_EVERY_MS (10 * 60 * 1000)
#define AGE_SETTING "clock_followed_ms"

/* Writes a row and commits it: this fails on a full disk, and succeeds once there is room again. */
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

/* A large file has its full check once a day: it reads each index and each table. */
static bool whole_is_due(const struct store_db *db, struct db *opened)
{
    int64_t bytes, last_ms = atomic_load(&db->checks.whole_ms), since_ms = clock_wall_ms() - last_ms;

    if (db_size(opened, &bytes, NULL) != ERR_OK || bytes <= CHECK_WHOLE_MAX_BYTES || last_ms == 0)
        return true;
    return since_ms < 0 || since_ms >= CHECK_WHOLE_EVERY_MS;
}

static enum err_code check_file(struct store_db *db, bool *whole, struct err *e)
{
    struct db *opened = NULL;
    enum err_code rc = db_open(db->file, DB_READ, &opened, e);

    *whole = rc == ERR_OK && whole_is_due(db, opened);
    if (rc == ERR_OK)
        rc = db_check(opened, *whole ? DB_CHECK_FULL : DB_CHECK_QUICK, &db->check_stop, e);
    db_close(opened);
    return rc;
}

/* Damage must not get worse: no more writes until somebody restores the file. */
void upkeep_check(struct store_db *db)
{
    int64_t from_ms = clock_mono_ms();
    struct err e = { .code = "" };
    bool whole;
    enum err_code rc = check_file(db, &whole, &e);

    if (rc == ERR_BUSY) /* the process ends */
        return;
    if (whole || rc != ERR_OK)
        store_note_checked(db, rc);
    if (strcmp(e.code, "database_corrupt") == 0)
        atomic_store(&db->damaged, true);
    log_event(rc == ERR_OK ? LOG_INFO : LOG_ERROR, "store.check", "whole=%d ms=%lld code=%s", whole,
              (long long)(clock_mono_ms() - from_ms), rc == ERR_OK ? "ok" : e.code);
}

/* --- the ageing clock ------------------------------------------------------------------------------------------------ */

static void tell_disagreement(bool before, const struct store_db *db, int64_t wall_ms)
{
    bool now = age_agrees(db->age.followed_ms, wall_ms);

    if (before && !now)
        log_event(
            LOG_WARN, "clock.not_believed",
            "seconds=%lld remedy=\"see that the machine's clock is right; until it has run on for a while nothing is "
            "forgotten for its age\"",
            (long long)((wall_ms - db->age.followed_ms) / 1000));
    else if (!before && now)
        log_event(LOG_INFO, "clock.believed", "again=1");
}

/* The first time is stored at once: until then only the record could tell the time. */
static enum err_code begin_age(struct store_db *db, struct err *e)
{
    struct db_stmt *statement = NULL;
    char text[24];
    enum err_code rc = db_prepare(db->writer.db, STATEMENT_SQL[Q_SETTING_SET], &statement, e);

    snprintf(text, sizeof text, "%lld", (long long)db->age.followed_ms);
    if (rc == ERR_OK &&
        !(db_bind_text(statement, 1, AGE_SETTING) && db_bind_text(statement, 2, text) && db_step(statement) == DB_DONE))
        rc = db_failure(statement, e);
    db_finalize(statement);
    return rc;
}

enum err_code upkeep_read_age(struct store_db *db, int64_t wall_ms, int64_t boot_ms, struct err *e)
{
    struct db_stmt *statement = NULL;
    enum err_code rc = db_prepare(db->writer.db, STATEMENT_SQL[Q_AGE_SEED], &statement, e);
    int64_t written_ms = 0, recorded_ms = 0;

    if (rc == ERR_OK && (!db_bind_text(statement, 1, AGE_SETTING) || db_step(statement) != DB_ROW))
        rc = db_failure(statement, e);
    if (rc == ERR_OK) {
        written_ms = db_column_i64(statement, 0);
        recorded_ms = db_column_i64(statement, 1);
    }
    db_finalize(statement);
    age_start(&db->age, written_ms ? written_ms : recorded_ms, wall_ms, boot_ms);
    atomic_store(&db->followed_ms, db->age.followed_ms);
    db->age_written_ms = db->age.followed_ms;
    tell_disagreement(true, db, wall_ms);
    return rc == ERR_OK && !written_ms ? begin_age(db, e) : rc;
}

/* Now and then; time not yet stored is only followed again after a restart. */
static void write_age(struct store_db *db)
{
    struct store *store = NULL;
    struct err e = { .code = "" };
    char text[24];
    enum err_code rc = store_open(db, &store, &e);

    snprintf(text, sizeof text, "%lld", (long long)db->age.followed_ms);
    if (rc == ERR_OK)
        rc = store_write_begin(store, &e);
    if (rc == ERR_OK)
        rc = store_write_end(store, store_setting_set(store, AGE_SETTING, text, &e), &e);
    if (rc == ERR_OK)
        db->age_written_ms = db->age.followed_ms;
    store_close(store);
}

void upkeep_age(struct store_db *db, int64_t wall_ms, int64_t boot_ms)
{
    bool agreed = age_agrees(db->age.followed_ms, db->age.wall_ms);

    age_tick(&db->age, wall_ms, boot_ms);
    atomic_store(&db->followed_ms, db->age.followed_ms);
    tell_disagreement(agreed, db, wall_ms);
    if (llabs(db->age.followed_ms - db->age_written_ms) >= AGE_WRITE_EVERY_MS)
        write_age(db);
}

/* A failing disk or a long line of writers: it continues in the next hour. */
void upkeep_forget(struct store_db *db)
{
    struct retention_counts gone = { 0 };
    struct store *store = NULL;
    struct err e = { .code = "" };
    enum err_code rc = store_open(db, &store, &e);

    if (rc == ERR_OK)
        rc = store_retention_run(store, store_due_ms(store, clock_wall_ms()), &db->check_stop, &gone, &e);
    store_close(store);
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

/* The times of the thread's next tasks, monotonic; 0: there is nothing to repair. */
struct times {
    int64_t age_ms, check_ms, probe_ms;
};

static int64_t first_of(const struct times *times)
{
    int64_t first_ms = times->age_ms < times->check_ms ? times->age_ms : times->check_ms;

    return times->probe_ms && times->probe_ms < first_ms ? times->probe_ms : first_ms;
}

static void do_what_is_due(struct store_db *db, struct times *times)
{
    if (times->probe_ms && clock_mono_ms() >= times->probe_ms) {
        mend(db);
        times->probe_ms = 0;
    }
    if (clock_mono_ms() >= times->age_ms) {
        upkeep_age(db, clock_wall_ms(), clock_boot_ms());
        times->age_ms = clock_mono_ms() + AGE_EVERY_MS;
    }
    if (clock_mono_ms() >= times->check_ms) {
        upkeep_check(db);
        upkeep_forget(db);
        times->check_ms = clock_mono_ms() + CHECK_EVERY_MS;
    }
}

static void *upkeep(void *arg)
{
    struct store_db *db = arg;
    struct times t = { .age_ms = clock_mono_ms() + AGE_EVERY_MS, .check_ms = clock_mono_ms() + CHECK_FIRST_MS };

    pthread_mutex_lock(&db->upkeep_lock);
    while (!db->upkeep_stop) {
        if (!t.probe_ms && !store_db_writable(db))
            t.probe_ms = clock_mono_ms() + PROBE_EVERY_MS;
        wait_until(db, first_of(&t));
        pthread_mutex_unlock(&db->upkeep_lock);
        do_what_is_due(db, &t);
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
