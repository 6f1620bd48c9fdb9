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

#define CHECK_ROWS_MAX 10000 /* in a large file the start checks tables with up to this many rows */

/* A missing or emptied database must not become a new practice whose first visitor is its admin. */
static enum err_code check_not_lost(const char *data_folder, struct err *e)
{
    if (!files_show_use(data_folder))
        return ERR_OK;
    return err_set(e, ERR_IO, "database_lost",
                   "the database in %s is missing or empty, but there was one: put the newest backup in its place with "
                   "'parlour restore FILE'. To begin anew with nothing, move all files out of that folder first",
                   data_folder);
}

/* Checks only the quick parts of a large file: the upkeep checks the rest a minute later. */
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
        store_note_checked(db, ERR_OK);
    return rc;
}

/* The file's content is ours and whole, or the file is empty. */
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
