#include "store/tables.h"

#include <string.h>

#include "store/migrate.h"

#define TABLE_ROW(name) { #name, "SELECT max(rowid) FROM " #name, "PRAGMA quick_check('" #name "')" },

const struct db_table TABLES[] = { TABLES_EACH(TABLE_ROW){ 0 } };

/* SQLite's statistics tables may be present or not. */
static const char SCHEMA[] = "SELECT type, name, tbl_name, coalesce(sql, '') AS sql FROM sqlite_schema "
                             "WHERE name NOT LIKE 'sqlite!_stat%' ESCAPE '!' ORDER BY type, name";
#define SCHEMA_COLUMNS 4

enum err_code tables_none(struct db *db, bool *none, struct err *e)
{
    struct db_stmt *statement = NULL;
    enum err_code rc = db_prepare(db, SCHEMA, &statement, e);

    *none = false;
    if (rc != ERR_OK)
        return rc;
    switch (db_step(statement)) {
    case DB_ROW: break;
    case DB_DONE: *none = true; break;
    case DB_FAILED: rc = db_failure(statement, e); break;
    }
    db_finalize(statement);
    return rc;
}

/* An empty database with the same migrations, in memory. */
static enum err_code make_pattern(int level, struct db **out, struct err *e)
{
    enum err_code rc = db_open(":memory:", DB_ALONE, out, e);

    return rc == ERR_OK ? migrate_make(*out, MIGRATIONS, level, e) : rc;
}

static bool same_row(const struct db_stmt *a, const struct db_stmt *b)
{
    for (int i = 0; i < SCHEMA_COLUMNS; i++)
        if (strcmp(db_column_text(a, i), db_column_text(b, i)) != 0)
            return false;
    return true;
}

static enum err_code compare(struct db_stmt *found, struct db_stmt *wanted, struct err *e)
{
    enum db_step f, w;

    do {
        f = db_step(found);
        w = db_step(wanted);
        if (f == DB_FAILED)
            return db_failure(found, e);
        if (w == DB_FAILED)
            return db_failure(wanted, e);
        if (f != w || (f == DB_ROW && !same_row(found, wanted)))
            return db_fail_corrupt(e);
    } while (f == DB_ROW);
    return ERR_OK;
}

enum err_code tables_check(struct db *db, int level, struct err *e)
{
    struct db *pattern = NULL;
    struct db_stmt *found = NULL, *wanted = NULL;
    enum err_code rc = make_pattern(level, &pattern, e);

    if (rc == ERR_OK)
        rc = db_prepare(pattern, SCHEMA, &wanted, e);
    if (rc == ERR_OK)
        rc = db_prepare(db, SCHEMA, &found, e);
    if (rc == ERR_OK)
        rc = compare(found, wanted, e);
    db_finalize(found);
    db_finalize(wanted);
    db_close(pattern);
    return rc;
}
