#include "ws/shard.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "util/clock.h"
#include "util/mem.h"
#include "util/str.h"
#include "ws/frame.h"
#include "ws/inbox.h"
#include "ws/sockets.h"

#define TICK_MS (1000 / SHARD_TICKS_PER_S)
#define STOP_TICK_MS 20

struct shard {
    atomic_int_fast64_t turned_ms; /* the last tick, monotonic */
    struct shard_settings settings;
    struct shard_guest guest;
    struct clients clients;
    struct inbox inbox;
    struct sockets *sockets;
    uv_loop_t loop;
    uv_async_t woken; /* the inbox is no longer empty */
    uv_timer_t tick;
    pthread_t thread;
    bool started;
    bool stopping;
    int64_t stop_deadline_ms;
    atomic_int awaited; /* posts expected from other threads */
};

/* ---- for its clients ---------- */

static int64_t env_mono_ms(void *ctx)
{
    (void)ctx;
    return clock_mono_ms();
}

static void env_wake(void *ctx, struct client *c)
{
    (void)ctx;
    sockets_wake(c);
}

static void env_joined(void *ctx, int64_t unjoined)
{
    const struct shard *s = ctx;

    s->settings.joined(s->settings.ctx, unjoined);
}

/* ---- the inbox ---- */

static void wake(void *arg)
{
    struct shard *s = arg;

    (void)uv_async_send(&s->woken);
}

bool shard_post(struct shard *s, bool must, void (*fn)(void *state, void *arg), void *arg)
{
    return inbox_put(&s->inbox, must, fn, s->guest.state, arg);
}

void shard_await(struct shard *s)
{
    atomic_fetch_add(&s->awaited, 1);
}

void shard_arrived(struct shard *s)
{
    atomic_fetch_sub(&s->awaited, 1);
}

struct arrival {
    int fd;
    int64_t unjoined;
    char path[ID_SIZE], key[WS_KEY_LEN + 1], address[64];
};

static void run_arrival(void *ctx, void *arg)
{
    struct shard *s = ctx;
    struct arrival *a = arg;

    if (s->stopping || !sockets_adopt(s->sockets, a->fd, a->path, a->key, a->address, a->unjoined)) {
        close(a->fd);
        env_joined(s, a->unjoined);
    }
    mem_free(a);
}

bool shard_adopt(struct shard *s, int fd, const char *path, const char *key, const char *address, int64_t unjoined)
{
    struct arrival *a = mem_new(sizeof *a);

    a->fd = fd;
    a->unjoined = unjoined;
    (void)str_copy(a->path, sizeof a->path, path);
    (void)str_copy(a->key, sizeof a->key, key);
    (void)str_copy(a->address, sizeof a->address, address);
    if (inbox_put(&s->inbox, false, run_arrival, s, a))
        return true;
    mem_free(a);
    return false;
}

static struct client *find_unjoined(struct shard *s, int64_t id)
{
    struct list *it, *tmp;

    list_each(it, tmp, &s->clients.hurried)
    {
        struct client *p = list_entry(it, struct client, hurried);

        if (p->unjoined == id && p->phase == CLIENT_NEW)
            return p;
    }
    return NULL;
}

static void run_give_way(void *ctx, void *arg)
{
    struct shard *s = ctx;
    int64_t *id = arg;
    struct client *p = find_unjoined(s, *id);

    if (p)
        sockets_look(p); /* its messages may not yet have been read; it may be gone afterwards */
    p = find_unjoined(s, *id);
    if (p)
        client_close(p, CLOSE_BUSY, NULL);
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

/* The end: nobody is connected any more, or time is up; and no post is expected. */
static bool may_end(const struct shard *s)
{
    return s->stopping && (list_empty(&s->clients.all) || clock_mono_ms() >= s->stop_deadline_ms);
}

static void on_tick(uv_timer_t *tick)
{
    struct shard *s = tick->data;
    bool idle = atomic_load(&s->awaited) == 0; /* then every answer is in the inbox */

    atomic_store(&s->turned_ms, clock_mono_ms());
    (void)inbox_run(&s->inbox);
    clients_tick(&s->clients, clock_mono_ms());
    s->guest.tick(s->guest.state);
    sockets_tick(s->sockets);
    if (idle && atomic_load(&s->awaited) == 0 && may_end(s))
        uv_stop(&s->loop);
}

static void *thread_main(void *arg)
{
    struct shard *s = arg;

    uv_run(&s->loop, UV_RUN_DEFAULT);
    inbox_close(&s->inbox);
    sockets_close(s->sockets);
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
    s->guest.drain(s->guest.state);
    clients_restart(&s->clients);
    uv_timer_start(&s->tick, on_tick, STOP_TICK_MS, STOP_TICK_MS);
}

void shard_begin_stop(struct shard *s, int64_t deadline_ms)
{
    struct stop *stop = mem_new(sizeof *stop);

    stop->deadline_ms = deadline_ms;
    (void)inbox_put(&s->inbox, true, begin_stop, s, stop);
}

/* ---- life ---- */

struct clients *shard_clients(struct shard *s)
{
    return &s->clients;
}

void shard_invite(struct shard *s, const struct shard_guest *guest)
{
    s->guest = *guest;
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

enum err_code shard_new(const struct shard_settings *settings, struct shard **out, struct err *e)
{
    struct shard *s = mem_new(sizeof *s);
    const struct client_env env = { .ctx = s, .mono_ms = env_mono_ms, .wake = env_wake, .joined = env_joined };

    if (!open_loop(s)) {
        mem_free(s);
        return err_set(e, ERR_INTERNAL, "internal", "no event loop for a signaling shard: %s", strerror(errno));
    }
    s->settings = *settings;
    s->turned_ms = clock_mono_ms();
    clients_init(&s->clients, &env, settings->limits, settings->counters);
    inbox_init(&s->inbox, settings->inbox_max, wake, s);
    uv_timer_init(&s->loop, &s->tick);
    uv_timer_start(&s->tick, on_tick, TICK_MS, TICK_MS);
    s->woken.data = s->tick.data = s;
    s->sockets = sockets_new(&s->loop, &s->clients);
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
        sockets_close(s->sockets);
        uv_run(&s->loop, UV_RUN_DEFAULT);
    }
    inbox_clear(&s->inbox);
    s->guest.clear(s->guest.state);
    sockets_free(s->sockets);
    (void)uv_loop_close(&s->loop);
    mem_free(s);
}
