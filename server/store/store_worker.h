/* store_worker.h - writes for threads that must not wait (the shards). One thread, one bounded queue, in order.
 * Waiting jobs run in one transaction (each under its own savepoint), so that many seats cost one sync;
 * `done` is called after the commit, so everything it announces is durable. */
#ifndef STORE_STORE_WORKER_H
#define STORE_STORE_WORKER_H

#include <stddef.h>
#include "store/store.h"
#include "util/err.h"

struct store_worker;

struct store_job {
    /* On the worker's thread, inside a write. Anything but ERR_OK undoes only this job. */
    enum err_code (*run)(struct store *store, void *arg, struct err *e);
    /* On the worker's thread after the commit (or its failure, in rc). Takes arg back. */
    void (*done)(void *arg, enum err_code rc, const struct err *e);
    void *arg;
};

MUST_CHECK enum err_code store_worker_start(struct store_db *db, size_t max_jobs, struct store_worker **out,
                                            struct err *e);
/* Any thread. ERR_BUSY when the queue is full or the worker stops; then nothing is called. */
MUST_CHECK enum err_code store_worker_post(struct store_worker *worker, const struct store_job *job);
size_t store_worker_depth(struct store_worker *worker); /* jobs waiting, for the metrics */
void store_worker_stop(struct store_worker *worker);    /* runs queued jobs, then ends the thread */

#endif
