/* list.h - doubly linked list whose links live inside the elements. No allocation, no thread of its own. */
#ifndef UTIL_LIST_H
#define UTIL_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* A head and a link look alike. A head made with list_init() is empty; a zeroed link is not in a list. */
struct list {
    struct list *next, *prev;
};

static inline void list_init(struct list *head)
{
    head->next = head->prev = head;
}
static inline bool list_empty(const struct list *head)
{
    return head->next == head;
}
static inline bool list_linked(const struct list *link)
{
    return link->next != NULL;
}
static inline void list_add_tail(struct list *head, struct list *link)
{
    link->prev = head->prev;
    link->next = head;
    head->prev->next = link;
    head->prev = link;
}
/* Removes the link; harmless when it is in no list. */
static inline void list_remove(struct list *link)
{
    if (!link->next)
        return;
    link->prev->next = link->next;
    link->next->prev = link->prev;
    link->next = link->prev = NULL;
}

/* The element that holds `link` as `member`. */
#define list_entry(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))
/* Walks; the current element may be removed inside. `it` and `tmp` are struct list pointers. */
#define list_each(it, tmp, head) for ((it) = (head)->next; (it) != (head) && ((tmp) = (it)->next, 1); (it) = (tmp))

#endif
