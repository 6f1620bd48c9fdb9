#include "store/store_worker.h"

#include <pthread.h>
#include <stdbool.h>

#include "observe/log.h"
#include "util/mem.h"

#define BATCH_MAX 128

struct store_worker {
    struct store *store; /* the thread's own handle */
    pthread_t thread;
    pthread_mutex_t lock;   /* guards the members below */
    pthread_cond_t wake;    /* there are new jobs, or stop */
    struct store_job *jobs; /* ring of `max` */
    size_t max;
    size_t first; /* the oldest job */
    size_t count; /* jobs waiting */
    bool stop;
};

/* A job taken from the queue, and its result. */
struct outcome {
    struct store_job job;
    enum err_code rc;
    struct err err;
};

/* Waits for jobs and takes up to BATCH_MAX of them; 0: stopped and nothing left. */
static size_t take(struct store_worker *worker, struct outcome *batch)
{
    size_t n = 0;

    pthread_mutex_lock(&worker->lock);
    while (!worker->count && !worker->stop)
        pthread_cond_wait(&worker->wake, &worker->lock);
    for (; n < BATCH_MAX && worker->count; n++) {
        batch[n] = (struct outcome){ .job = worker->jobs[worker->first] };
        worker->first = (worker->first + 1) % worker->max;
        worker->count--;
    }
    pthread_mutex_unlock(&worker->lock);
    return n;
}

static void run_one(struct store *store, struct outcome *outcome)
{
    outcome->rc = store_savepoint(store, &outcome->err);
    if (outcome->rc == ERR_OK)
        outcome->rc =
            store_savepoint_end(store, outcome->job.run(store, outcome->job.arg, &outcome->err), &outcome->err);
}

/* The whole batch failed: jobs that seemed to have succeeded have not. */
static void fail_all(struct outcome *batch, size_t n, enum err_code rc, const struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        if (batch[i].rc != ERR_OK)
            continue;
        batch[i].rc = rc;
        batch[i].err = *e;
    }
}

static void run_batch(struct store *store, struct outcome *batch, size_t n)
{
    struct err e = { .code = "" };
    enum err_code rc = store_write_begin(store, &e);

    if (rc == ERR_OK) {
        for (size_t i = 0; i < n; i++)
            run_one(store, &batch[i]);
        rc = store_write_end(store, ERR_OK, &e);
    }
    if (rc != ERR_OK)
        fail_all(batch, n, rc, &e);
    for (size_t i = 0; i < n; i++)
        batch[i].job.done(batch[i].job.arg, batch[i].rc, &batch[i].err);
}

static void *work(void *arg)
{
    struct store_worker *worker = arg;
    struct outcome *batch = mem_new_array(BATCH_MAX, sizeof *batch);
    size_t n;

    while ((n = take(worker, batch)) > 0)
        run_batch(worker->store, batch, n);
    mem_free(batch);
    return NULL;
}

static void free_worker(struct store_worker *worker)
{
    store_close(worker->store);
    pthread_mutex_destroy(&worker->lock);
    pthread_cond_destroy(&worker->wake);
    mem_free(worker->jobs);
    mem_free(worker);
}

enum err_code store_worker_start(struct store_db *db, size_t max_jobs, struct store_worker **out, struct err *e)
{
    struct store_worker *worker = mem_new(sizeof *worker);
    enum err_code rc = store_open(db, &worker->store, e);

    worker->max = max_jobs ? max_jobs : 1;
    worker->jobs = mem_new_array(worker->max, sizeof *worker->jobs);
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->wake, NULL);
    if (rc == ERR_OK && pthread_create(&worker->thread, NULL, work, worker) != 0)
        rc = err_set(e, ERR_INTERNAL, "internal", "no thread for the store's worker");
    if (rc != ERR_OK) {
        free_worker(worker);
        return rc;
    }
    *out = worker;
    return ERR_OK;
}

enum err_code store_worker_post(struct store_worker *worker, const struct store_job *job)
{
    enum err_code rc = ERR_BUSY;

    pthread_mutex_lock(&worker->lock);
    if (!worker->stop && worker->count < worker->max) {
        worker->jobs[(worker->first + worker->count) % worker->max] = *job;
        if (worker->count++ == 0)
            pthread_cond_signal(&worker->wake);
        rc = ERR_OK;
    }
    pthread_mutex_unlock(&worker->lock);
    return rc;
}

size_t store_worker_depth(struct store_worker *worker)
{
    size_t n;

    pthread_mutex_lock(&worker->lock);
    n = worker->count;
    pthread_mutex_unlock(&worker->lock);
    return n;
}

void store_worker_stop(struct store_worker *worker)
{
    if (!worker)
        return;
    pthread_mutex_lock(&worker->lock);
    worker->stop = true;
    pthread_cond_signal(&worker->wake);
    pthread_mutex_unlock(&worker->lock);
    pthread_join(worker->thread, NULL);
    free_worker(worker);
}
