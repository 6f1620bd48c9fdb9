#include "util/map.h"

#include <string.h>

#include "util/mem.h"
#include "util/str.h"

struct map_slot {
    char *key;   /* NULL: never used; DEAD: removed */
    void *value; /* NULL when dead */
};

static char DEAD[] = "";

static struct map_slot *find(const struct map *map, const char *key)
{
    size_t mask = map->cap - 1, i = (size_t)str_hash(key, strlen(key)) & mask;

    if (map->cap == 0)
        return NULL;
    for (; map->slots[i].key; i = (i + 1) & mask)
        if (map->slots[i].key != DEAD && strcmp(map->slots[i].key, key) == 0)
            return &map->slots[i];
    return NULL;
}

static struct map_slot *free_slot(struct map *map, const char *key)
{
    size_t mask = map->cap - 1, i = (size_t)str_hash(key, strlen(key)) & mask;

    while (map->slots[i].key)
        i = (i + 1) & mask;
    return &map->slots[i];
}

/* Rebuilt with room for twice the live entries; dead places are dropped on the way. */
static void rebuild(struct map *map)
{
    struct map old = *map;

    map->cap = 16;
    while (map->cap < old.used * 4)
        map->cap *= 2;
    map->slots = mem_new_array(map->cap, sizeof *map->slots);
    map->dead = 0;
    for (size_t i = 0; i < old.cap; i++)
        if (old.slots[i].key && old.slots[i].key != DEAD)
            *free_slot(map, old.slots[i].key) = old.slots[i];
    mem_free(old.slots);
}

void *map_get(const struct map *map, const char *key)
{
    const struct map_slot *slot = find(map, key);

    return slot ? slot->value : NULL;
}

void *map_put(struct map *map, const char *key, void *value)
{
    struct map_slot *slot = find(map, key);
    void *before = NULL;

    if (slot) {
        before = slot->value;
        slot->value = value;
        return before;
    }
    if ((map->used + map->dead + 1) * 4 > map->cap * 3)
        rebuild(map);
    slot = free_slot(map, key);
    slot->key = mem_copy_text(key);
    slot->value = value;
    map->used++;
    return NULL;
}

void *map_remove(struct map *map, const char *key)
{
    struct map_slot *slot = find(map, key);
    void *value;

    if (!slot)
        return NULL;
    value = slot->value;
    mem_free(slot->key);
    slot->key = DEAD;
    slot->value = NULL;
    map->used--;
    map->dead++;
    return value;
}

bool map_next(const struct map *map, size_t *at, const char **key, void **value)
{
    for (; *at < map->cap; ++*at) {
        const struct map_slot *slot = &map->slots[*at];

        if (!slot->key || slot->key == DEAD)
            continue;
        if (key)
            *key = slot->key;
        *value = slot->value;
        ++*at;
        return true;
    }
    return false;
}

void map_clear(struct map *map)
{
    for (size_t i = 0; i < map->cap; i++)
        if (map->slots[i].key != DEAD)
            mem_free(map->slots[i].key);
    mem_free(map->slots);
    *map = (struct map){ 0 };
}
