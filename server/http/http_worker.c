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

static struct http_exchange *take_light(struct http_workers *pool)
{
    struct list *first = pool->light.next;

    if (list_empty(&pool->light))
        return NULL;
    pool->queued--;
    list_remove(first);
    return list_entry(first, struct http_exchange, link);
}

static void *run_light(void *arg)
{
    struct worker *self = arg;
    struct http_workers *pool = self->pool;

    pthread_mutex_lock(&pool->lock);
    for (;;) {
        struct http_exchange *exchange = take_light(pool);

        if (!exchange && pool->stopping)
            break;
        if (!exchange) {
            pthread_cond_wait(&pool->wake, &pool->lock);
            continue;
        }
        pthread_mutex_unlock(&pool->lock);
        pool->calls.run(exchange, self->store);
        pthread_mutex_lock(&pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* Without the lock: a handler may take long, and so may the refusal of a request. */
static bool run_or_refuse(struct worker *self, struct http_exchange *exchange, bool stopping)
{
    if (!stopping)
        return self->pool->calls.run(exchange, self->store);
    self->pool->calls.refuse(exchange);
    return false;
}

static void *run_hashing(void *arg)
{
    struct worker *self = arg;
    struct http_workers *pool = self->pool;

    pthread_mutex_lock(&pool->lock);
    for (;;) {
        struct http_exchange *exchange = http_fair_take(pool->hashing, clock_mono_ms());
        struct http_site_record *site = exchange ? exchange->site : NULL;
        bool stopping = pool->stopping, failed;

        if (!exchange && stopping)
            break;
        if (!exchange) {
            pthread_cond_wait(&pool->wake_hash, &pool->lock);
            continue;
        }
        pthread_mutex_unlock(&pool->lock);
        failed = run_or_refuse(self, exchange, stopping);
        pthread_mutex_lock(&pool->lock);
        http_fair_done(pool->hashing, site, failed, clock_mono_ms());
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static enum err_code start_one(struct http_workers *pool, struct store_db *db, void *(*run)(void *), struct err *e)
{
    struct worker *self = &pool->workers[pool->count];
    pthread_attr_t attr;
    enum err_code rc;
    int failed;

    self->pool = pool;
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
    pool->count++;
    return ERR_OK;
}

enum err_code http_workers_start(int count, size_t max_queue, struct store_db *db,
                                 const struct http_worker_calls *calls, struct http_workers **out, struct err *e)
{
    struct http_workers *pool = mem_new(sizeof *pool);
    int all = count + PASSWORD_HASH_SLOTS;
    enum err_code rc = ERR_OK;

    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->wake_hash, NULL);
    list_init(&pool->light);
    pool->hashing = http_fair_new(HASHES_WAITING_MAX, SITES_MAX);
    pool->max_queue = max_queue;
    pool->calls = *calls;
    pool->workers = mem_new_array((size_t)all, sizeof *pool->workers);
    while (rc == ERR_OK && pool->count < all)
        rc = start_one(pool, db, pool->count < count ? run_light : run_hashing, e);
    if (rc != ERR_OK) {
        http_workers_free(pool);
        return rc;
    }
    *out = pool;
    return ERR_OK;
}

/* Under lock. Returns the exchange without a place: NULL (none), `exchange` itself, or another. */
static struct http_exchange *enter(struct http_workers *pool, struct http_exchange *exchange)
{
    struct http_exchange *out = NULL;

    if (pool->stopping)
        return exchange;
    if (exchange->route->hashes) {
        out = http_fair_add(pool->hashing, exchange, clock_mono_ms());
        pthread_cond_signal(&pool->wake_hash);
    } else if (pool->queued < pool->max_queue) {
        list_add_tail(&pool->light, &exchange->link);
        pool->queued++;
        pthread_cond_signal(&pool->wake);
    } else {
        out = exchange;
    }
    return out;
}

enum err_code http_workers_post(struct http_workers *pool, struct http_exchange *exchange)
{
    struct http_exchange *out;

    pthread_mutex_lock(&pool->lock);
    out = enter(pool, exchange);
    pthread_mutex_unlock(&pool->lock);
    if (out && out != exchange)
        pool->calls.refuse(out);
    return out == exchange ? ERR_BUSY : ERR_OK;
}

void http_workers_stop(struct http_workers *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_cond_broadcast(&pool->wake_hash);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->count; i++) {
        pthread_join(pool->workers[i].thread, NULL);
        store_close(pool->workers[i].store);
    }
    pool->count = 0;
}

void http_workers_free(struct http_workers *pool)
{
    if (!pool)
        return;
    http_workers_stop(pool);
    pthread_cond_destroy(&pool->wake_hash);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->lock);
    http_fair_free(pool->hashing);
    mem_free(pool->workers);
    mem_free(pool);
}
