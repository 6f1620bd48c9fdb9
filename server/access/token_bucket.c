#include "access/token_bucket.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "util/mem.h"
#include "util/recent.h"
#include "util/str.h"

#define HOUR_MS 3600000

struct bucket {
    struct recent_item item;
    int64_t units; /* the remainder, HOUR_MS a token, so that refilling by the millisecond loses nothing */
    int64_t at_ms; /* monotonic: when `units` was right */
    bool begun;    /* false: new, and full */
};

struct token_buckets {
    pthread_mutex_t lock;
    struct recent buckets;
};

struct token_buckets *token_buckets_new(size_t max_keys)
{
    struct token_buckets *l = mem_new(sizeof *l);

    pthread_mutex_init(&l->lock, NULL);
    recent_init(&l->buckets, max_keys, sizeof(struct bucket));
    return l;
}

void token_buckets_free(struct token_buckets *l)
{
    if (!l)
        return;
    recent_clear(&l->buckets);
    pthread_mutex_destroy(&l->lock);
    mem_free(l);
}

static struct bucket *touch(struct token_buckets *l, const char *key, int64_t full, int64_t now_ms)
{
    struct bucket *b = recent_touch(&l->buckets, key);

    if (!b->begun) {
        b->units = full;
        b->at_ms = now_ms;
        b->begun = true;
    }
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
static void write_key(char to[RECENT_KEY_SIZE], int kind, const char *key)
{
    size_t len = strlen(key);

    if (len < RECENT_KEY_SIZE - 16)
        snprintf(to, RECENT_KEY_SIZE, "%d %s", kind, key);
    else
        snprintf(to, RECENT_KEY_SIZE, "%d #%016llx", kind, (unsigned long long)str_hash(key, len));
}

enum err_code token_bucket_take(struct token_buckets *l, int kind, const char *key, int cost, int64_t per_hour,
                                int64_t burst, int64_t mono_ms, struct err *e)
{
    char full_key[RECENT_KEY_SIZE];
    int64_t full = burst * HOUR_MS;
    int64_t need = (int64_t)(cost > 0 ? cost : 1) * HOUR_MS;
    int64_t missing;
    struct bucket *b;

    per_hour = per_hour > 0 ? per_hour : 1;
    write_key(full_key, kind, key);
    pthread_mutex_lock(&l->lock);
    b = touch(l, full_key, full, mono_ms);
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
