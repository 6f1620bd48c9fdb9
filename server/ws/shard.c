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

static void env_wake(void *ctx, struct client *client)
{
    (void)ctx;
    sockets_wake(client);
}

static void env_joined(void *ctx, int64_t unjoined)
{
    const struct shard *shard = ctx;

    shard->settings.joined(shard->settings.ctx, unjoined);
}

/* ---- the inbox ---- */

static void wake(void *arg)
{
    struct shard *shard = arg;

    (void)uv_async_send(&shard->woken);
}

bool shard_post(struct shard *shard, bool must, void (*fn)(void *state, void *arg), void *arg)
{
    return inbox_put(&shard->inbox, must, fn, shard->guest.state, arg);
}

void shard_await(struct shard *shard)
{
    atomic_fetch_add(&shard->awaited, 1);
}

void shard_arrived(struct shard *shard)
{
    atomic_fetch_sub(&shard->awaited, 1);
}

struct arrival {
    int fd;
    int64_t unjoined;
    char path[ID_SIZE], key[WS_KEY_LEN + 1], address[64];
};

static void run_arrival(void *ctx, void *arg)
{
    struct shard *shard = ctx;
    struct arrival *a = arg;

    if (shard->stopping || !sockets_adopt(shard->sockets, a->fd, a->path, a->key, a->address, a->unjoined)) {
        close(a->fd);
        env_joined(shard, a->unjoined);
    }
    mem_free(a);
}

bool shard_adopt(struct shard *shard, int fd, const char *path, const char *key, const char *address, int64_t unjoined)
{
    struct arrival *a = mem_new(sizeof *a);

    a->fd = fd;
    a->unjoined = unjoined;
    (void)str_copy(a->path, sizeof a->path, path);
    (void)str_copy(a->key, sizeof a->key, key);
    (void)str_copy(a->address, sizeof a->address, address);
    if (inbox_put(&shard->inbox, false, run_arrival, shard, a))
        return true;
    mem_free(a);
    return false;
}

static struct client *find_unjoined(struct shard *shard, int64_t id)
{
    struct list *it, *tmp;

    list_each(it, tmp, &shard->clients.hurried)
    {
        struct client *client = list_entry(it, struct client, hurried);

        if (client->unjoined == id && client->phase == CLIENT_NEW)
            return client;
    }
    return NULL;
}

static void run_give_way(void *ctx, void *arg)
{
    struct shard *shard = ctx;
    int64_t *id = arg;
    struct client *client = find_unjoined(shard, *id);

    if (client)
        sockets_look(client); /* its messages may not yet have been read; it may be gone afterwards */
    client = find_unjoined(shard, *id);
    if (client)
        client_close(client, CLOSE_BUSY, NULL);
    mem_free(id);
}

void shard_give_way(struct shard *shard, int64_t unjoined)
{
    int64_t *id = mem_copy(&unjoined, sizeof unjoined);

    (void)inbox_put(&shard->inbox, true, run_give_way, shard, id);
}

/* ---- the thread ---- */

static void on_woken(uv_async_t *woken)
{
    struct shard *shard = woken->data;

    (void)inbox_run(&shard->inbox);
}

/* The end: nobody is connected any more, or time is up; and no post is expected. */
static bool may_end(const struct shard *shard)
{
    return shard->stopping && (list_empty(&shard->clients.all) || clock_mono_ms() >= shard->stop_deadline_ms);
}

static void on_tick(uv_timer_t *tick)
{
    struct shard *shard = tick->data;
    bool idle = atomic_load(&shard->awaited) == 0; /* then every answer is in the inbox */

    atomic_store(&shard->turned_ms, clock_mono_ms());
    (void)inbox_run(&shard->inbox);
    clients_tick(&shard->clients, clock_mono_ms());
    shard->guest.tick(shard->guest.state);
    sockets_tick(shard->sockets);
    if (idle && atomic_load(&shard->awaited) == 0 && may_end(shard))
        uv_stop(&shard->loop);
}

static void *thread_main(void *arg)
{
    struct shard *shard = arg;

    uv_run(&shard->loop, UV_RUN_DEFAULT);
    inbox_close(&shard->inbox);
    sockets_close(shard->sockets);
    uv_close((uv_handle_t *)&shard->woken, NULL);
    uv_close((uv_handle_t *)&shard->tick, NULL);
    uv_run(&shard->loop, UV_RUN_DEFAULT);
    return NULL;
}

struct stop {
    struct shard *shard;
    int64_t deadline_ms;
};

static void begin_stop(void *ctx, void *arg)
{
    struct shard *shard = ctx;
    struct stop *stop = arg;

    shard->stopping = true;
    shard->stop_deadline_ms = stop->deadline_ms;
    mem_free(stop);
    shard->guest.drain(shard->guest.state);
    clients_restart(&shard->clients);
    uv_timer_start(&shard->tick, on_tick, STOP_TICK_MS, STOP_TICK_MS);
}

void shard_begin_stop(struct shard *shard, int64_t deadline_ms)
{
    struct stop *stop = mem_new(sizeof *stop);

    stop->deadline_ms = deadline_ms;
    (void)inbox_put(&shard->inbox, true, begin_stop, shard, stop);
}

/* ---- life ---- */

struct clients *shard_clients(struct shard *shard)
{
    return &shard->clients;
}

void shard_invite(struct shard *shard, const struct shard_guest *guest)
{
    shard->guest = *guest;
}

static bool open_loop(struct shard *shard)
{
    if (uv_loop_init(&shard->loop) != 0)
        return false;
    if (uv_async_init(&shard->loop, &shard->woken, on_woken) == 0)
        return true;
    (void)uv_loop_close(&shard->loop);
    return false;
}

enum err_code shard_new(const struct shard_settings *settings, struct shard **out, struct err *e)
{
    struct shard *shard = mem_new(sizeof *shard);
    const struct client_env env = { .ctx = shard, .mono_ms = env_mono_ms, .wake = env_wake, .joined = env_joined };

    if (!open_loop(shard)) {
        mem_free(shard);
        return err_set(e, ERR_INTERNAL, "internal", "no event loop for a signaling shard: %s", strerror(errno));
    }
    shard->settings = *settings;
    shard->turned_ms = clock_mono_ms();
    clients_init(&shard->clients, &env, settings->limits, settings->counters);
    inbox_init(&shard->inbox, settings->inbox_max, wake, shard);
    uv_timer_init(&shard->loop, &shard->tick);
    uv_timer_start(&shard->tick, on_tick, TICK_MS, TICK_MS);
    shard->woken.data = shard->tick.data = shard;
    shard->sockets = sockets_new(&shard->loop, &shard->clients);
    *out = shard;
    return ERR_OK;
}

int64_t shard_turned_ms(const struct shard *shard)
{
    return atomic_load(&shard->turned_ms);
}

enum err_code shard_start(struct shard *shard, struct err *e)
{
    if (pthread_create(&shard->thread, NULL, thread_main, shard) != 0)
        return err_set(e, ERR_INTERNAL, "internal", "no thread for a signaling shard");
    shard->started = true;
    return ERR_OK;
}

void shard_join(struct shard *shard)
{
    if (shard->started)
        pthread_join(shard->thread, NULL);
}

bool shard_run_left(struct shard *shard)
{
    return inbox_run(&shard->inbox);
}

void shard_free(struct shard *shard)
{
    if (!shard)
        return;
    if (!shard->started) {
        uv_close((uv_handle_t *)&shard->woken, NULL);
        uv_close((uv_handle_t *)&shard->tick, NULL);
        sockets_close(shard->sockets);
        uv_run(&shard->loop, UV_RUN_DEFAULT);
    }
    inbox_clear(&shard->inbox);
    shard->guest.clear(shard->guest.state);
    sockets_free(shard->sockets);
    (void)uv_loop_close(&shard->loop);
    mem_free(shard);
}
