/* The only question to a room that the front door waits for (hub_has_place() in hub.h). */
#include "live/hub_ask.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "live/live.h"
#include "util/mem.h"

#define ANSWER_MS 1000 /* a shard answers within a millisecond, or is ending */

struct question {
    pthread_mutex_t lock;
    pthread_cond_t answered; /* on the monotonic clock */
    atomic_int holders;      /* the asker and the shard: the last one frees it */
    struct hub_newcomer who;
    bool done, has_place; /* under lock */
};

static struct question *question_new(const struct hub_newcomer *who)
{
    struct question *q = mem_new(sizeof *q);
    pthread_condattr_t monotonic;

    pthread_mutex_init(&q->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&q->answered, &monotonic);
    pthread_condattr_destroy(&monotonic);
    atomic_init(&q->holders, 2);
    q->who = *who;
    q->has_place = true;
    return q;
}

static void let_go(struct question *q)
{
    if (atomic_fetch_sub(&q->holders, 1) > 1)
        return;
    pthread_cond_destroy(&q->answered);
    pthread_mutex_destroy(&q->lock);
    mem_free(q);
}

static void run_question(struct live_shard *shard, void *arg)
{
    struct question *q = arg;
    bool has_place = live_has_place(shard, &q->who);

    pthread_mutex_lock(&q->lock);
    q->has_place = has_place;
    q->done = true;
    pthread_cond_signal(&q->answered);
    pthread_mutex_unlock(&q->lock);
    let_go(q);
}

bool hub_ask_shard(struct hub_shard *s, const struct hub_newcomer *who)
{
    struct question *q = question_new(who);
    struct timespec until;
    bool has_place;
    int rc = 0;

    if (!hub_shard_post(s, false, run_question, q)) {
        let_go(q);
        let_go(q);
        return true;
    }
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ANSWER_MS / 1000;
    pthread_mutex_lock(&q->lock);
    while (!q->done && rc == 0)
        rc = pthread_cond_timedwait(&q->answered, &q->lock, &until);
    has_place = q->has_place;
    pthread_mutex_unlock(&q->lock);
    let_go(q);
    return has_place;
}
