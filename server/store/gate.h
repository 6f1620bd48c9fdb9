/* gate.h - lets one thread through at a time, in order of arrival, with a longest wait. Guards the writing connection.
 * A plain mutex would let a busy thread (the worker) take it again and again while others starve. */
#ifndef STORE_GATE_H
#define STORE_GATE_H

#include <pthread.h>
#include <stdbool.h>
#include "util/list.h"

struct gate {
    pthread_mutex_t lock; /* guards the members below */
    struct list waiting;  /* of struct gate_waiter, first come first */
    bool taken;           /* a thread is inside, or is being let in */
};

void gate_init(struct gate *gate);
void gate_clear(struct gate *gate); /* no thread inside or waiting */
/* False when it took longer than `wait_ms` (monotonic). */
bool gate_enter(struct gate *gate, int wait_ms);
void gate_leave(struct gate *gate);
/* Leaves if a thread waits, which is then inside in any case (it can no longer be too late). False: none waits, still inside. */
bool gate_hand_on(struct gate *gate);

#endif
