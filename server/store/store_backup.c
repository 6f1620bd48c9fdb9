#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "observe/log.h"
#include "store/migrate.h"
#include "store/store_files.h"
#include "store/store_inside.h"
#include "store/tables.h"
#include "util/file.h"

#define ASIDE_MAX 1000 /* files that restore kept */

/* Complete, sound and not newer than this program? */
static enum err_code check_copy(const char *path, struct err *e)
{
    struct db *c = NULL;
    int level;
    enum err_code rc = db_open(path, DB_ALONE, &c, e);

    if (rc == ERR_OK)
        rc = migrate_level(c, &level, e);
    if (rc == ERR_OK)
        rc = migrate_check_level(MIGRATIONS, level, e);
    if (rc == ERR_OK)
        rc = db_check(c, DB_CHECK_FULL, NULL, e);
    if (rc == ERR_OK)
        rc = tables_check(c, level, e);
    db_close(c);
    return rc;
}

static enum err_code copy_live(const char *database, const char *to, struct err *e)
{
    struct db *c = NULL;
    enum err_code rc = db_open(database, DB_READ, &c, e); /* of its own: the handle stays free for its owner's reads */

    if (rc == ERR_OK)
        rc = db_copy(c, to, e);
    db_close(c);
    return rc;
}

enum err_code store_backup(struct store *s, const char *path, struct err *e)
{
    char temporary[PATH_MAX];
    enum err_code rc;

    if (file_exists(path))
        return err_set(e, ERR_CONFLICT, "exists", "%s is there already: choose another name", path);
    rc = files_make_temporary(path, temporary, e);
    if (rc != ERR_OK)
        return rc;
    rc = copy_live(s->db->file, temporary, e);
    if (rc == ERR_OK)
        rc = check_copy(temporary, e);
    if (rc == ERR_OK)
        rc = files_sync(temporary, e);
    if (rc == ERR_OK)
        rc = files_place_new(temporary, path, e);
    if (rc != ERR_OK)
        unlink(temporary);
    return rc;
}

/* --- restore -------------------------------------------------------------------------------------------------------- */

static void beside(const char *database, const char *ending, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%.*s%s", PATH_MAX - 32, database, ending);
}

/* Opening and closing moves what the log holds into the file. A damaged file cannot: then its log is kept beside it. */
static void empty_log(const char *database)
{
    struct db *c = NULL;

    if (db_open(database, DB_WRITE, &c, NULL) != ERR_OK)
        log_event(LOG_WARN, "store.restore", "old=unreadable");
    db_close(c);
}

/* "<database>.before-1", -2, …: the first that is free. The old file gets this second name; its own stays until the new file
 * takes it, so that there is a database at every moment. */
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

/* A log that stayed belongs to the old file; found beside the new one it would be replayed into it. */
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

/* The words of check_copy() are about the database in use. */
static enum err_code say_which_file(enum err_code rc, const char *path, struct err *e)
{
    if (rc != ERR_IO || !e || strcmp(e->code, "database_corrupt") != 0)
        return rc;
    return err_set(e, rc, "database_corrupt", "%s is no whole backup of Parlour: take another one. Nothing was changed",
                   path);
}

static enum err_code restore(const char *data_folder, const char *path, struct err *e)
{
    char database[PATH_MAX], copy[PATH_MAX];
    enum err_code rc = files_path(data_folder, "parlour.db", database, e);

    if (rc == ERR_OK)
        rc = files_make_temporary(database, copy, e);
    if (rc != ERR_OK)
        return rc;
    rc = files_copy(path, copy, e); /* the backup itself is never opened, so it stays as it was */
    if (rc == ERR_OK)
        rc = say_which_file(check_copy(copy, e), path, e);
    if (rc == ERR_OK)
        rc = files_sync(copy, e);
    if (rc == ERR_OK)
        rc = put_in_place(database, copy, e);
    if (rc != ERR_OK)
        unlink(copy);
    return rc;
}

enum err_code store_restore(const char *data_folder, const char *path, struct err *e)
{
    int lock = -1;
    enum err_code rc = file_make_folder(data_folder, e);

    if (rc == ERR_OK)
        rc = files_lock(data_folder, &lock, e);
    if (rc == ERR_OK)
        rc = restore(data_folder, path, e);
    files_unlock(lock);
    return rc;
}
