#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/migrate.h"
#include "store/store_files.h"
#include "store/store_inside.h"
#include "store/tables.h"
#include "util/file.h"

enum err_code backup_check(const char *path, struct err *e)
{
    struct db *db = NULL;
    int level;
    enum err_code rc = db_open(path, DB_ALONE, &db, e);

    if (rc == ERR_OK)
        rc = migrate_level(db, &level, e);
    if (rc == ERR_OK)
        rc = migrate_check_level(MIGRATIONS, level, e);
    if (rc == ERR_OK)
        rc = db_check(db, DB_CHECK_FULL, NULL, e);
    if (rc == ERR_OK)
        rc = tables_check(db, level, e);
    db_close(db);
    return rc;
}

static enum err_code copy_live(const char *database, const char *to, struct err *e)
{
    struct db *db = NULL;
    enum err_code rc =
        db_open(database, DB_READ, &db, e); /* a separate connection: the handle stays free for its owner's reads */

    if (rc == ERR_OK)
        rc = db_copy(db, to, e);
    db_close(db);
    return rc;
}

/* Space that the copy may need: the file, and the log that is not yet in it. */
static int64_t live_bytes(const char *database)
{
    char log[PATH_MAX];
    struct stat st;
    int64_t bytes = stat(database, &st) == 0 ? st.st_size : 0;

    if (snprintf(log, sizeof log, "%s-wal", database) < (int)sizeof log && stat(log, &st) == 0)
        bytes += st.st_size;
    return bytes;
}

enum err_code store_backup_take(struct store *store, int *fd, struct err *e)
{
    char temporary[PATH_MAX];
    enum err_code rc = files_check_room(store->db->file, live_bytes(store->db->file), e);

    *fd = -1;
    if (rc == ERR_OK)
        rc = files_make_temporary(store->db->file, temporary, e);
    if (rc != ERR_OK)
        return rc;
    rc = copy_live(store->db->file, temporary, e);
    if (rc == ERR_OK && (*fd = open(temporary, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) < 0)
        rc = err_set(e, ERR_IO, "io", "cannot open the copy of the database: %s", strerror(errno));
    unlink(temporary);
    return rc;
}

enum err_code store_backup_keep(int fd, const char *path, struct err *e)
{
    char temporary[PATH_MAX];
    enum err_code rc = files_make_temporary(path, temporary, e);

    if (rc != ERR_OK)
        return rc;
    rc = files_copy_open(fd, temporary, e);
    if (rc == ERR_OK)
        rc = backup_check(temporary, e);
    if (rc == ERR_OK)
        rc = files_place_new(temporary, path, e);
    if (rc != ERR_OK)
        unlink(temporary);
    return rc;
}
