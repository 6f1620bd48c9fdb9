#include "util/crowd.h"

#include <pthread.h>
#include <stdatomic.h>

#include "util/ip.h"
#include "util/map.h"
#include "util/mem.h"

#define SITE_SHARE 2 /* an IPv6 site may have as many connections as this many addresses */

struct crowd {
    pthread_mutex_t lock;
    struct map open; /* address key or IPv6 site -> number of connections, as a pointer's value; under lock */
    int max;
    _Atomic int64_t refused;
};

struct crowd *crowd_new(int max)
{
    struct crowd *crowd = mem_new(sizeof *crowd);

    pthread_mutex_init(&crowd->lock, NULL);
    crowd->max = max;
    return crowd;
}

void crowd_free(struct crowd *crowd)
{
    if (!crowd)
        return;
    map_clear(&crowd->open);
    pthread_mutex_destroy(&crowd->lock);
    mem_free(crowd);
}

static intptr_t count(const struct crowd *crowd, const char *key)
{
    return (intptr_t)map_get(&crowd->open, key);
}

bool crowd_has_room(struct crowd *crowd, const char *address)
{
    char key[IP_SITE_SIZE], site[IP_SITE_SIZE];
    bool has_site = ip_site(address, site), room;

    ip_home(address, key);
    pthread_mutex_lock(&crowd->lock);
    room = count(crowd, key) < crowd->max && (!has_site || count(crowd, site) < SITE_SHARE * crowd->max);
    pthread_mutex_unlock(&crowd->lock);
    if (!room)
        atomic_fetch_add_explicit(&crowd->refused, 1, memory_order_relaxed);
    return room;
}

static void add(struct crowd *crowd, const char *key, int by)
{
    intptr_t now = count(crowd, key) + by;

    if (now > 0)
        map_put(&crowd->open, key, (void *)now);
    else
        map_remove(&crowd->open, key); /* so the table holds only addresses with open connections */
}

static void change(struct crowd *crowd, const char *address, int by)
{
    char key[IP_SITE_SIZE], site[IP_SITE_SIZE];

    ip_home(address, key);
    pthread_mutex_lock(&crowd->lock);
    add(crowd, key, by);
    if (ip_site(address, site))
        add(crowd, site, by);
    pthread_mutex_unlock(&crowd->lock);
}

void crowd_enter(struct crowd *crowd, const char *address)
{
    change(crowd, address, 1);
}

void crowd_leave(struct crowd *crowd, const char *address)
{
    change(crowd, address, -1);
}

int64_t crowd_refused(const struct crowd *crowd)
{
    return atomic_load_explicit(&crowd->refused, memory_order_relaxed);
}
