#include "util/recent.h"

#include "util/mem.h"
#include "util/str.h"

void recent_init(struct recent *r, size_t max, size_t item_size)
{
    *r = (struct recent){ .max = max > 0 ? max : 1, .item_size = item_size };
    list_init(&r->by_use);
}

void recent_forget(struct recent *r, void *record)
{
    struct recent_item *item = record;

    map_remove(&r->items, item->key);
    list_remove(&item->link);
    mem_free(item);
    r->count--;
}

void recent_clear(struct recent *r)
{
    while (!list_empty(&r->by_use))
        recent_forget(r, list_entry(r->by_use.next, struct recent_item, link));
    map_clear(&r->items);
}

void *recent_find(const struct recent *r, const char *key)
{
    return map_get(&r->items, key);
}

static void make_room(struct recent *r)
{
    struct list *it, *tmp;

    list_each(it, tmp, &r->by_use)
    {
        struct recent_item *item = list_entry(it, struct recent_item, link);

        if (r->count < r->max)
            return;
        if (item->held == 0)
            recent_forget(r, item);
    }
}

static struct recent_item *add(struct recent *r, const char *key)
{
    struct recent_item *item;

    make_room(r);
    item = mem_new(r->item_size);
    str_copy(item->key, sizeof item->key, key);
    map_put(&r->items, item->key, item);
    r->count++;
    return item;
}

void *recent_touch(struct recent *r, const char *key)
{
    struct recent_item *item = map_get(&r->items, key);

    if (!item)
        item = add(r, key);
    list_remove(&item->link);
    list_add_tail(&r->by_use, &item->link);
    return item;
}
