#include "store/query.h"

#include <string.h>

#include "store/store_inside.h"
#include "util/str.h"

static void fail_internal(struct query *q, const char *why)
{
    if (q->rc == ERR_OK)
        q->rc = err_set(&q->err, ERR_INTERNAL, "internal", "statement %d: %s", (int)q->id, why);
}

static void fail_driver(struct query *q)
{
    if (q->rc != ERR_OK)
        return;
    q->rc = db_failure(q->stmt, &q->err);
    if (q->store->writing)
        store_note_failure(q->store->db, q->rc);
}

static struct db_stmt *prepared(struct query *q)
{
    struct db_stmt **stmt = &q->connection->statements[q->id];

    if (!*stmt)
        q->rc = db_prepare(q->connection->db, STATEMENT_SQL[q->id], stmt, &q->err);
    return *stmt;
}

struct query query_begin(struct store *s, enum statement id)
{
    struct query q = { .store = s, .id = id, .connection = s->writing ? &s->db->writer : &s->reader };
    struct db_stmt *stmt;

    /* After "disk full" the database may have rolled back by itself; a statement run now would commit on its own. */
    if (s->writing && !db_in_transaction(q.connection->db)) {
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
    if (!s->writing && !db_reads_only(stmt)) {
        fail_internal(&q, "writes outside of store_write_begin()");
        return q;
    }
    q.connection->in_use[id] = true;
    q.stmt = stmt;
    return q;
}

void query_text(struct query *q, const char *text)
{
    if (q->rc == ERR_OK && !db_bind_text(q->stmt, ++q->bound, text))
        fail_driver(q);
}

void query_i64(struct query *q, int64_t value)
{
    if (q->rc == ERR_OK && !db_bind_i64(q->stmt, ++q->bound, value))
        fail_driver(q);
}

void query_bytes(struct query *q, const void *bytes, size_t len)
{
    if (q->rc == ERR_OK && !db_bind_bytes(q->stmt, ++q->bound, bytes, len))
        fail_driver(q);
}

void query_null(struct query *q)
{
    if (q->rc == ERR_OK && !db_bind_null(q->stmt, ++q->bound))
        fail_driver(q);
}

bool query_next(struct query *q)
{
    if (q->rc != ERR_OK || q->done)
        return false;
    switch (db_step(q->stmt)) {
    case DB_ROW:
        q->rows++;
        q->column = 0;
        return true;
    case DB_DONE: q->done = true; return false;
    case DB_FAILED: break;
    }
    fail_driver(q);
    return false;
}

/* Rows are mostly read in the order of their columns, so the search begins after the last hit. */
static int column_at(struct query *q, const char *name)
{
    int count = q->rc == ERR_OK ? db_columns(q->stmt) : 0;

    for (int i = 0; i < count; i++) {
        int at = (q->column + i) % count;

        if (strcmp(db_column_name(q->stmt, at), name) == 0) {
            q->column = at + 1;
            return at;
        }
    }
    fail_internal(q, name);
    return -1;
}

int64_t col_i64(struct query *q, const char *name)
{
    int at = column_at(q, name);

    return at < 0 ? 0 : db_column_i64(q->stmt, at);
}

bool col_bool(struct query *q, const char *name)
{
    return col_i64(q, name) != 0;
}

int col_enum(struct query *q, const char *name, int count)
{
    int64_t value = col_i64(q, name);

    if (value >= 0 && value < count)
        return (int)value;
    fail_internal(q, name);
    return 0;
}

void col_text(struct query *q, const char *name, char *to, size_t size)
{
    int at = column_at(q, name);

    to[0] = '\0';
    if (at >= 0 && !str_copy(to, size, db_column_text(q->stmt, at)))
        fail_internal(q, name);
}

void col_bytes(struct query *q, const char *name, void *to, size_t size)
{
    int at = column_at(q, name);
    const void *bytes;
    size_t len = 0;

    memset(to, 0, size);
    if (at < 0)
        return;
    bytes = db_column_bytes(q->stmt, at, &len);
    if (bytes && len == size)
        memcpy(to, bytes, size);
    else
        fail_internal(q, name);
}

bool col_is_null(struct query *q, const char *name)
{
    int at = column_at(q, name);

    return at < 0 || db_column_is_null(q->stmt, at);
}

enum err_code query_end_changes(struct query *q, int64_t *changes, struct err *e)
{
    *changes = 0;
    if (!q->rows) /* not run yet: a change gives no rows */
        (void)query_next(q);
    if (q->rc == ERR_OK)
        *changes = db_changes(q->stmt);
    return query_end(q, e);
}

enum err_code query_end(struct query *q, struct err *e)
{
    if (!q->rows && !q->done)
        (void)query_next(q);
    if (q->stmt) {
        db_reset(q->stmt);
        q->connection->in_use[q->id] = false;
        q->stmt = NULL;
    }
    if (q->rc != ERR_OK && e)
        *e = q->err;
    return q->rc;
}

enum err_code query_end_one(struct query *q, struct err *e)
{
    enum err_code rc;

    if (!q->rows && !q->done)
        (void)query_next(q);
    rc = query_end(q, e);
    return rc == ERR_OK && q->rows == 0 ? err_set(e, ERR_NOT_FOUND, "not_found", "there is no such thing") : rc;
}
