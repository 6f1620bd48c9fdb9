/* recent.h - records by text key, as many as fit: a new one replaces the longest untouched. One thread at a time. */
#ifndef UTIL_RECENT_H
#define UTIL_RECENT_H

#include <stddef.h>
#include <stdint.h>
#include "util/list.h"
#include "util/map.h"

#define RECENT_KEY_SIZE 96

/* Stands first in each record. */
struct recent_item {
    struct list link; /* in recent.by_use */
    uint32_t held;    /* set by the owner: not forgotten while above 0, even beyond `max` */
    char key[RECENT_KEY_SIZE];
};

struct recent {
    struct map items;
    struct list by_use; /* longest untouched first */
    size_t count, max, item_size;
};

/* At most `max` records (at least one) of `item_size` bytes. Free with recent_clear(). */
void recent_init(struct recent *recent, size_t max, size_t item_size);
void recent_clear(struct recent *recent);

void *recent_find(const struct recent *recent, const char *key); /* NULL when absent; does not count as a touch */
/* The record of `key`, zeroed except its item when it is new. It may replace another.
 * `key` fits into RECENT_KEY_SIZE. */
void *recent_touch(struct recent *recent, const char *key);
void recent_forget(struct recent *recent, void *record);

#endif
