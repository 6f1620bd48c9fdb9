/* Writes: one at a time through the writing connection, in order of arrival. Those in line share a commit: a finished
 * write passes the open transaction to the next and waits; the last in line commits for all. So all of them pay for a slow
 * disk's sync only once. Each write is a savepoint, and fails alone; a failed commit fails all. */
#include <assert.h>
#include <time.h>

#include "observe/log.h"
#include "observe/metrics.h"
#include "store/store_inside.h"

#define WAIT_MS 5000
#define SHARE_MAX 32 /* writes in one transaction: bounds the wait of the first */

/* A finished write that waits for the commit; on its thread's stack. */
struct sharer {
    struct list link;    /* in store_db.sharers */
    pthread_cond_t wake; /* for this thread only */
    bool over;           /* the result is known; all three are guarded by share_lock */
    enum err_code rc;
    struct err err;
};

void write_init(struct store_db *db)
{
    gate_init(&db->gate);
    pthread_mutex_init(&db->share_lock, NULL);
    list_init(&db->sharers);
}

void write_clear(struct store_db *db)
{
    gate_clear(&db->gate);
    pthread_mutex_destroy(&db->share_lock);
}

/* --- steps, all inside the gate ------------------------------------------------------------------------------------- */

static void roll_back(struct store_db *db)
{
    struct err e;

    if (db_in_transaction(db->writer.db) && db_exec(db->writer.db, "ROLLBACK", &e) != ERR_OK)
        log_event(LOG_ERROR, "store.rollback", "code=%s", e.code);
}

/* The database rolls back by itself when the disk is full or fails; then all writes of the transaction are lost. */
static enum err_code undone(struct store_db *db, struct err *e)
{
    enum err_code rc = refuse_while_failed(db, e);

    return rc != ERR_OK ? rc : err_set(e, ERR_IO, "database_failed", "an earlier failure has undone this change");
}

static enum err_code begin_part(struct store_db *db, struct err *e)
{
    enum err_code rc;

    if (!db_in_transaction(db->writer.db))
        return undone(db, e);
    rc = db_exec(db->writer.db, "SAVEPOINT part", e);
    if (rc != ERR_OK)
        store_note_failure(db, rc);
    return rc;
}

/* Keeps or undoes everything since begin_part(). Returns rc, or the reason why it could not be kept. */
static enum err_code end_part(struct store_db *db, enum err_code rc, struct err *e)
{
    enum err_code ended;

    if (!db_in_transaction(db->writer.db))
        return rc != ERR_OK ? rc : undone(db, e);
    ended = db_exec(db->writer.db, rc == ERR_OK ? "RELEASE part" : "ROLLBACK TO part; RELEASE part",
                    rc == ERR_OK ? e : NULL);
    if (ended != ERR_OK) { /* this part may be half undone: nothing of the whole transaction may be committed */
        store_note_failure(db, ended);
        roll_back(db);
    }
    return rc != ERR_OK ? rc : ended;
}

static double seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum err_code commit(struct store_db *db, struct err *e)
{
    double from_s = seconds_now();
    enum err_code rc;

    if (!db_in_transaction(db->writer.db))
        return undone(db, e);
    rc = db_exec(db->writer.db, "COMMIT", e);
    if (rc == ERR_OK) {
        metrics_count(METRIC_STORE_COMMITS, 1);
        metrics_observe(METRIC_COMMIT_SECONDS, seconds_now() - from_s);
    } else {
        store_note_failure(db, rc);
        roll_back(db);
    }
    return rc;
}

/* --- sharing a commit ----------------------------------------------------------------------------------------------- */

static enum err_code wait_for_commit(struct store_db *db, struct sharer *me, struct err *e)
{
    pthread_mutex_lock(&db->share_lock);
    while (!me->over)
        pthread_cond_wait(&me->wake, &db->share_lock);
    pthread_mutex_unlock(&db->share_lock);
    if (me->rc != ERR_OK && e)
        *e = me->err;
    return me->rc;
}

static void tell_sharers(struct store_db *db, enum err_code rc, const struct err *e)
{
    struct list *it, *next;

    pthread_mutex_lock(&db->share_lock);
    list_each(it, next, &db->sharers)
    {
        struct sharer *sharer = list_entry(it, struct sharer, link);

        list_remove(it);
        sharer->rc = rc;
        sharer->err = *e;
        sharer->over = true;
        pthread_cond_signal(&sharer->wake);
    }
    pthread_mutex_unlock(&db->share_lock);
    db->shared = 0;
}

/* Ends the turn by passing the open transaction to the next in line. False when none waits, or enough have shared. */
static bool hand_on(struct store_db *db, enum err_code rc, struct sharer *me)
{
    if (++db->shared >= SHARE_MAX || !db_in_transaction(db->writer.db))
        return false;
    if (rc == ERR_OK)
        list_add_tail(&db->sharers, &me->link);
    if (gate_hand_on(&db->gate))
        return true;
    list_remove(&me->link);
    return false;
}

/* Ends the turn by committing for all who shared the transaction. */
static enum err_code finish(struct store_db *db, enum err_code rc, struct err *e)
{
    struct err why = { .code = "" };
    enum err_code committed = ERR_OK;

    if (rc != ERR_OK && list_empty(&db->sharers)) /* nothing to keep; a commit would write undone changes */
        roll_back(db);
    else
        committed = commit(db, &why);
    tell_sharers(db, committed, &why);
    gate_leave(&db->gate);
    if (rc != ERR_OK || committed == ERR_OK)
        return rc;
    if (e)
        *e = why;
    return committed;
}

static enum err_code end_turn(struct store_db *db, enum err_code rc, struct err *e)
{
    struct sharer me = { .over = false };

    pthread_cond_init(&me.wake, NULL);
    if (!hand_on(db, rc, &me))
        rc = finish(db, rc, e);
    else if (rc == ERR_OK)
        rc = wait_for_commit(db, &me, e);
    pthread_cond_destroy(&me.wake);
    return rc;
}

/* --- a write -------------------------------------------------------------------------------------------------------- */

enum err_code write_begin(struct store_db *db, int wait_ms, struct err *e)
{
    enum err_code rc = ERR_OK;

    if (!gate_enter(&db->gate, wait_ms)) {
        err_set(e, ERR_BUSY, "busy", "too many changes at once: try again in a moment");
        if (e)
            e->retry_after_s = 1;
        return ERR_BUSY;
    }
    if (!db_in_transaction(db->writer.db)) {
        rc = db_exec(db->writer.db, "BEGIN IMMEDIATE", e);
        if (rc != ERR_OK) {
            store_note_failure(db, rc);
            gate_leave(&db->gate);
            return rc;
        }
    }
    rc = begin_part(db, e);
    return rc == ERR_OK ? ERR_OK : end_turn(db, rc, e);
}

enum err_code write_end(struct store_db *db, enum err_code rc, struct err *e)
{
    return end_turn(db, end_part(db, rc, e), e);
}

enum err_code store_write_begin(struct store *store, struct err *e)
{
    enum err_code rc;

    assert(!store->writing && !store->reading);
    rc = refuse_while_failed(store->db, e);
    if (rc == ERR_OK)
        rc = write_begin(store->db, WAIT_MS, e);
    store->writing = rc == ERR_OK;
    return rc;
}

enum err_code store_write_end(struct store *store, enum err_code rc, struct err *e)
{
    assert(store->writing && (rc != ERR_OK || store->savepoints == 0));
    store->savepoints = 0;
    store->writing = false;
    return write_end(store->db, rc, e);
}

enum err_code store_savepoint(struct store *store, struct err *e)
{
    enum err_code rc;

    assert(store->writing);
    rc = begin_part(store->db, e);
    store->savepoints += rc == ERR_OK;
    return rc;
}

enum err_code store_savepoint_end(struct store *store, enum err_code rc, struct err *e)
{
    assert(store->writing && store->savepoints > 0);
    store->savepoints--;
    return end_part(store->db, rc, e);
}
