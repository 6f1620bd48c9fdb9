#include "ws/inbox.h"

#include "util/mem.h"

void inbox_init(struct inbox *in, size_t max, void (*wake)(void *arg), void *wake_arg)
{
    *in = (struct inbox){ .max = max, .wake = wake, .wake_arg = wake_arg };
    in->end = &in->first;
    pthread_mutex_init(&in->lock, NULL);
}

bool inbox_put(struct inbox *in, bool must, void (*run)(void *ctx, void *arg), void *ctx, void *arg)
{
    struct inbox_item *item = mem_new(sizeof *item);
    bool fits;

    item->run = run;
    item->ctx = ctx;
    item->arg = arg;
    pthread_mutex_lock(&in->lock);
    fits = must || in->count < in->max;
    if (fits) {
        *in->end = item;
        in->end = &item->next;
        if (in->count++ == 0 && in->wake)
            in->wake(in->wake_arg);
    }
    pthread_mutex_unlock(&in->lock);
    if (!fits)
        mem_free(item);
    return fits;
}

bool inbox_run(struct inbox *in)
{
    struct inbox_item *item;
    bool any;

    pthread_mutex_lock(&in->lock);
    item = in->first;
    in->first = NULL;
    in->end = &in->first;
    in->count = 0;
    pthread_mutex_unlock(&in->lock);
    any = item != NULL;
    while (item) {
        struct inbox_item *next = item->next;

        item->run(item->ctx, item->arg);
        mem_free(item);
        item = next;
    }
    return any;
}

void inbox_close(struct inbox *in)
{
    pthread_mutex_lock(&in->lock);
    in->wake = NULL;
    pthread_mutex_unlock(&in->lock);
}

void inbox_clear(struct inbox *in)
{
    pthread_mutex_destroy(&in->lock);
}
