#include "store/query.h"

#include <string.h>

#include "store/store_inside.h"
#include "util/str.h"

static void fail_internal(struct query *query, const char *why)
{
    if (query->rc == ERR_OK)
        query->rc = err_set(&query->err, ERR_INTERNAL, "internal", "statement %d: %s", (int)query->id, why);
}

static void fail_driver(struct query *query)
{
    if (query->rc != ERR_OK)
        return;
    query->rc = db_failure(query->stmt, &query->err);
    if (query->store->writing)
        store_note_failure(query->store->db, query->rc);
}

static struct db_stmt *prepared(struct query *query)
{
    struct db_stmt **stmt = &query->connection->statements[query->id];

    if (!*stmt)
        query->rc = db_prepare(query->connection->db, STATEMENT_SQL[query->id], stmt, &query->err);
    return *stmt;
}

struct query query_begin(struct store *store, enum statement id)
{
    struct query q = { .store = store, .id = id, .connection = store->writing ? &store->db->writer : &store->reader };
    struct db_stmt *stmt;

    /* After "disk full" the database may have rolled back by itself; a statement run now would commit on its own. */
    if (store->writing && !db_in_transaction(q.connection->db)) {
        q.rc = err_set(&q.err, ERR_IO, "database_failed", "an earlier failure has undone this change");
        return q;
    }
    stmt = prepared(&q);
    if (!stmt)
        return q;
    if (q.connection->in_use[id]) {
        fail_internal(&q, "used inside itself");
        return q;
    }
    if (!store->writing && !db_reads_only(stmt)) {
        fail_internal(&q, "writes outside of store_write_begin()");
        return q;
    }
    q.connection->in_use[id] = true;
    q.stmt = stmt;
    return q;
}

void query_text(struct query *query, const char *text)
{
    if (query->rc == ERR_OK && !db_bind_text(query->stmt, ++query->bound, text))
        fail_driver(query);
}

void query_i64(struct query *query, int64_t value)
{
    if (query->rc == ERR_OK && !db_bind_i64(query->stmt, ++query->bound, value))
        fail_driver(query);
}

void query_bytes(struct query *query, const void *bytes, size_t len)
{
    if (query->rc == ERR_OK && !db_bind_bytes(query->stmt, ++query->bound, bytes, len))
        fail_driver(query);
}

void query_null(struct query *query)
{
    if (query->rc == ERR_OK && !db_bind_null(query->stmt, ++query->bound))
        fail_driver(query);
}

bool query_next(struct query *query)
{
    if (query->rc != ERR_OK || query->done)
        return false;
    switch (db_step(query->stmt)) {
    case DB_ROW:
        query->rows++;
        query->column = 0;
        return true;
    case DB_DONE: query->done = true; return false;
    case DB_FAILED: break;
    }
    fail_driver(query);
    return false;
}

/* Rows are mostly read in the order of their columns, so the search begins after the last hit. */
static int column_at(struct query *query, const char *name)
{
    int count = query->rc == ERR_OK ? db_columns(query->stmt) : 0;

    for (int i = 0; i < count; i++) {
        int at = (query->column + i) % count;

        if (strcmp(db_column_name(query->stmt, at), name) == 0) {
            query->column = at + 1;
            return at;
        }
    }
    fail_internal(query, name);
    return -1;
}

int64_t col_i64(struct query *query, const char *name)
{
    int at = column_at(query, name);

    return at < 0 ? 0 : db_column_i64(query->stmt, at);
}

bool col_bool(struct query *query, const char *name)
{
    return col_i64(query, name) != 0;
}

int col_enum(struct query *query, const char *name, int count)
{
    int64_t value = col_i64(query, name);

    if (value >= 0 && value < count)
        return (int)value;
    fail_internal(query, name);
    return 0;
}

void col_text(struct query *query, const char *name, char *to, size_t size)
{
    int at = column_at(query, name);

    to[0] = '\0';
    if (at >= 0 && !str_copy(to, size, db_column_text(query->stmt, at)))
        fail_internal(query, name);
}

void col_bytes(struct query *query, const char *name, void *to, size_t size)
{
    int at = column_at(query, name);
    const void *bytes;
    size_t len = 0;

    memset(to, 0, size);
    if (at < 0)
        return;
    bytes = db_column_bytes(query->stmt, at, &len);
    if (bytes && len == size)
        memcpy(to, bytes, size);
    else
        fail_internal(query, name);
}

bool col_is_null(struct query *query, const char *name)
{
    int at = column_at(query, name);

    return at < 0 || db_column_is_null(query->stmt, at);
}

enum err_code query_end_changes(struct query *query, int64_t *changes, struct err *e)
{
    *changes = 0;
    if (!query->rows) /* not run yet: a change gives no rows */
        (void)query_next(query);
    if (query->rc == ERR_OK)
        *changes = db_changes(query->stmt);
    return query_end(query, e);
}

enum err_code query_end(struct query *query, struct err *e)
{
    if (!query->rows && !query->done)
        (void)query_next(query);
    if (query->stmt) {
        db_reset(query->stmt);
        query->connection->in_use[query->id] = false;
        query->stmt = NULL;
    }
    if (query->rc != ERR_OK && e)
        *e = query->err;
    return query->rc;
}

enum err_code query_end_one(struct query *query, struct err *e)
{
    enum err_code rc;

    if (!query->rows && !query->done)
        (void)query_next(query);
    rc = query_end(query, e);
    return rc == ERR_OK && query->rows == 0 ? err_set(e, ERR_NOT_FOUND, "not_found", "there is no such thing") : rc;
}
