/* A handle: a reading connection for one thread, with its prepared statements. */
#include <assert.h>
#include <string.h>

#include "store/store_inside.h"
#include "util/mem.h"

enum err_code connection_open(struct connection *connection, const char *path, enum db_use use, struct err *e)
{
    memset(connection, 0, sizeof *connection);
    return db_open(path, use, &connection->db, e);
}

void connection_close(struct connection *connection)
{
    for (int i = 0; i < STATEMENTS; i++)
        db_finalize(connection->statements[i]);
    db_close(connection->db);
    memset(connection, 0, sizeof *connection);
}

enum err_code store_open(struct store_db *db, struct store **out, struct err *e)
{
    struct store *store = mem_new(sizeof *store);
    enum err_code rc = connection_open(&store->reader, db->file, DB_READ, e);

    store->db = db;
    if (rc != ERR_OK) {
        mem_free(store);
        return rc;
    }
    atomic_fetch_add(&db->handles, 1);
    *out = store;
    return ERR_OK;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    assert(!store->writing);
    connection_close(&store->reader);
    atomic_fetch_sub(&store->db->handles, 1);
    mem_free(store);
}

enum err_code store_check(struct store *store, const atomic_bool *stop, struct err *e)
{
    int64_t bytes;
    enum err_code rc = db_size(store->reader.db, &bytes, e);

    return rc == ERR_OK
               ? db_check(store->reader.db, bytes <= CHECK_WHOLE_MAX_BYTES ? DB_CHECK_FULL : DB_CHECK_QUICK, stop, e)
               : rc;
}

enum err_code store_read_begin(struct store *store, struct err *e)
{
    enum err_code rc;

    if (store->writing || store->reading)
        return ERR_OK;
    rc = db_exec(store->reader.db, "BEGIN", e);
    store->reading = rc == ERR_OK;
    return rc;
}

enum err_code store_read_end(struct store *store, enum err_code rc, struct err *e)
{
    enum err_code ended;

    if (!store->reading)
        return rc;
    store->reading = false;
    ended = db_exec(store->reader.db, "COMMIT", rc == ERR_OK ? e : NULL);
    return rc == ERR_OK ? ended : rc;
}
