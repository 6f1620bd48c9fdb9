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
static void sweep(struct http_deadlines *deadlines, int64_t now_ms)
{
    for (int fd = 0; fd < deadlines->used; fd++) {
        int64_t due = atomic_load_explicit(&deadlines->due[fd], memory_order_relaxed);

        if (due == NOT_WATCHED || due > now_ms)
            continue;
        atomic_store_explicit(&deadlines->due[fd], DEADLINE_NONE, memory_order_relaxed);
        atomic_fetch_add_explicit(&deadlines->closed, 1, memory_order_relaxed);
        shutdown(fd, SHUT_RDWR);
    }
}

static void wait_tick(struct http_deadlines *deadlines)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)deadlines->tick_ms * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    while (!deadlines->stopping)
        if (pthread_cond_timedwait(&deadlines->wake, &deadlines->lock, &until) == ETIMEDOUT)
            break;
}

static void *run(void *arg)
{
    struct http_deadlines *deadlines = arg;

    pthread_mutex_lock(&deadlines->lock);
    while (!deadlines->stopping) {
        if (deadlines->watched == 0 && deadlines->lingers.count == 0) { /* no connections: no ticking */
            pthread_cond_wait(&deadlines->wake, &deadlines->lock);
            continue;
        }
        wait_tick(deadlines);
        sweep(deadlines, clock_mono_ms());
        http_linger_sweep(&deadlines->lingers, clock_mono_ms());
    }
    pthread_mutex_unlock(&deadlines->lock);
    return NULL;
}

static void clear(struct http_deadlines *deadlines)
{
    pthread_cond_destroy(&deadlines->wake);
    pthread_mutex_destroy(&deadlines->lock);
    mem_free(deadlines->due);
    mem_free(deadlines);
}

enum err_code http_deadlines_start(int tick_ms, struct http_deadlines **out, struct err *e)
{
    struct http_deadlines *deadlines = mem_new(sizeof *deadlines);
    pthread_attr_t attr;
    pthread_condattr_t clock;
    int failed;

    deadlines->size = table_size();
    deadlines->due = mem_new_array((size_t)deadlines->size, sizeof *deadlines->due);
    deadlines->tick_ms = tick_ms > 0 ? tick_ms : 1;
    pthread_mutex_init(&deadlines->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&deadlines->wake, &clock);
    pthread_condattr_destroy(&clock);
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    failed = pthread_create(&deadlines->thread, &attr, run, deadlines);
    pthread_attr_destroy(&attr);
    if (failed) {
        clear(deadlines);
        return err_set(e, ERR_IO, "no_thread", "the system gives no more threads");
    }
    *out = deadlines;
    return ERR_OK;
}

void http_deadlines_stop(struct http_deadlines *deadlines)
{
    if (!deadlines)
        return;
    pthread_mutex_lock(&deadlines->lock);
    deadlines->stopping = true;
    pthread_cond_signal(&deadlines->wake);
    pthread_mutex_unlock(&deadlines->lock);
    pthread_join(deadlines->thread, NULL);
    http_linger_clear(&deadlines->lingers);
    clear(deadlines);
}

enum err_code http_deadline_enter(struct http_deadlines *deadlines, int fd, int64_t due_mono_ms)
{
    if (fd < 0 || fd >= deadlines->size)
        return ERR_LIMIT;
    pthread_mutex_lock(&deadlines->lock);
    while (deadlines->used <= fd) /* zero would be in the past */
        atomic_store_explicit(&deadlines->due[deadlines->used++], NOT_WATCHED, memory_order_relaxed);
    atomic_store_explicit(&deadlines->due[fd], due_mono_ms, memory_order_relaxed);
    if (deadlines->watched++ == 0)
        pthread_cond_signal(&deadlines->wake);
    pthread_mutex_unlock(&deadlines->lock);
    return ERR_OK;
}

void http_deadline_set(struct http_deadlines *deadlines, int fd, int64_t due_mono_ms)
{
    if (fd >= 0 && fd < deadlines->size)
        atomic_store_explicit(&deadlines->due[fd], due_mono_ms, memory_order_relaxed);
}

void http_deadline_linger(struct http_deadlines *deadlines, int fd)
{
    pthread_mutex_lock(&deadlines->lock);
    http_linger_add(&deadlines->lingers, fd, clock_mono_ms());
    pthread_cond_signal(&deadlines->wake);
    pthread_mutex_unlock(&deadlines->lock);
}

void http_deadline_leave(struct http_deadlines *deadlines, int fd)
{
    if (fd < 0 || fd >= deadlines->size)
        return;
    pthread_mutex_lock(&deadlines->lock);
    if (fd < deadlines->used && atomic_load_explicit(&deadlines->due[fd], memory_order_relaxed) != NOT_WATCHED) {
        atomic_store_explicit(&deadlines->due[fd], NOT_WATCHED, memory_order_relaxed);
        deadlines->watched--;
    }
    pthread_mutex_unlock(&deadlines->lock);
}

int64_t http_deadlines_closed(const struct http_deadlines *deadlines)
{
    return atomic_load_explicit(&deadlines->closed, memory_order_relaxed);
}
