/* map.h - text keys to pointers, open addressing. Owns copies of the keys, borrows the values. One thread at a time. */
#ifndef UTIL_MAP_H
#define UTIL_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct map_slot;
/* `struct map m = { 0 };` is ready. */
struct map {
    struct map_slot *slots;
    size_t cap;  /* slots, a power of two or 0 */
    size_t used; /* live entries */
    size_t dead; /* removed entries that still hold a place */
};

void *map_get(const struct map *map, const char *key); /* NULL when absent */
/* Sets the value and returns the earlier one, or NULL. `value` is not NULL. */
void *map_put(struct map *map, const char *key, void *value);
void *map_remove(struct map *map, const char *key); /* the removed value, or NULL */
/* Walk: start with *at = 0; false at the end. Removing the current entry is allowed, adding is not. */
bool map_next(const struct map *map, size_t *at, const char **key, void **value);
void map_clear(struct map *map);

#endif
