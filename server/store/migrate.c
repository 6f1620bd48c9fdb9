#include "store/migrate.h"

#include "observe/log.h"
#include "store/db.h"

static const char HISTORY[] = "CREATE TABLE IF NOT EXISTS schema_history ("
                              "number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_ms BIGINT NOT NULL)";

enum err_code migrate_level(struct db *db, int *level, struct err *e)
{
    struct db_stmt *statement = NULL;
    enum err_code rc = db_prepare(db, "SELECT coalesce(max(number), 0) AS level FROM schema_history", &statement, e);

    *level = 0;
    if (rc == ERR_INTERNAL) /* no such table */
        return err_set(e, ERR_INVALID, "not_parlour", "this file is not a database of parlour");
    if (rc == ERR_OK && db_step(statement) == DB_ROW)
        *level = (int)db_column_i64(statement, 0);
    else if (rc == ERR_OK)
        rc = db_failure(statement, e);
    db_finalize(statement);
    return rc;
}

enum err_code migrate_check_level(const struct migration *list, int level, struct err *e)
{
    int known = 0;

    for (const struct migration *migration = list; migration->number; migration++)
        known = migration->number;
    if (level <= known)
        return ERR_OK;
    return err_set(
        e, ERR_CONFLICT, "database_newer",
        "the database was written by a newer parlour (level %d, this one knows %d): install that version, or restore a "
        "backup from before",
        level, known);
}

static enum err_code note(struct db *db, const struct migration *migration, int64_t now_ms, struct err *e)
{
    struct db_stmt *statement = NULL;
    enum err_code rc =
        db_prepare(db, "INSERT INTO schema_history (number, name, applied_ms) VALUES ($1, $2, $3)", &statement, e);

    if (rc == ERR_OK && !(db_bind_i64(statement, 1, migration->number) && db_bind_text(statement, 2, migration->name) &&
                          db_bind_i64(statement, 3, now_ms) && db_step(statement) == DB_DONE))
        rc = db_failure(statement, e);
    db_finalize(statement);
    return rc;
}

static enum err_code apply(struct db *db, const struct migration *migration, int64_t now_ms, struct err *e)
{
    enum err_code rc = db_exec(db, "BEGIN IMMEDIATE", e);

    if (rc == ERR_OK)
        rc = db_exec(db, migration->sql, e);
    if (rc == ERR_OK)
        rc = note(db, migration, now_ms, e);
    if (rc == ERR_OK)
        rc = db_exec(db, "COMMIT", e);
    if (db_in_transaction(db) && db_exec(db, "ROLLBACK", NULL) != ERR_OK)
        log_event(LOG_ERROR, "store.rollback", "migration=%d", migration->number);
    if (rc == ERR_OK)
        log_event(LOG_INFO, "store.migrated", "migration=%s", migration->name);
    return rc;
}

enum err_code migrate_apply(struct db *db, const struct migration *list, int64_t now_ms, struct err *e)
{
    int level = 0;
    enum err_code rc = db_exec(db, HISTORY, e);

    if (rc == ERR_OK)
        rc = migrate_level(db, &level, e);
    if (rc == ERR_OK)
        rc = migrate_check_level(list, level, e);
    for (const struct migration *migration = list; migration->number && rc == ERR_OK; migration++)
        if (migration->number > level)
            rc = apply(db, migration, now_ms, e);
    return rc;
}

enum err_code migrate_make(struct db *db, const struct migration *list, int level, struct err *e)
{
    enum err_code rc = db_exec(db, HISTORY, e);

    for (const struct migration *migration = list; migration->number && migration->number <= level && rc == ERR_OK;
         migration++)
        rc = db_exec(db, migration->sql, e);
    return rc;
}
