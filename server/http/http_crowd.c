#include "http/http_crowd.h"

#include <pthread.h>
#include <stdatomic.h>

#include "http/http_address.h"
#include "util/ip.h"
#include "util/map.h"
#include "util/mem.h"

#define SITE_SHARE 2 /* an IPv6 site may have as many connections as this many addresses */

struct http_crowd {
    pthread_mutex_t lock;
    struct map open; /* address key or IPv6 site -> number of connections, as a pointer's value; under lock */
    int max;
    _Atomic int64_t refused;
};

struct http_crowd *http_crowd_new(int max)
{
    struct http_crowd *c = mem_new(sizeof *c);

    pthread_mutex_init(&c->lock, NULL);
    c->max = max;
    return c;
}

void http_crowd_free(struct http_crowd *c)
{
    if (!c)
        return;
    map_clear(&c->open);
    pthread_mutex_destroy(&c->lock);
    mem_free(c);
}

static intptr_t count(const struct http_crowd *c, const char *key)
{
    return (intptr_t)map_get(&c->open, key);
}

bool http_crowd_has_room(struct http_crowd *c, const char *address)
{
    char key[HTTP_ADDRESS_SIZE], site[IP_SITE_SIZE];
    bool has_site = ip_site(address, site), room;

    http_address_key(address, key);
    pthread_mutex_lock(&c->lock);
    room = count(c, key) < c->max && (!has_site || count(c, site) < SITE_SHARE * c->max);
    pthread_mutex_unlock(&c->lock);
    if (!room)
        atomic_fetch_add_explicit(&c->refused, 1, memory_order_relaxed);
    return room;
}

static void add(struct http_crowd *c, const char *key, int by)
{
    intptr_t now = count(c, key) + by;

    if (now > 0)
        map_put(&c->open, key, (void *)now);
    else
        map_remove(&c->open, key); /* so the table holds only addresses with open connections */
}

static void change(struct http_crowd *c, const char *address, int by)
{
    char key[HTTP_ADDRESS_SIZE], site[IP_SITE_SIZE];

    http_address_key(address, key);
    pthread_mutex_lock(&c->lock);
    add(c, key, by);
    if (ip_site(address, site))
        add(c, site, by);
    pthread_mutex_unlock(&c->lock);
}

void http_crowd_enter(struct http_crowd *c, const char *address)
{
    change(c, address, 1);
}

void http_crowd_leave(struct http_crowd *c, const char *address)
{
    change(c, address, -1);
}

int64_t http_crowd_refused(const struct http_crowd *c)
{
    return atomic_load_explicit(&c->refused, memory_order_relaxed);
}
