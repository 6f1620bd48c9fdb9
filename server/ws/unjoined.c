#include "ws/unjoined.h"

#include <pthread.h>
#include <string.h>

#include "util/ip.h"
#include "util/map.h"
#include "util/mem.h"
#include "util/str.h"

#define SITE_SHARE 4 /* an IPv6 site may have as many as this many addresses */

/* Everything below is under the lock. */
struct origin {
    int count;
    char key[IP_SITE_SIZE];
};
struct slot {
    int64_t id; /* rises; 0 free */
    int shard;
    struct origin *address, *home, *area;
};
struct unjoined {
    pthread_mutex_t lock;
    struct map origins; /* "=address", "home", "area" → struct origin; of the sockets counted */
    struct slot *slots;
    int max, max_per_address;
    int64_t next_id;
};

struct unjoined *unjoined_new(int max, int max_per_address)
{
    struct unjoined *u = mem_new(sizeof *u);

    pthread_mutex_init(&u->lock, NULL);
    u->slots = mem_new_array((size_t)max, sizeof *u->slots);
    u->max = max;
    u->max_per_address = max_per_address;
    return u;
}

static void leave_origin(struct unjoined *u, struct origin *o)
{
    if (--o->count > 0)
        return;
    (void)map_remove(&u->origins, o->key);
    mem_free(o);
}

static void empty(struct unjoined *u, struct slot *s)
{
    leave_origin(u, s->address);
    leave_origin(u, s->home);
    leave_origin(u, s->area);
    *s = (struct slot){ 0 };
}

void unjoined_free(struct unjoined *u)
{
    if (!u)
        return;
    for (int i = 0; i < u->max; i++)
        if (u->slots[i].id)
            empty(u, &u->slots[i]);
    map_clear(&u->origins);
    pthread_mutex_destroy(&u->lock);
    mem_free(u->slots);
    mem_free(u);
}

/* ---- giving way ------- */

static bool gives_way_before(const struct slot *a, const struct slot *b)
{
    if (a->area->count != b->area->count)
        return a->area->count > b->area->count;
    if (a->home->count != b->home->count)
        return a->home->count > b->home->count;
    return a->id < b->id;
}

static struct slot *free_slot(struct unjoined *u, struct unjoined_one *victim)
{
    struct slot *last = &u->slots[0];

    for (int i = 0; i < u->max; i++) {
        if (!u->slots[i].id)
            return &u->slots[i];
        if (gives_way_before(&u->slots[i], last))
            last = &u->slots[i];
    }
    *victim = (struct unjoined_one){ last->id, last->shard };
    empty(u, last);
    return last;
}

/* ---- coming and going ---- */

/* A kind's mark keeps an address apart from a home of the same name. */
static void key_of(char key[IP_SITE_SIZE], char kind, const char *text)
{
    key[0] = kind;
    (void)str_copy(key + 1, IP_SITE_SIZE - 1, text);
}

static struct origin *enter_origin(struct unjoined *u, char kind, const char *text)
{
    char key[IP_SITE_SIZE];
    struct origin *o;

    key_of(key, kind, text);
    o = map_get(&u->origins, key);
    if (!o) {
        o = mem_new(sizeof *o);
        memcpy(o->key, key, sizeof key);
        (void)map_put(&u->origins, key, o);
    }
    o->count++;
    return o;
}

static int count_of(const struct unjoined *u, char kind, const char *text)
{
    char key[IP_SITE_SIZE];
    const struct origin *o;

    key_of(key, kind, text);
    o = map_get(&u->origins, key);
    return o ? o->count : 0;
}

bool unjoined_enter(struct unjoined *u, const char *address, int shard, int64_t *id, struct unjoined_one *victim)
{
    char home[IP_SITE_SIZE], area[IP_SITE_SIZE], site[IP_SITE_SIZE];
    bool has_site = ip_site(address, site), allowed;

    *victim = (struct unjoined_one){ 0 };
    ip_home(address, home);
    ip_area(address, area);
    pthread_mutex_lock(&u->lock);
    allowed = count_of(u, '=', address) < u->max_per_address &&
              (!has_site || count_of(u, '/', area) < SITE_SHARE * u->max_per_address);
    if (allowed) {
        struct slot *s = free_slot(u, victim);

        *s = (struct slot){ .id = *id = ++u->next_id, .shard = shard };
        s->address = enter_origin(u, '=', address);
        s->home = enter_origin(u, '-', home);
        s->area = enter_origin(u, '/', area);
    }
    pthread_mutex_unlock(&u->lock);
    return allowed;
}

bool unjoined_leave(struct unjoined *u, int64_t id)
{
    bool found = false;

    pthread_mutex_lock(&u->lock);
    for (int i = 0; i < u->max && !found; i++) {
        found = u->slots[i].id == id;
        if (found)
            empty(u, &u->slots[i]);
    }
    pthread_mutex_unlock(&u->lock);
    return found;
}
