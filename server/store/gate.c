#include "store/gate.h"

#include <time.h>

/* On the waiting thread's stack; in the list only while it waits. */
struct gate_waiter {
    struct list link;    /* in gate.waiting */
    pthread_cond_t wake; /* for this thread only, so that leaving wakes one thread and not all */
    bool let_in;         /* the gate is this thread's */
};

void gate_init(struct gate *gate)
{
    pthread_mutex_init(&gate->lock, NULL);
    list_init(&gate->waiting);
    gate->taken = false;
}

void gate_clear(struct gate *gate)
{
    pthread_mutex_destroy(&gate->lock);
}

static void waiter_init(struct gate_waiter *waiter)
{
    pthread_condattr_t attr;

    *waiter = (struct gate_waiter){ .let_in = false };
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&waiter->wake, &attr);
    pthread_condattr_destroy(&attr);
}

static struct timespec deadline_in(int wait_ms)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += wait_ms / 1000;
    t.tv_nsec += wait_ms % 1000 * 1000000L;
    if (t.tv_nsec >= 1000000000L) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000L;
    }
    return t;
}

static bool wait_in_line(struct gate *gate, int wait_ms)
{
    struct timespec deadline = deadline_in(wait_ms);
    struct gate_waiter w;
    int rc = 0;

    waiter_init(&w);
    list_add_tail(&gate->waiting, &w.link);
    while (!w.let_in && rc == 0)
        rc = pthread_cond_timedwait(&w.wake, &gate->lock, &deadline);
    list_remove(&w.link);
    pthread_cond_destroy(&w.wake);
    return w.let_in;
}

bool gate_enter(struct gate *gate, int wait_ms)
{
    bool in = true;

    pthread_mutex_lock(&gate->lock);
    if (gate->taken)
        in = wait_in_line(gate, wait_ms);
    else
        gate->taken = true;
    pthread_mutex_unlock(&gate->lock);
    return in;
}

/* The gate stays taken: it goes straight to the thread that has waited longest. */
static bool let_in_first(struct gate *gate)
{
    struct gate_waiter *next;

    if (list_empty(&gate->waiting))
        return false;
    next = list_entry(gate->waiting.next, struct gate_waiter, link);
    list_remove(&next->link);
    next->let_in = true;
    pthread_cond_signal(&next->wake);
    return true;
}

bool gate_hand_on(struct gate *gate)
{
    bool handed;

    pthread_mutex_lock(&gate->lock);
    handed = let_in_first(gate);
    pthread_mutex_unlock(&gate->lock);
    return handed;
}

void gate_leave(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->taken = let_in_first(gate);
    pthread_mutex_unlock(&gate->lock);
}
