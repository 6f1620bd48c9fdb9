#include "store/migrate.h"

#include "observe/log.h"
#include "store/db.h"

static const char HISTORY[] = "CREATE TABLE IF NOT EXISTS schema_history ("
                              "number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_ms BIGINT NOT NULL)";

enum err_code migrate_level(struct db *c, int *level, struct err *e)
{
    struct db_stmt *s = NULL;
    enum err_code rc = db_prepare(c, "SELECT coalesce(max(number), 0) AS level FROM schema_history", &s, e);

    *level = 0;
    if (rc == ERR_INTERNAL) /* no such table */
        return err_set(e, ERR_INVALID, "not_parlour", "this file is not a database of parlour");
    if (rc == ERR_OK && db_step(s) == DB_ROW)
        *level = (int)db_column_i64(s, 0);
    else if (rc == ERR_OK)
        rc = db_failure(s, e);
    db_finalize(s);
    return rc;
}

enum err_code migrate_check_level(const struct migration *list, int level, struct err *e)
{
    int known = 0;

    for (const struct migration *m = list; m->number; m++)
        known = m->number;
    if (level <= known)
        return ERR_OK;
    return err_set(
        e, ERR_CONFLICT, "database_newer",
        "the database was written by a newer parlour (level %d, this one knows %d): install that version, or restore a "
        "backup from before",
        level, known);
}

static enum err_code note(struct db *c, const struct migration *m, int64_t now_ms, struct err *e)
{
    struct db_stmt *s = NULL;
    enum err_code rc =
        db_prepare(c, "INSERT INTO schema_history (number, name, applied_ms) VALUES ($1, $2, $3)", &s, e);

    if (rc == ERR_OK && !(db_bind_i64(s, 1, m->number) && db_bind_text(s, 2, m->name) && db_bind_i64(s, 3, now_ms) &&
                          db_step(s) == DB_DONE))
        rc = db_failure(s, e);
    db_finalize(s);
    return rc;
}

static enum err_code apply(struct db *c, const struct migration *m, int64_t now_ms, struct err *e)
{
    enum err_code rc = db_exec(c, "BEGIN IMMEDIATE", e);

    if (rc == ERR_OK)
        rc = db_exec(c, m->sql, e);
    if (rc == ERR_OK)
        rc = note(c, m, now_ms, e);
    if (rc == ERR_OK)
        rc = db_exec(c, "COMMIT", e);
    if (db_in_transaction(c) && db_exec(c, "ROLLBACK", NULL) != ERR_OK)
        log_event(LOG_ERROR, "store.rollback", "migration=%d", m->number);
    if (rc == ERR_OK)
        log_event(LOG_INFO, "store.migrated", "migration=%s", m->name);
    return rc;
}

enum err_code migrate_apply(struct db *c, const struct migration *list, int64_t now_ms, struct err *e)
{
    int level = 0;
    enum err_code rc = db_exec(c, HISTORY, e);

    if (rc == ERR_OK)
        rc = migrate_level(c, &level, e);
    if (rc == ERR_OK)
        rc = migrate_check_level(list, level, e);
    for (const struct migration *m = list; m->number && rc == ERR_OK; m++)
        if (m->number > level)
            rc = apply(c, m, now_ms, e);
    return rc;
}

enum err_code migrate_make(struct db *c, const struct migration *list, int level, struct err *e)
{
    enum err_code rc = db_exec(c, HISTORY, e);

    for (const struct migration *m = list; m->number && m->number <= level && rc == ERR_OK; m++)
        rc = db_exec(c, m->sql, e);
    return rc;
}
