#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "store/gate.h"
#include "tests/support/check.h"
#include "util/clock.h"

#define THREADS 8

struct shared {
    struct gate gate;
    int order[THREADS]; /* the threads that came in, in order; guarded by the gate */
    int count;          /* of them; guarded by the gate */
    int total;          /* plain on purpose: the gate alone keeps it right */
};

struct one {
    struct shared *shared;
    int number;
};

static size_t waiting(struct gate *g)
{
    size_t n = 0;

    pthread_mutex_lock(&g->lock);
    for (struct list *l = g->waiting.next; l != &g->waiting; l = l->next)
        n++;
    pthread_mutex_unlock(&g->lock);
    return n;
}

static void wait_for_line(struct gate *g, size_t length)
{
    int64_t end = clock_mono_ms() + 10000;

    while (waiting(g) != length && clock_mono_ms() < end)
        sched_yield();
    CHECK_INT(waiting(g), length);
}

static void *come_in(void *arg)
{
    struct one *o = arg;

    if (gate_enter(&o->shared->gate, 10000)) {
        o->shared->order[o->shared->count++] = o->number;
        gate_leave(&o->shared->gate);
    }
    return NULL;
}

static void threads_enter_in_order_of_arrival(void)
{
    struct shared s = { .count = 0 };
    struct one ones[THREADS];
    pthread_t threads[THREADS];

    gate_init(&s.gate);
    CHECK(gate_enter(&s.gate, 0));
    for (int i = 0; i < THREADS; i++) {
        ones[i] = (struct one){ &s, i };
        pthread_create(&threads[i], NULL, come_in, &ones[i]);
        wait_for_line(&s.gate, (size_t)i + 1);
    }
    gate_leave(&s.gate);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(s.count, THREADS);
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(s.order[i], i);
    gate_clear(&s.gate);
}

static void *count_up(void *arg)
{
    struct shared *s = arg;

    for (int i = 0; i < 2000; i++)
        if (gate_enter(&s->gate, 10000)) {
            s->total++;
            gate_leave(&s->gate);
        }
    return NULL;
}

static void one_at_a_time(void)
{
    struct shared s = { .count = 0 };
    pthread_t threads[THREADS];

    gate_init(&s.gate);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, count_up, &s);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(s.total, THREADS * 2000);
    gate_clear(&s.gate);
}

static void a_thread_that_waits_too_long_leaves_the_line(void)
{
    struct gate g;
    int64_t from;

    gate_init(&g);
    CHECK(gate_enter(&g, 0));
    from = clock_mono_ms();
    CHECK(!gate_enter(&g, 0));
    CHECK(!gate_enter(&g, 30));
    CHECK(clock_mono_ms() - from >= 30);
    CHECK_INT(waiting(&g), 0);
    gate_leave(&g);
    CHECK(gate_enter(&g, 0));
    gate_leave(&g);
    gate_clear(&g);
}

static void handing_on_needs_a_waiting_thread(void)
{
    struct shared s = { .count = 0 };
    struct one o = { &s, 7 };
    pthread_t thread;

    gate_init(&s.gate);
    CHECK(gate_enter(&s.gate, 0));
    CHECK(!gate_hand_on(&s.gate));
    CHECK(!gate_enter(&s.gate, 0)); /* still inside */
    pthread_create(&thread, NULL, come_in, &o);
    wait_for_line(&s.gate, 1);
    CHECK(gate_hand_on(&s.gate));
    pthread_join(thread, NULL);
    CHECK_INT(s.count, 1);
    CHECK(gate_enter(&s.gate, 0));
    gate_leave(&s.gate);
    gate_clear(&s.gate);
}

static const struct check_test TESTS[] = {
    TEST(threads_enter_in_order_of_arrival),
    TEST(one_at_a_time),
    TEST(a_thread_that_waits_too_long_leaves_the_line),
    TEST(handing_on_needs_a_waiting_thread),
    { 0 },
};
CHECK_MAIN(TESTS)
