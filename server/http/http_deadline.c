#include "http/http_deadline.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "http/http_linger.h"
#include "util/clock.h"
#include "util/mem.h"

#define TABLE_MAX (1 << 20)
#define STACK_BYTES (64 * 1024)
#define NOT_WATCHED INT64_MIN

struct http_deadlines {
    _Atomic int64_t *due; /* by descriptor: monotonic ms, DEADLINE_NONE, or NOT_WATCHED */
    int size;             /* of `due` */
    int used;             /* one above the highest descriptor seen; under lock */
    int watched;          /* entries; under lock */
    int tick_ms;
    struct http_lingers lingers; /* under lock */
    bool stopping;               /* under lock */
    pthread_mutex_t lock;
    pthread_cond_t wake; /* there is a new entry, or it stops */
    pthread_t thread;
    _Atomic int64_t closed;
};

static int table_size(void)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur > TABLE_MAX)
        return TABLE_MAX;
    return (int)files.rlim_cur;
}

/* Late connections are shut down, not closed: the descriptor belongs to libmicrohttpd. */
static void sweep(struct http_deadlines *d, int64_t now_ms)
{
    for (int fd = 0; fd < d->used; fd++) {
        int64_t due = atomic_load_explicit(&d->due[fd], memory_order_relaxed);

        if (due == NOT_WATCHED || due > now_ms)
            continue;
        atomic_store_explicit(&d->due[fd], DEADLINE_NONE, memory_order_relaxed);
        atomic_fetch_add_explicit(&d->closed, 1, memory_order_relaxed);
        shutdown(fd, SHUT_RDWR);
    }
}

static void wait_tick(struct http_deadlines *d)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)d->tick_ms * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    while (!d->stopping)
        if (pthread_cond_timedwait(&d->wake, &d->lock, &until) == ETIMEDOUT)
            break;
}

static void *run(void *arg)
{
    struct http_deadlines *d = arg;

    pthread_mutex_lock(&d->lock);
    while (!d->stopping) {
        if (d->watched == 0 && d->lingers.count == 0) { /* no connections: no ticking */
            pthread_cond_wait(&d->wake, &d->lock);
            continue;
        }
        wait_tick(d);
        sweep(d, clock_mono_ms());
        http_linger_sweep(&d->lingers, clock_mono_ms());
    }
    pthread_mutex_unlock(&d->lock);
    return NULL;
}

static void clear(struct http_deadlines *d)
{
    pthread_cond_destroy(&d->wake);
    pthread_mutex_destroy(&d->lock);
    mem_free(d->due);
    mem_free(d);
}

enum err_code http_deadlines_start(int tick_ms, struct http_deadlines **out, struct err *e)
{
    struct http_deadlines *d = mem_new(sizeof *d);
    pthread_attr_t attr;
    pthread_condattr_t clock;
    int failed;

    d->size = table_size();
    d->due = mem_new_array((size_t)d->size, sizeof *d->due);
    d->tick_ms = tick_ms > 0 ? tick_ms : 1;
    pthread_mutex_init(&d->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&d->wake, &clock);
    pthread_condattr_destroy(&clock);
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    failed = pthread_create(&d->thread, &attr, run, d);
    pthread_attr_destroy(&attr);
    if (failed) {
        clear(d);
        return err_set(e, ERR_IO, "no_thread", "the system gives no more threads");
    }
    *out = d;
    return ERR_OK;
}

void http_deadlines_stop(struct http_deadlines *d)
{
    if (!d)
        return;
    pthread_mutex_lock(&d->lock);
    d->stopping = true;
    pthread_cond_signal(&d->wake);
    pthread_mutex_unlock(&d->lock);
    pthread_join(d->thread, NULL);
    http_linger_clear(&d->lingers);
    clear(d);
}

enum err_code http_deadline_enter(struct http_deadlines *d, int fd, int64_t due_mono_ms)
{
    if (fd < 0 || fd >= d->size)
        return ERR_LIMIT;
    pthread_mutex_lock(&d->lock);
    while (d->used <= fd) /* zero would be in the past */
        atomic_store_explicit(&d->due[d->used++], NOT_WATCHED, memory_order_relaxed);
    atomic_store_explicit(&d->due[fd], due_mono_ms, memory_order_relaxed);
    if (d->watched++ == 0)
        pthread_cond_signal(&d->wake);
    pthread_mutex_unlock(&d->lock);
    return ERR_OK;
}

void http_deadline_set(struct http_deadlines *d, int fd, int64_t due_mono_ms)
{
    if (fd >= 0 && fd < d->size)
        atomic_store_explicit(&d->due[fd], due_mono_ms, memory_order_relaxed);
}

void http_deadline_linger(struct http_deadlines *d, int fd)
{
    pthread_mutex_lock(&d->lock);
    http_linger_add(&d->lingers, fd, clock_mono_ms());
    pthread_cond_signal(&d->wake);
    pthread_mutex_unlock(&d->lock);
}

void http_deadline_leave(struct http_deadlines *d, int fd)
{
    if (fd < 0 || fd >= d->size)
        return;
    pthread_mutex_lock(&d->lock);
    if (fd < d->used && atomic_load_explicit(&d->due[fd], memory_order_relaxed) != NOT_WATCHED) {
        atomic_store_explicit(&d->due[fd], NOT_WATCHED, memory_order_relaxed);
        d->watched--;
    }
    pthread_mutex_unlock(&d->lock);
}

int64_t http_deadlines_closed(const struct http_deadlines *d)
{
    return atomic_load_explicit(&d->closed, memory_order_relaxed);
}
