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
static size_t take(struct store_worker *w, struct outcome *batch)
{
    size_t n = 0;

    pthread_mutex_lock(&w->lock);
    while (!w->count && !w->stop)
        pthread_cond_wait(&w->wake, &w->lock);
    for (; n < BATCH_MAX && w->count; n++) {
        batch[n] = (struct outcome){ .job = w->jobs[w->first] };
        w->first = (w->first + 1) % w->max;
        w->count--;
    }
    pthread_mutex_unlock(&w->lock);
    return n;
}

static void run_one(struct store *s, struct outcome *o)
{
    o->rc = store_savepoint(s, &o->err);
    if (o->rc == ERR_OK)
        o->rc = store_savepoint_end(s, o->job.run(s, o->job.arg, &o->err), &o->err);
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

static void run_batch(struct store *s, struct outcome *batch, size_t n)
{
    struct err e = { .code = "" };
    enum err_code rc = store_write_begin(s, &e);

    if (rc == ERR_OK) {
        for (size_t i = 0; i < n; i++)
            run_one(s, &batch[i]);
        rc = store_write_end(s, ERR_OK, &e);
    }
    if (rc != ERR_OK)
        fail_all(batch, n, rc, &e);
    for (size_t i = 0; i < n; i++)
        batch[i].job.done(batch[i].job.arg, batch[i].rc, &batch[i].err);
}

static void *work(void *arg)
{
    struct store_worker *w = arg;
    struct outcome *batch = mem_new_array(BATCH_MAX, sizeof *batch);
    size_t n;

    while ((n = take(w, batch)) > 0)
        run_batch(w->store, batch, n);
    mem_free(batch);
    return NULL;
}

static void free_worker(struct store_worker *w)
{
    store_close(w->store);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->wake);
    mem_free(w->jobs);
    mem_free(w);
}

enum err_code store_worker_start(struct store_db *db, size_t max_jobs, struct store_worker **out, struct err *e)
{
    struct store_worker *w = mem_new(sizeof *w);
    enum err_code rc = store_open(db, &w->store, e);

    w->max = max_jobs ? max_jobs : 1;
    w->jobs = mem_new_array(w->max, sizeof *w->jobs);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    if (rc == ERR_OK && pthread_create(&w->thread, NULL, work, w) != 0)
        rc = err_set(e, ERR_INTERNAL, "internal", "no thread for the store's worker");
    if (rc != ERR_OK) {
        free_worker(w);
        return rc;
    }
    *out = w;
    return ERR_OK;
}

enum err_code store_worker_post(struct store_worker *w, const struct store_job *job)
{
    enum err_code rc = ERR_BUSY;

    pthread_mutex_lock(&w->lock);
    if (!w->stop && w->count < w->max) {
        w->jobs[(w->first + w->count) % w->max] = *job;
        if (w->count++ == 0)
            pthread_cond_signal(&w->wake);
        rc = ERR_OK;
    }
    pthread_mutex_unlock(&w->lock);
    return rc;
}

size_t store_worker_depth(struct store_worker *w)
{
    size_t n;

    pthread_mutex_lock(&w->lock);
    n = w->count;
    pthread_mutex_unlock(&w->lock);
    return n;
}

void store_worker_stop(struct store_worker *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    free_worker(w);
}
