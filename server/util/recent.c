#include "util/recent.h"

#include "util/mem.h"
#include "util/str.h"

void recent_init(struct recent *recent, size_t max, size_t item_size)
{
    *recent = (struct recent){ .max = max > 0 ? max : 1, .item_size = item_size };
    list_init(&recent->by_use);
}

void recent_forget(struct recent *recent, void *record)
{
    struct recent_item *item = record;

    map_remove(&recent->items, item->key);
    list_remove(&item->link);
    mem_free(item);
    recent->count--;
}

void recent_clear(struct recent *recent)
{
    while (!list_empty(&recent->by_use))
        recent_forget(recent, list_entry(recent->by_use.next, struct recent_item, link));
    map_clear(&recent->items);
}

void *recent_find(const struct recent *recent, const char *key)
{
    return map_get(&recent->items, key);
}

static void make_room(struct recent *recent)
{
    struct list *it, *tmp;

    list_each(it, tmp, &recent->by_use)
    {
        struct recent_item *item = list_entry(it, struct recent_item, link);

        if (recent->count < recent->max)
            return;
        if (item->held == 0)
            recent_forget(recent, item);
    }
}

static struct recent_item *add(struct recent *recent, const char *key)
{
    struct recent_item *item;

    make_room(recent);
    item = mem_new(recent->item_size);
    str_copy(item->key, sizeof item->key, key);
    map_put(&recent->items, item->key, item);
    recent->count++;
    return item;
}

void *recent_touch(struct recent *recent, const char *key)
{
    struct recent_item *item = map_get(&recent->items, key);

    if (!item)
        item = add(recent, key);
    list_remove(&item->link);
    list_add_tail(&recent->by_use, &item->link);
    return item;
}
