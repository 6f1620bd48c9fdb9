#include "util/map.h"

#include <string.h>

#include "util/mem.h"
#include "util/str.h"

struct map_slot {
    char *key;   /* NULL: never used; DEAD: removed */
    void *value; /* NULL when dead */
};

static char DEAD[] = "";

static struct map_slot *find(const struct map *m, const char *key)
{
    size_t mask = m->cap - 1, i = (size_t)str_hash(key, strlen(key)) & mask;

    if (m->cap == 0)
        return NULL;
    for (; m->slots[i].key; i = (i + 1) & mask)
        if (m->slots[i].key != DEAD && strcmp(m->slots[i].key, key) == 0)
            return &m->slots[i];
    return NULL;
}

static struct map_slot *free_slot(struct map *m, const char *key)
{
    size_t mask = m->cap - 1, i = (size_t)str_hash(key, strlen(key)) & mask;

    while (m->slots[i].key)
        i = (i + 1) & mask;
    return &m->slots[i];
}

/* Rebuilt with room for twice the live entries; dead places are dropped on the way. */
static void rebuild(struct map *m)
{
    struct map old = *m;

    m->cap = 16;
    while (m->cap < old.used * 4)
        m->cap *= 2;
    m->slots = mem_new_array(m->cap, sizeof *m->slots);
    m->dead = 0;
    for (size_t i = 0; i < old.cap; i++)
        if (old.slots[i].key && old.slots[i].key != DEAD)
            *free_slot(m, old.slots[i].key) = old.slots[i];
    mem_free(old.slots);
}

void *map_get(const struct map *m, const char *key)
{
    const struct map_slot *s = find(m, key);

    return s ? s->value : NULL;
}

void *map_put(struct map *m, const char *key, void *value)
{
    struct map_slot *s = find(m, key);
    void *before = NULL;

    if (s) {
        before = s->value;
        s->value = value;
        return before;
    }
    if ((m->used + m->dead + 1) * 4 > m->cap * 3)
        rebuild(m);
    s = free_slot(m, key);
    s->key = mem_copy_text(key);
    s->value = value;
    m->used++;
    return NULL;
}

void *map_remove(struct map *m, const char *key)
{
    struct map_slot *s = find(m, key);
    void *value;

    if (!s)
        return NULL;
    value = s->value;
    mem_free(s->key);
    s->key = DEAD;
    s->value = NULL;
    m->used--;
    m->dead++;
    return value;
}

bool map_next(const struct map *m, size_t *at, const char **key, void **value)
{
    for (; *at < m->cap; ++*at) {
        const struct map_slot *s = &m->slots[*at];

        if (!s->key || s->key == DEAD)
            continue;
        if (key)
            *key = s->key;
        *value = s->value;
        ++*at;
        return true;
    }
    return false;
}

void map_clear(struct map *m)
{
    for (size_t i = 0; i < m->cap; i++)
        if (m->slots[i].key != DEAD)
            mem_free(m->slots[i].key);
    mem_free(m->slots);
    *m = (struct map){ 0 };
}
