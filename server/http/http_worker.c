#include "http/http_worker.h"

#include <pthread.h>

#include "domain/password.h"
#include "http/http_fair.h"
#include "http/http_route.h"
#include "util/clock.h"
#include "util/mem.h"

#define STACK_BYTES (512 * 1024)
#define HASHES_WAITING_MAX 128 /* some ten seconds of work for two cores */
#define SITES_MAX 20000

struct worker {
    struct http_workers *pool;
    struct store *store;
    pthread_t thread;
};

struct http_workers {
    pthread_mutex_t lock;
    pthread_cond_t wake;      /* there is new work, or it stops */
    pthread_cond_t wake_hash; /* the same for threads that hash */
    struct list light;        /* waiting exchanges, oldest first; under lock, as all below */
    size_t queued, max_queue;
    struct http_fair *hashing; /* exchanges that wait to hash */
    bool stopping;
    struct http_worker_calls calls;
    struct worker *workers;
    int count; /* threads that run */
};

static struct http_exchange *take_light(struct http_workers *w)
{
    struct list *first = w->light.next;

    if (list_empty(&w->light))
        return NULL;
    w->queued--;
    list_remove(first);
    return list_entry(first, struct http_exchange, link);
}

static void *run_light(void *arg)
{
    struct worker *self = arg;
    struct http_workers *w = self->pool;

    pthread_mutex_lock(&w->lock);
    for (;;) {
        struct http_exchange *x = take_light(w);

        if (!x && w->stopping)
            break;
        if (!x) {
            pthread_cond_wait(&w->wake, &w->lock);
            continue;
        }
        pthread_mutex_unlock(&w->lock);
        w->calls.run(x, self->store);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* Without the lock: a handler may take long, and so may the refusal of a request. */
static bool run_or_refuse(struct worker *self, struct http_exchange *x, bool stopping)
{
    if (!stopping)
        return self->pool->calls.run(x, self->store);
    self->pool->calls.refuse(x);
    return false;
}

static void *run_hashing(void *arg)
{
    struct worker *self = arg;
    struct http_workers *w = self->pool;

    pthread_mutex_lock(&w->lock);
    for (;;) {
        struct http_exchange *x = http_fair_take(w->hashing, clock_mono_ms());
        struct http_site_record *site = x ? x->site : NULL;
        bool stopping = w->stopping, failed;

        if (!x && stopping)
            break;
        if (!x) {
            pthread_cond_wait(&w->wake_hash, &w->lock);
            continue;
        }
        pthread_mutex_unlock(&w->lock);
        failed = run_or_refuse(self, x, stopping);
        pthread_mutex_lock(&w->lock);
        http_fair_done(w->hashing, site, failed, clock_mono_ms());
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

static enum err_code start_one(struct http_workers *w, struct store_db *db, void *(*run)(void *), struct err *e)
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

enum err_code http_workers_start(int count, size_t max_queue, struct store_db *db,
                                 const struct http_worker_calls *calls, struct http_workers **out, struct err *e)
{
    struct http_workers *w = mem_new(sizeof *w);
    int all = count + PASSWORD_HASH_SLOTS;
    enum err_code rc = ERR_OK;

    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    pthread_cond_init(&w->wake_hash, NULL);
    list_init(&w->light);
    w->hashing = http_fair_new(HASHES_WAITING_MAX, SITES_MAX);
    w->max_queue = max_queue;
    w->calls = *calls;
    w->workers = mem_new_array((size_t)all, sizeof *w->workers);
    while (rc == ERR_OK && w->count < all)
        rc = start_one(w, db, w->count < count ? run_light : run_hashing, e);
    if (rc != ERR_OK) {
        http_workers_free(w);
        return rc;
    }
    *out = w;
    return ERR_OK;
}

/* Under lock. Returns the exchange without a place: NULL (none), `x` itself, or another. */
static struct http_exchange *enter(struct http_workers *w, struct http_exchange *x)
{
    struct http_exchange *out = NULL;

    if (w->stopping)
        return x;
    if (x->route->hashes) {
        out = http_fair_add(w->hashing, x, clock_mono_ms());
        pthread_cond_signal(&w->wake_hash);
    } else if (w->queued < w->max_queue) {
        list_add_tail(&w->light, &x->link);
        w->queued++;
        pthread_cond_signal(&w->wake);
    } else {
        out = x;
    }
    return out;
}

enum err_code http_workers_post(struct http_workers *w, struct http_exchange *x)
{
    struct http_exchange *out;

    pthread_mutex_lock(&w->lock);
    out = enter(w, x);
    pthread_mutex_unlock(&w->lock);
    if (out && out != x)
        w->calls.refuse(out);
    return out == x ? ERR_BUSY : ERR_OK;
}

void http_workers_stop(struct http_workers *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->wake);
    pthread_cond_broadcast(&w->wake_hash);
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
    pthread_cond_destroy(&w->wake_hash);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    http_fair_free(w->hashing);
    mem_free(w->workers);
    mem_free(w);
}
