#include "http/http_limit.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "util/list.h"
#include "util/map.h"
#include "util/mem.h"
#include "util/str.h"

#define KEY_SIZE 96
#define HOUR_MS 3600000

struct bucket {
    struct list link; /* in http_limit.by_use, least recently used first */
    int64_t units;    /* what is left, HOUR_MS a token, so that refilling by the millisecond loses nothing */
    int64_t at_ms;    /* monotonic: when `units` was right */
    char key[KEY_SIZE];
};

struct http_limit {
    pthread_mutex_t lock;
    struct map buckets;
    struct list by_use;
    size_t count, max_keys;
};

struct http_limit *http_limit_new(size_t max_keys)
{
    struct http_limit *l = mem_new(sizeof *l);

    pthread_mutex_init(&l->lock, NULL);
    list_init(&l->by_use);
    l->max_keys = max_keys > 0 ? max_keys : 1;
    return l;
}

static void drop(struct http_limit *l, struct bucket *b)
{
    map_remove(&l->buckets, b->key);
    list_remove(&b->link);
    mem_free(b);
    l->count--;
}

void http_limit_free(struct http_limit *l)
{
    if (!l)
        return;
    while (!list_empty(&l->by_use))
        drop(l, list_entry(l->by_use.next, struct bucket, link));
    map_clear(&l->buckets);
    pthread_mutex_destroy(&l->lock);
    mem_free(l);
}

static struct bucket *find_or_make(struct http_limit *l, const char *key, int64_t full, int64_t now_ms)
{
    struct bucket *b = map_get(&l->buckets, key);

    if (!b) {
        if (l->count == l->max_keys)
            drop(l, list_entry(l->by_use.next, struct bucket, link));
        b = mem_new(sizeof *b);
        snprintf(b->key, sizeof b->key, "%s", key);
        b->units = full;
        b->at_ms = now_ms;
        map_put(&l->buckets, b->key, b);
        l->count++;
    }
    list_remove(&b->link);
    list_add_tail(&l->by_use, &b->link);
    return b;
}

/* `per_hour` tokens an hour are per_hour units a millisecond. */
static void refill(struct bucket *b, int64_t full, int64_t per_hour, int64_t now_ms)
{
    int64_t gone_ms = now_ms - b->at_ms;

    if (gone_ms > 0) {
        int64_t to_full = (full - b->units) / per_hour + 1;

        b->units = gone_ms >= to_full ? full : b->units + gone_ms * per_hour;
        b->at_ms = now_ms;
    }
    if (b->units > full)
        b->units = full;
}

/* A key that does not fit is counted under its hash. */
static void write_key(char to[KEY_SIZE], int kind, const char *key)
{
    size_t len = strlen(key);

    if (len < KEY_SIZE - 16)
        snprintf(to, KEY_SIZE, "%d %s", kind, key);
    else
        snprintf(to, KEY_SIZE, "%d #%016llx", kind, (unsigned long long)str_hash(key, len));
}

enum err_code http_limit_take(struct http_limit *l, int kind, const char *key, int cost, int64_t per_hour,
                              int64_t burst, int64_t mono_ms, struct err *e)
{
    char full_key[KEY_SIZE];
    int64_t full = burst * HOUR_MS;
    int64_t need = (int64_t)(cost > 0 ? cost : 1) * HOUR_MS;
    int64_t missing;
    struct bucket *b;

    per_hour = per_hour > 0 ? per_hour : 1;
    write_key(full_key, kind, key);
    pthread_mutex_lock(&l->lock);
    b = find_or_make(l, full_key, full, mono_ms);
    refill(b, full, per_hour, mono_ms);
    missing = cost < 0 ? 0 : need - b->units;
    if (missing <= 0 && cost != 0)
        b->units -= (int64_t)cost * HOUR_MS;
    pthread_mutex_unlock(&l->lock);
    if (missing <= 0)
        return ERR_OK;
    err_set(e, ERR_LIMIT, "too_many_requests", "Too many tries; please wait a moment");
    if (e)
        e->retry_after_s = (int)((missing + per_hour * 1000 - 1) / (per_hour * 1000));
    return ERR_LIMIT;
}
