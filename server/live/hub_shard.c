#include "live/hub_shard.h"

#include "live/live.h"
#include "util/clock.h"
#include "util/mem.h"

/* ---- calls from other threads ---- */

struct call {
    void (*fn)(struct live_shard *shard, void *arg);
    void *arg;
};

static void run_call(void *state, void *arg)
{
    struct hub_shard *s = state;
    struct call *c = arg;

    c->fn(&s->live, c->arg);
    mem_free(c);
}

bool hub_shard_post(struct hub_shard *s, bool must, void (*fn)(struct live_shard *shard, void *arg), void *arg)
{
    struct call *c = mem_new(sizeof *c);

    *c = (struct call){ fn, arg };
    if (shard_post(s->thread, must, run_call, c))
        return true;
    mem_free(c);
    return false;
}

/* ---- the shard's environment ---- */

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

/* A job under way, so that the shard does not end before it is back. */
struct errand {
    struct hub_shard *shard;
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
    struct shard *thread = errand->shard->thread;

    errand->job.done(errand->job.arg, rc, e);
    mem_free(errand);
    shard_arrived(thread); /* it may end now */
}

static enum err_code env_post_job(void *ctx, const struct store_job *job)
{
    struct hub_shard *s = ctx;
    struct errand *errand;
    struct store_job outer = { .run = errand_run, .done = errand_done };
    enum err_code rc;

    if (s->live.draining) /* the client that waits for it is ending, like this shard */
        return ERR_BUSY;
    outer.arg = errand = mem_new(sizeof *errand);
    errand->shard = s;
    errand->job = *job;
    shard_await(s->thread);
    rc = store_worker_post(s->worker, &outer);
    if (rc != ERR_OK) {
        shard_arrived(s->thread);
        mem_free(errand);
    }
    return rc;
}

static bool env_post(void *ctx, int shard, bool must, void (*fn)(struct live_shard *there, void *arg), void *arg)
{
    struct hub_shard *s = ctx;

    return hub_shard_post(&s->all[shard], must, fn, arg);
}

/* ---- the thread's guest ---- */

static void guest_tick(void *state)
{
    live_tick(&((struct hub_shard *)state)->live);
}

static void guest_drain(void *state)
{
    live_drain(&((struct hub_shard *)state)->live);
}

static void guest_clear(void *state)
{
    live_clear(&((struct hub_shard *)state)->live);
}

enum err_code hub_shard_open(struct hub_shard *all, int number, int shards, const struct shard_settings *thread,
                             const struct hub_settings *settings, struct live_counters *counters,
                             struct store_worker *worker, const char *epoch, struct err *e)
{
    struct hub_shard *s = &all[number];
    const struct live_env env = {
        .ctx = s,
        .shard = number,
        .shards = shards,
        .mono_ms = env_mono_ms,
        .wall_ms = env_wall_ms,
        .post_job = env_post_job,
        .post = env_post,
    };
    enum err_code rc = shard_new(thread, &s->thread, e);

    if (rc != ERR_OK)
        return rc;
    s->worker = worker;
    s->all = all;
    live_init(&s->live, &env, settings, counters, shard_clients(s->thread), epoch);
    shard_invite(s->thread, &(struct shard_guest){ guest_tick, guest_drain, guest_clear, s });
    return ERR_OK;
}
