/* hall.h - one shard that is run by hand: a clock that stands until the test moves it, jobs that wait until the test runs them (or goes
 * its own way with them), no sockets. */
#ifndef TESTS_LIVE_HALL_H
#define TESTS_LIVE_HALL_H

#include <stdlib.h>

#include "live/live.h"
#include "tests/support/check.h"

#define HALL_JOBS_MAX 8

struct hall {
    struct live_shard shard;
    struct hub_settings settings;
    struct live_counters counters;
    struct clients clients;
    struct client_limits limits;
    struct client_counters client_counters;
    int64_t now_ms;
    struct store_job jobs[HALL_JOBS_MAX];
    int job_count;
    enum err_code (*take_job)(struct hall *h, const struct store_job *job); /* NULL: it waits in `jobs` */
};

static inline int64_t hall_ms(void *ctx)
{
    return ((struct hall *)ctx)->now_ms;
}

static inline enum err_code hall_post_job(void *ctx, const struct store_job *job)
{
    struct hall *h = ctx;

    if (h->take_job)
        return h->take_job(h, job);
    if (h->job_count == HALL_JOBS_MAX)
        return ERR_BUSY;
    h->jobs[h->job_count++] = *job;
    return ERR_OK;
}

static inline bool hall_post(void *ctx, int shard, bool must, void (*fn)(struct live_shard *f, void *arg), void *arg)
{
    (void)shard, (void)must;
    fn(&((struct hall *)ctx)->shard, arg);
    return true;
}

static inline void hall_wake(void *ctx, struct client *c)
{
    (void)ctx, (void)c;
}

static inline void hall_joined(void *ctx, int64_t unjoined)
{
    (void)ctx, (void)unjoined;
}

static inline struct hall *hall_new(void)
{
    struct hall *h = calloc(1, sizeof *h);
    const struct live_env env = {
        .ctx = h, .shards = 1, .mono_ms = hall_ms, .wall_ms = hall_ms, .post_job = hall_post_job, .post = hall_post
    };
    const struct client_env below = { .ctx = h, .mono_ms = hall_ms, .wake = hall_wake, .joined = hall_joined };

    h->now_ms = 1000;
    h->settings = (struct hub_settings){ .shards = 1 };
    h->limits = (struct client_limits){ { 50, 200 }, 1 << 19, 1 << 28 };
    clients_init(&h->clients, &below, &h->limits, &h->client_counters);
    live_init(&h->shard, &env, &h->settings, &h->counters, &h->clients, "epoch");
    return h;
}

/* Runs the oldest job, on a store that nobody reads; `rc` is the result of its commit. */
static inline void hall_run_job(struct hall *h, enum err_code rc)
{
    struct store_job job = h->jobs[0];
    struct err e = { 0 };
    enum err_code ran = job.run(NULL, job.arg, &e);

    memmove(h->jobs, h->jobs + 1, (size_t)--h->job_count * sizeof *h->jobs);
    job.done(job.arg, ran == ERR_OK ? rc : ran, &e);
}

static inline void hall_free(struct hall *h)
{
    CHECK_INT(h->job_count, 0);
    live_clear(&h->shard);
    CHECK_INT(h->counters.rooms, 0);
    free(h);
}

#endif
