#include <unistd.h>

#include "store/migrate.h"
#include "store/store_files.h"
#include "store/store_inside.h"
#include "store/tables.h"
#include "util/file.h"

enum err_code backup_check(const char *path, struct err *e)
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
        rc = backup_check(temporary, e);
    if (rc == ERR_OK)
        rc = files_sync(temporary, e);
    if (rc == ERR_OK)
        rc = files_place_new(temporary, path, e);
    if (rc != ERR_OK)
        unlink(temporary);
    return rc;
}
