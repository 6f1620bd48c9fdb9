#include "http/http_worker.h"

#include <pthread.h>

#include "http/http_dispatch.h"
#include "util/mem.h"

#define STACK_BYTES (512 * 1024)

struct worker {
    struct http_workers *pool;
    struct store *store;
    pthread_t thread;
};

struct http_workers {
    pthread_mutex_t lock;
    pthread_cond_t wake;      /* work came, a heavy one ended, or stopping */
    struct list light, heavy; /* waiting exchanges, oldest first; under lock, as all below */
    size_t queued, max_queue;
    int heavy_running, heavy_max;
    bool stopping;
    http_worker_run run;
    struct worker *workers;
    int count; /* threads that run */
};

/* The next exchange that may run now, NULL when there is none. Light ones first: they are quick. */
static struct http_exchange *take(struct http_workers *w, bool *heavy)
{
    struct list *from = NULL;
    struct list *link;

    if (!list_empty(&w->light))
        from = &w->light;
    else if (!list_empty(&w->heavy) && w->heavy_running < w->heavy_max)
        from = &w->heavy;
    if (!from)
        return NULL;
    *heavy = from == &w->heavy;
    w->heavy_running += *heavy;
    w->queued--;
    link = from->next;
    list_remove(link);
    return list_entry(link, struct http_exchange, link);
}

static void *run(void *arg)
{
    struct worker *self = arg;
    struct http_workers *w = self->pool;

    pthread_mutex_lock(&w->lock);
    for (;;) {
        bool heavy = false;
        struct http_exchange *x = take(w, &heavy);

        if (!x && w->stopping && w->queued == 0)
            break;
        if (!x) {
            pthread_cond_wait(&w->wake, &w->lock);
            continue;
        }
        pthread_mutex_unlock(&w->lock);
        w->run(x, self->store);
        pthread_mutex_lock(&w->lock);
        if (heavy) {
            w->heavy_running--;
            pthread_cond_broadcast(&w->wake); /* another may wait for this place, or for the end */
        }
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

static enum err_code start_one(struct http_workers *w, struct store_db *db, struct err *e)
{
    struct worker *self = &w->workers[w->count];
    pthread_attr_t attr;
    enum err_code rc;
    int failed;

    self->pool = w;
    rc = store_open(db, &self->store, e);
    if (rc != ERR_OK)
        return rc;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    failed = pthread_create(&self->thread, &attr, run, self);
    pthread_attr_destroy(&attr);
    if (failed) {
        store_close(self->store);
        return err_set(e, ERR_IO, "no_thread", "the system gives no more threads");
    }
    w->count++;
    return ERR_OK;
}

enum err_code http_workers_start(int count, size_t max_queue, struct store_db *db, http_worker_run run_one,
                                 struct http_workers **out, struct err *e)
{
    struct http_workers *w = mem_new(sizeof *w);
    enum err_code rc = ERR_OK;

    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    list_init(&w->light);
    list_init(&w->heavy);
    w->max_queue = max_queue;
    w->heavy_max = count > 1 ? count / 2 : 1;
    w->run = run_one;
    w->workers = mem_new_array((size_t)count, sizeof *w->workers);
    while (rc == ERR_OK && w->count < count)
        rc = start_one(w, db, e);
    if (rc != ERR_OK) {
        http_workers_free(w);
        return rc;
    }
    *out = w;
    return ERR_OK;
}

enum err_code http_workers_post(struct http_workers *w, struct http_exchange *x)
{
    enum err_code rc = ERR_BUSY;

    pthread_mutex_lock(&w->lock);
    if (w->queued < w->max_queue && !w->stopping) {
        list_add_tail(http_route_is_heavy(x->route) ? &w->heavy : &w->light, &x->link);
        w->queued++;
        pthread_cond_signal(&w->wake);
        rc = ERR_OK;
    }
    pthread_mutex_unlock(&w->lock);
    return rc;
}

void http_workers_stop(struct http_workers *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->wake);
    pthread_mutex_unlock(&w->lock);
    for (int i = 0; i < w->count; i++) {
        pthread_join(w->workers[i].thread, NULL);
        store_close(w->workers[i].store);
    }
    w->count = 0;
}

void http_workers_free(struct http_workers *w)
{
    if (!w)
        return;
    http_workers_stop(w);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    mem_free(w->workers);
    mem_free(w);
}
