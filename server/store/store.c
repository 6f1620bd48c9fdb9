#include "store/store.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "observe/log.h"
#include "observe/metrics.h"
#include "store/migrate.h"
#include "store/store_files.h"
#include "store/store_inside.h"
#include "store/tables.h"
#include "util/clock.h"
#include "util/file.h"
#include "util/mem.h"

#define CHECK_ROWS_MAX 10000 /* in a large file the start checks tables of up to so many rows */

static enum err_code connection_open(struct connection *c, const char *path, enum db_use use, struct err *e)
{
    memset(c, 0, sizeof *c);
    return db_open(path, use, &c->db, e);
}

static void connection_close(struct connection *c)
{
    for (int i = 0; i < STATEMENTS; i++)
        db_finalize(c->statements[i]);
    db_close(c->db);
    memset(c, 0, sizeof *c);
}

/* --- the database --------------------------------------------------------------------------------------------------- */

/* A database that is gone or empty where there was one must not become a new practice whose first visitor is its admin. */
static enum err_code check_not_lost(const char *data_folder, struct err *e)
{
    if (!files_show_use(data_folder))
        return ERR_OK;
    return err_set(e, ERR_IO, "database_lost",
                   "the database in %s is missing or empty, but there was one: put the newest backup in its place with "
                   "'parlour restore FILE'. To begin anew with nothing, move all files out of that folder first",
                   data_folder);
}

/* Of a large file only what is quick to check: the upkeep checks the rest a minute later. */
static enum err_code check_structure(struct store_db *db, struct err *e)
{
    int64_t bytes;
    enum err_code rc = db_size(db->writer.db, &bytes, e);

    if (rc != ERR_OK)
        return rc;
    if (bytes > CHECK_WHOLE_MAX_BYTES)
        return db_check_tables(db->writer.db, TABLES, CHECK_ROWS_MAX, e);
    rc = db_check(db->writer.db, DB_CHECK_FULL, NULL, e);
    if (rc == ERR_OK)
        upkeep_note_checked(db, ERR_OK);
    return rc;
}

/* What is in the file is ours and whole, or there is nothing in it. */
static enum err_code check_content(struct store_db *db, const char *data_folder, struct err *e)
{
    bool none;
    int level;
    enum err_code rc = check_structure(db, e);

    if (rc == ERR_OK)
        rc = tables_none(db->writer.db, &none, e);
    if (rc != ERR_OK)
        return rc;
    if (none)
        return check_not_lost(data_folder, e);
    rc = migrate_level(db->writer.db, &level, e);
    if (rc == ERR_OK)
        rc = migrate_check_level(MIGRATIONS, level, e);
    return rc == ERR_OK ? tables_check(db->writer.db, level, e) : rc;
}

static enum err_code open_writer(struct store_db *db, const char *data_folder, int64_t now_ms, struct err *e)
{
    enum err_code rc = file_is_empty(db->file) ? check_not_lost(data_folder, e) : ERR_OK;

    if (rc == ERR_OK)
        rc = files_make_private(db->file, e);
    if (rc == ERR_OK)
        rc = connection_open(&db->writer, db->file, DB_WRITE, e);
    if (rc == ERR_OK)
        rc = check_content(db, data_folder, e);
    if (rc == ERR_OK)
        rc = migrate_apply(db->writer.db, MIGRATIONS, now_ms, e);
    return rc;
}

static void free_db(struct store_db *db)
{
    connection_close(&db->writer);
    files_unlock(db->lock_fd);
    write_clear(db);
    mem_free(db->file);
    mem_free(db);
}

enum err_code store_db_open(const char *data_folder, int64_t now_ms, struct store_db **out, struct err *e)
{
    char file[PATH_MAX];
    struct store_db *db;
    enum err_code rc = files_path(data_folder, "parlour.db", file, e);

    if (rc == ERR_OK)
        rc = file_make_folder(data_folder, e);
    if (rc != ERR_OK)
        return rc;
    db = mem_new(sizeof *db);
    db->file = mem_copy_text(file);
    db->lock_fd = -1;
    write_init(db);
    rc = files_lock(data_folder, &db->lock_fd, e);
    if (rc == ERR_OK)
        files_sweep_temporary(db->file);
    if (rc == ERR_OK)
        rc = open_writer(db, data_folder, now_ms, e);
    if (rc == ERR_OK)
        rc = upkeep_read_age(db, now_ms, clock_boot_ms(), e);
    if (rc == ERR_OK)
        rc = upkeep_start(db, e);
    if (rc != ERR_OK) {
        free_db(db);
        return rc;
    }
    *out = db;
    return ERR_OK;
}

void store_db_close(struct store_db *db)
{
    if (!db)
        return;
    upkeep_stop(db); /* it may hold a handle */
    assert(atomic_load(&db->handles) == 0);
    free_db(db); /* the writer is the last connection: closing it checkpoints */
}

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

int64_t store_due_ms(const struct store *s, int64_t now_ms)
{
    return age_due_ms(atomic_load(&s->db->followed_ms), now_ms);
}

bool store_clock_agrees(const struct store *s, int64_t now_ms)
{
    return age_agrees(atomic_load(&s->db->followed_ms), now_ms);
}

int64_t store_db_clock_ahead_ms(const struct store_db *db)
{
    int64_t followed_ms = atomic_load(&db->followed_ms), wall_ms = clock_wall_ms();

    return age_agrees(followed_ms, wall_ms) ? 0 : wall_ms - followed_ms;
}

void store_note_failure(struct store_db *db, enum err_code rc)
{
    int fine = ERR_OK;

    if (rc != ERR_FULL && rc != ERR_IO)
        return;
    metrics_count(METRIC_STORE_FAILED, 1);
    if (atomic_compare_exchange_strong(&db->failed, &fine, (int)rc)) {
        log_event(LOG_ERROR, "store.not_writable", "why=%s", err_code_name(rc));
        upkeep_wake(db);
    }
}

/* --- handles -------------------------------------------------------------------------------------------------------- */

enum err_code store_open(struct store_db *db, struct store **out, struct err *e)
{
    struct store *s = mem_new(sizeof *s);
    enum err_code rc = connection_open(&s->reader, db->file, DB_READ, e);

    s->db = db;
    if (rc != ERR_OK) {
        mem_free(s);
        return rc;
    }
    atomic_fetch_add(&db->handles, 1);
    *out = s;
    return ERR_OK;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    assert(!s->writing);
    connection_close(&s->reader);
    atomic_fetch_sub(&s->db->handles, 1);
    mem_free(s);
}

enum err_code store_read_begin(struct store *s, struct err *e)
{
    enum err_code rc;

    if (s->writing || s->reading)
        return ERR_OK;
    rc = db_exec(s->reader.db, "BEGIN", e);
    s->reading = rc == ERR_OK;
    return rc;
}

enum err_code store_read_end(struct store *s, enum err_code rc, struct err *e)
{
    enum err_code ended;

    if (!s->reading)
        return rc;
    s->reading = false;
    ended = db_exec(s->reader.db, "COMMIT", rc == ERR_OK ? e : NULL);
    return rc == ERR_OK ? ended : rc;
}

/* A failed store is probed by the upkeep alone, so that a full disk does not make every caller wait for it. */
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
