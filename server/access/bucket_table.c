#include "access/bucket_table.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "util/mem.h"
#include "util/recent.h"
#include "util/str.h"

#define HOUR_MS 3600000

struct entry {
    struct recent_item item;
    int64_t units; /* the remainder, HOUR_MS a token, so that refilling by the millisecond loses nothing */
    int64_t at_ms; /* monotonic: when `units` was right */
    bool begun;    /* false: new, and full */
};

struct bucket_table {
    pthread_mutex_t lock;
    struct recent entries;
};

struct bucket_table *bucket_table_new(size_t max_keys)
{
    struct bucket_table *t = mem_new(sizeof *t);

    pthread_mutex_init(&t->lock, NULL);
    recent_init(&t->entries, max_keys, sizeof(struct entry));
    return t;
}

void bucket_table_free(struct bucket_table *t)
{
    if (!t)
        return;
    recent_clear(&t->entries);
    pthread_mutex_destroy(&t->lock);
    mem_free(t);
}

static struct entry *touch(struct bucket_table *t, const char *key, int64_t full, int64_t now_ms)
{
    struct entry *entry = recent_touch(&t->entries, key);

    if (!entry->begun) {
        entry->units = full;
        entry->at_ms = now_ms;
        entry->begun = true;
    }
    return entry;
}

/* `per_hour` tokens an hour are per_hour units a millisecond. */
static void refill(struct entry *entry, int64_t full, int64_t per_hour, int64_t now_ms)
{
    int64_t gone_ms = now_ms - entry->at_ms;

    if (gone_ms > 0) {
        int64_t to_full = (full - entry->units) / per_hour + 1;

        entry->units = gone_ms >= to_full ? full : entry->units + gone_ms * per_hour;
        entry->at_ms = now_ms;
    }
    if (entry->units > full)
        entry->units = full;
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

enum err_code bucket_table_take(struct bucket_table *t, int kind, const char *key, int cost, int64_t per_hour,
                                int64_t burst, int64_t mono_ms, struct err *e)
{
    char full_key[RECENT_KEY_SIZE];
    int64_t full = burst * HOUR_MS;
    int64_t need = (int64_t)(cost > 0 ? cost : 1) * HOUR_MS;
    int64_t missing;
    struct entry *entry;

    per_hour = per_hour > 0 ? per_hour : 1;
    write_key(full_key, kind, key);
    pthread_mutex_lock(&t->lock);
    entry = touch(t, full_key, full, mono_ms);
    refill(entry, full, per_hour, mono_ms);
    missing = cost < 0 ? 0 : need - entry->units;
    if (missing <= 0 && cost != 0)
        entry->units -= (int64_t)cost * HOUR_MS;
    pthread_mutex_unlock(&t->lock);
    if (missing <= 0)
        return ERR_OK;
    err_set(e, ERR_LIMIT, "too_many_requests", "Too many tries; please wait a moment");
    if (e)
        e->retry_after_s = (int)((missing + per_hour * 1000 - 1) / (per_hour * 1000));
    return ERR_LIMIT;
}
