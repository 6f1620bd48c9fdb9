/* A handle: a reading connection for one thread, with its prepared statements. */
#include <assert.h>
#include <string.h>

#include "store/store_inside.h"
#include "util/mem.h"

enum err_code connection_open(struct connection *c, const char *path, enum db_use use, struct err *e)
{
    memset(c, 0, sizeof *c);
    return db_open(path, use, &c->db, e);
}

void connection_close(struct connection *c)
{
    for (int i = 0; i < STATEMENTS; i++)
        db_finalize(c->statements[i]);
    db_close(c->db);
    memset(c, 0, sizeof *c);
}

enum err_code store_open(struct store_db *db, struct store **out, struct err *e)
{
    struct store *s = mem_new(sizeof *s);
    enum err_code rc = connection_open(&s->reader, db->file, DB_READ, e);

    s->db = db;
    if (rc != ERR_OK) {
        mem_free(s);
        return rc;
    }
    atomic_fetch_add(&db->handles, 1);
    *out = s;
    return ERR_OK;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    assert(!s->writing);
    connection_close(&s->reader);
    atomic_fetch_sub(&s->db->handles, 1);
    mem_free(s);
}

enum err_code store_check(struct store *s, const atomic_bool *stop, struct err *e)
{
    int64_t bytes;
    enum err_code rc = db_size(s->reader.db, &bytes, e);

    return rc == ERR_OK
               ? db_check(s->reader.db, bytes <= CHECK_WHOLE_MAX_BYTES ? DB_CHECK_FULL : DB_CHECK_QUICK, stop, e)
               : rc;
}

enum err_code store_read_begin(struct store *s, struct err *e)
{
    enum err_code rc;

    if (s->writing || s->reading)
        return ERR_OK;
    rc = db_exec(s->reader.db, "BEGIN", e);
    s->reading = rc == ERR_OK;
    return rc;
}

enum err_code store_read_end(struct store *s, enum err_code rc, struct err *e)
{
    enum err_code ended;

    if (!s->reading)
        return rc;
    s->reading = false;
    ended = db_exec(s->reader.db, "COMMIT", rc == ERR_OK ? e : NULL);
    return rc == ERR_OK ? ended : rc;
}
