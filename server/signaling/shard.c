#include "signaling/shard.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "signaling/inbox.h"
#include "signaling/ws.h"
#include "util/clock.h"
#include "util/mem.h"
#include "util/str.h"

#define TICK_MS (1000 / FLOOR_TICKS_PER_S)
#define STOP_TICK_MS 20

struct shard {
    atomic_int_fast64_t turned_ms; /* the last tick, monotonic */
    struct floor floor;
    struct floor_env outer; /* what the hub gave */
    struct store_worker *worker;
    struct inbox inbox;
    struct ws *ws;
    uv_loop_t loop;
    uv_async_t woken; /* the inbox is no longer empty */
    uv_timer_t tick;
    pthread_t thread;
    bool started;
    bool stopping;
    int64_t stop_deadline_ms;
    atomic_int jobs; /* given to the store and not back yet */
};

/* ---- the floor's environment ---- */

static int64_t env_mono_ms(void *ctx)
{
    (void)ctx;
    return clock_mono_ms();
}

static int64_t env_wall_ms(void *ctx)
{
    (void)ctx;
    return clock_wall_ms();
}

/* A job on its way, so that the shard does not end before it is back. */
struct errand {
    struct shard *shard;
    struct store_job job;
};

static enum err_code errand_run(struct store *s, void *arg, struct err *e)
{
    struct errand *errand = arg;

    return errand->job.run(s, errand->job.arg, e);
}

static void errand_done(void *arg, enum err_code rc, const struct err *e)
{
    struct errand *errand = arg;
    struct shard *s = errand->shard;

    errand->job.done(errand->job.arg, rc, e);
    mem_free(errand);
    atomic_fetch_sub(&s->jobs, 1); /* the last touch of the shard: it may end now */
}

static enum err_code env_post_job(void *ctx, const struct store_job *job)
{
    struct shard *s = ctx;
    struct errand *errand = mem_new(sizeof *errand);
    struct store_job outer = { .run = errand_run, .done = errand_done, .arg = errand };
    enum err_code rc;

    if (s->floor.draining) { /* whoever waits for it is on the way out, and so is this shard */
        mem_free(errand);
        return ERR_BUSY;
    }
    errand->shard = s;
    errand->job = *job;
    atomic_fetch_add(&s->jobs, 1);
    rc = store_worker_post(s->worker, &outer);
    if (rc != ERR_OK) {
        atomic_fetch_sub(&s->jobs, 1);
        mem_free(errand);
    }
    return rc;
}

static bool env_post(void *ctx, int shard, bool must, void (*fn)(struct floor *f, void *arg), void *arg)
{
    struct shard *s = ctx;

    return s->outer.post(s->outer.ctx, shard, must, fn, arg);
}

static void env_wake(void *ctx, struct peer *p)
{
    (void)ctx;
    ws_wake(p);
}

static void env_joined(void *ctx, int64_t unjoined)
{
    struct shard *s = ctx;

    s->outer.joined(s->outer.ctx, unjoined);
}

/* ---- the inbox ---- */

struct call {
    struct shard *shard;
    void (*fn)(struct floor *f, void *arg);
    void *arg;
};

static void run_call(void *ctx, void *arg)
{
    struct shard *s = ctx;
    struct call *c = arg;

    c->fn(&s->floor, c->arg);
    mem_free(c);
}

static void wake(void *arg)
{
    struct shard *s = arg;

    (void)uv_async_send(&s->woken);
}

bool shard_post(struct shard *s, bool must, void (*fn)(struct floor *f, void *arg), void *arg)
{
    struct call *c = mem_new(sizeof *c);

    *c = (struct call){ s, fn, arg };
    if (inbox_put(&s->inbox, must, run_call, s, c))
        return true;
    mem_free(c);
    return false;
}

struct arrival {
    int fd;
    int64_t unjoined;
    char room[ID_SIZE], key[WS_KEY_LEN + 1], address[64];
};

static void run_arrival(void *ctx, void *arg)
{
    struct shard *s = ctx;
    struct arrival *a = arg;

    if (s->floor.draining || !ws_adopt(s->ws, a->fd, a->room, a->key, a->address, a->unjoined)) {
        close(a->fd);
        s->outer.joined(s->outer.ctx, a->unjoined);
    }
    mem_free(a);
}

bool shard_adopt(struct shard *s, int fd, const char *room, const char *key, const char *address, int64_t unjoined)
{
    struct arrival *a = mem_new(sizeof *a);

    a->fd = fd;
    a->unjoined = unjoined;
    (void)str_copy(a->room, sizeof a->room, room);
    (void)str_copy(a->key, sizeof a->key, key);
    (void)str_copy(a->address, sizeof a->address, address);
    if (inbox_put(&s->inbox, false, run_arrival, s, a))
        return true;
    mem_free(a);
    return false;
}

static struct peer *find_unjoined(struct shard *s, int64_t id)
{
    struct list *it, *tmp;

    list_each(it, tmp, &s->floor.hurried)
    {
        struct peer *p = list_entry(it, struct peer, hurried);

        if (p->unjoined == id && p->phase == PEER_NEW)
            return p;
    }
    return NULL;
}

static void run_give_way(void *ctx, void *arg)
{
    struct shard *s = ctx;
    int64_t *id = arg;
    struct peer *p = find_unjoined(s, *id);

    if (p)
        ws_look(p); /* what it said may not have been read yet; it may be gone afterwards */
    p = find_unjoined(s, *id);
    if (p)
        peer_close(p, CLOSE_BUSY, NULL);
    mem_free(id);
}

void shard_give_way(struct shard *s, int64_t unjoined)
{
    int64_t *id = mem_copy(&unjoined, sizeof unjoined);

    (void)inbox_put(&s->inbox, true, run_give_way, s, id);
}

/* ---- the thread ---- */

static void on_woken(uv_async_t *woken)
{
    struct shard *s = woken->data;

    (void)inbox_run(&s->inbox);
}

/* The end: nobody is connected any more, or time is up; and the store owes us nothing. */
static bool may_end(const struct shard *s)
{
    return s->stopping && (list_empty(&s->floor.peers) || clock_mono_ms() >= s->stop_deadline_ms);
}

static void on_tick(uv_timer_t *tick)
{
    struct shard *s = tick->data;
    bool idle = atomic_load(&s->jobs) == 0; /* then every answer is in the inbox */

    atomic_store(&s->turned_ms, clock_mono_ms());
    (void)inbox_run(&s->inbox);
    floor_tick(&s->floor);
    ws_tick(s->ws);
    if (idle && atomic_load(&s->jobs) == 0 && may_end(s))
        uv_stop(&s->loop);
}

static void *thread_main(void *arg)
{
    struct shard *s = arg;

    uv_run(&s->loop, UV_RUN_DEFAULT);
    inbox_close(&s->inbox);
    ws_close(s->ws);
    uv_close((uv_handle_t *)&s->woken, NULL);
    uv_close((uv_handle_t *)&s->tick, NULL);
    uv_run(&s->loop, UV_RUN_DEFAULT);
    return NULL;
}

struct stop {
    struct shard *shard;
    int64_t deadline_ms;
};

static void begin_stop(void *ctx, void *arg)
{
    struct shard *s = ctx;
    struct stop *stop = arg;

    s->stopping = true;
    s->stop_deadline_ms = stop->deadline_ms;
    mem_free(stop);
    floor_drain(&s->floor);
    uv_timer_start(&s->tick, on_tick, STOP_TICK_MS, STOP_TICK_MS);
}

void shard_begin_stop(struct shard *s, int64_t deadline_ms)
{
    struct stop *stop = mem_new(sizeof *stop);

    stop->deadline_ms = deadline_ms;
    (void)inbox_put(&s->inbox, true, begin_stop, s, stop);
}

/* ---- life ---- */

struct floor *shard_floor(struct shard *s)
{
    return &s->floor;
}

static bool open_loop(struct shard *s)
{
    if (uv_loop_init(&s->loop) != 0)
        return false;
    if (uv_async_init(&s->loop, &s->woken, on_woken) == 0)
        return true;
    (void)uv_loop_close(&s->loop);
    return false;
}

enum err_code shard_new(const struct floor_env *env, const struct hub_settings *settings, struct store_worker *worker,
                        struct floor_counters *counters, const char *epoch, size_t max_inbox, struct shard **out,
                        struct err *e)
{
    struct shard *s = mem_new(sizeof *s);
    struct floor_env own = {
        .ctx = s,
        .shard = env->shard,
        .shards = env->shards,
        .mono_ms = env_mono_ms,
        .wall_ms = env_wall_ms,
        .post_job = env_post_job,
        .post = env_post,
        .wake = env_wake,
        .joined = env_joined,
    };

    if (!open_loop(s)) {
        mem_free(s);
        return err_set(e, ERR_INTERNAL, "internal", "no event loop for a signaling shard: %s", strerror(errno));
    }
    s->outer = *env;
    s->turned_ms = clock_mono_ms();
    s->worker = worker;
    inbox_init(&s->inbox, max_inbox, wake, s);
    floor_init(&s->floor, &own, settings, counters, epoch);
    uv_timer_init(&s->loop, &s->tick);
    uv_timer_start(&s->tick, on_tick, TICK_MS, TICK_MS);
    s->woken.data = s->tick.data = s;
    s->ws = ws_new(&s->loop, &s->floor);
    *out = s;
    return ERR_OK;
}

int64_t shard_turned_ms(const struct shard *s)
{
    return atomic_load(&s->turned_ms);
}

enum err_code shard_start(struct shard *s, struct err *e)
{
    if (pthread_create(&s->thread, NULL, thread_main, s) != 0)
        return err_set(e, ERR_INTERNAL, "internal", "no thread for a signaling shard");
    s->started = true;
    return ERR_OK;
}

void shard_join(struct shard *s)
{
    if (s->started)
        pthread_join(s->thread, NULL);
}

bool shard_run_left(struct shard *s)
{
    return inbox_run(&s->inbox);
}

void shard_free(struct shard *s)
{
    if (!s)
        return;
    if (!s->started) {
        uv_close((uv_handle_t *)&s->woken, NULL);
        uv_close((uv_handle_t *)&s->tick, NULL);
        ws_close(s->ws);
        uv_run(&s->loop, UV_RUN_DEFAULT);
    }
    inbox_clear(&s->inbox);
    floor_clear(&s->floor);
    ws_free(s->ws);
    (void)uv_loop_close(&s->loop);
    mem_free(s);
}
