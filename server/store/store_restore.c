#include "store/store_restore.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "observe/log.h"
#include "store/migrate.h"
#include "store/restore_void.h"
#include "store/store_files.h"
#include "store/store_inside.h"
#include "util/file.h"

#define ASIDE_MAX 1000 /* files kept by restores */

/* --- moving into place ---------------------------------------------------------------------------------------------- */

static void beside(const char *database, const char *ending, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%.*s%s", PATH_MAX - 32, database, ending);
}

/* Opening and closing moves the log into the file. With a damaged file that fails: then its log is kept beside it. */
static void empty_log(const char *database)
{
    struct db *db = NULL;

    if (db_open(database, DB_WRITE, &db, NULL) != ERR_OK)
        log_event(LOG_WARN, "store.restore", "old=unreadable");
    db_close(db);
}

/* "<database>.before-1", -2, …: the first free name. The old file gets this second name; it keeps its first one until the new
 * file takes it, so that there is a database at every moment. */
static enum err_code keep_old(const char *database, char aside[PATH_MAX], struct err *e)
{
    for (int i = 1; i <= ASIDE_MAX; i++) {
        char ending[24];

        snprintf(ending, sizeof ending, ".before-%d", i);
        beside(database, ending, aside);
        if (file_exists(aside))
            continue;
        if (link(database, aside) == 0)
            return ERR_OK;
        break;
    }
    return err_set(e, ERR_IO, "io", "cannot keep the old database beside the new one (%s)", aside);
}

/* A remaining log belongs to the old file; beside the new one it would be replayed into it. */
static enum err_code move_log(const char *database, const char *aside, struct err *e)
{
    char log[PATH_MAX], log_aside[PATH_MAX], shared[PATH_MAX];

    beside(database, "-wal", log);
    beside(database, "-shm", shared);
    beside(aside, "-wal", log_aside);
    unlink(shared);
    if (file_exists(log))
        return files_replace(log, log_aside, e);
    return ERR_OK;
}

static enum err_code put_in_place(const char *database, const char *copy, struct err *e)
{
    char aside[PATH_MAX];
    enum err_code rc = ERR_OK;

    if (file_exists(database)) {
        empty_log(database);
        rc = keep_old(database, aside, e);
        if (rc == ERR_OK)
            rc = move_log(database, aside, e);
    } else {
        beside(database, ".before-0", aside);
        rc = move_log(database, aside, e);
    }
    return rc == ERR_OK ? files_replace(copy, database, e) : rc;
}

/* The messages of backup_check() are about the database in use. */
static enum err_code say_which_file(enum err_code rc, const char *path, struct err *e)
{
    if (rc != ERR_IO || !e || strcmp(e->code, "database_corrupt") != 0)
        return rc;
    return err_set(e, rc, "database_corrupt", "%s is no whole backup of Parlour: take another one. Nothing was changed",
                   path);
}

/* --- the contents of the copy --------------------------------------------------------------------------------------- */

/* The replaced database, when it can be read; otherwise NULL, with the reason in *why. */
static struct db *open_old(const char *database, enum restore_compared *why)
{
    struct db *old = NULL;

    *why = RESTORE_NOTHING_THERE;
    if (file_is_empty(database))
        return NULL;
    *why = RESTORE_UNREADABLE;
    empty_log(database);
    if (db_open(database, DB_ALONE, &old, NULL) != ERR_OK || db_check(old, DB_CHECK_FULL, NULL, NULL) != ERR_OK) {
        db_close(old);
        return NULL;
    }
    return old;
}

/* An unrelated old database, or one with another version's tables, cannot say what was revoked: then only the copy counts. */
static enum err_code void_secrets(struct db *copy, struct db *old, int64_t now_ms, struct restore_report *out,
                                  struct err *e)
{
    bool related = false;
    struct err unused;

    if (restore_related(copy, old, &related, out, &unused) != ERR_OK)
        return restore_void(copy, NULL, now_ms, out, e);
    if (!related && old)
        out->compared = RESTORE_UNRELATED;
    if (!related)
        return restore_void(copy, NULL, now_ms, out, e);
    out->compared = RESTORE_COMPARED;
    if (restore_void(copy, old, now_ms, out, &unused) == ERR_OK)
        return ERR_OK;
    out->compared = RESTORE_UNREADABLE;
    memset(out->counts, 0, sizeof out->counts);
    return restore_void(copy, NULL, now_ms, out, e);
}

/* Before the copy replaces the database, so that none of its secrets is ever in force. */
static enum err_code prepare_copy(const char *database, const char *copy, int64_t now_ms, struct restore_report *out,
                                  struct err *e)
{
    struct db *db = NULL, *old = NULL;
    enum err_code rc = db_open(copy, DB_ALONE, &db, e);

    if (rc == ERR_OK)
        rc = migrate_apply(db, MIGRATIONS, now_ms, e);
    if (rc == ERR_OK) {
        old = open_old(database, &out->compared);
        rc = void_secrets(db, old, now_ms, out, e);
    }
    db_close(old);
    db_close(db);
    return rc;
}

static enum err_code restore(const char *data_folder, const char *path, int64_t now_ms, struct restore_report *out,
                             struct err *e)
{
    char database[PATH_MAX], copy[PATH_MAX];
    enum err_code rc = files_path(data_folder, "parlour.db", database, e);

    if (rc == ERR_OK)
        rc = files_make_temporary(database, copy, e);
    if (rc != ERR_OK)
        return rc;
    rc = files_copy(path, copy, e); /* the backup itself is never opened, so it stays unchanged */
    if (rc == ERR_OK)
        rc = say_which_file(backup_check(copy, e), path, e);
    if (rc == ERR_OK)
        rc = prepare_copy(database, copy, now_ms, out, e);
    if (rc == ERR_OK)
        rc = files_sync(copy, e);
    if (rc == ERR_OK)
        rc = put_in_place(database, copy, e);
    if (rc != ERR_OK)
        unlink(copy);
    return rc;
}

enum err_code store_restore(const char *data_folder, const char *path, int64_t now_ms, struct restore_report *out,
                            struct err *e)
{
    int lock = -1;
    enum err_code rc = file_make_folder(data_folder, e);

    memset(out, 0, sizeof *out);
    if (rc == ERR_OK)
        rc = files_lock(data_folder, &lock, e);
    if (rc == ERR_OK)
        rc = restore(data_folder, path, now_ms, out, e);
    files_unlock(lock);
    return rc;
}
