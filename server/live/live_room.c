#include "live/live_room.h"

#include <string.h>

#include "live/room_work.h"
#include "util/mem.h"
#include "util/str.h"

static bool is_unused(const struct place *p)
{
    return p->room.count == 0 && !p->running && list_empty(&p->asked);
}

static bool is_given_up(const struct place *p)
{
    return list_linked(&p->unused) && is_unused(p);
}

struct place *place_find(struct floor *f, const char *room_id)
{
    struct place *p = map_get(&f->places, room_id);

    return p && !is_given_up(p) ? p : NULL;
}

/* It was given up in this turn: nothing of what it was is left. */
static void begin_anew(struct place *p, const char *room_id)
{
    list_remove(&p->unused);
    room_clear(&p->room);
    room_init(&p->room, room_id);
    p->waiting = (struct news_budget){ 0 };
    p->positions_ms = 0;
    p->deleted = false;
}

struct place *place_open(struct floor *f, const char *room_id)
{
    struct place *p = map_get(&f->places, room_id);

    if (p && is_given_up(p))
        begin_anew(p, room_id);
    if (p)
        return p;
    p = mem_new(sizeof *p);
    p->floor = f;
    list_init(&p->asked);
    room_init(&p->room, room_id);
    (void)map_put(&f->places, room_id, p);
    atomic_fetch_add(&f->counters->rooms, 1);
    return p;
}

void place_free(struct place *p)
{
    struct list *it, *tmp;

    list_each(it, tmp, &p->asked)
    {
        list_remove(it);
        work_free(list_entry(it, struct work, here));
    }
    list_remove(&p->unused);
    for (size_t i = 0; i < p->room.count; i++)
        session_free(link_of(p->room.members[i]));
    atomic_fetch_sub(&p->floor->counters->rooms, 1);
    (void)map_remove(&p->floor->places, p->room.view.id);
    room_clear(&p->room);
    mem_free(p);
}

void place_release(struct place *p)
{
    if (is_unused(p) && !list_linked(&p->unused))
        list_add_tail(&p->floor->unused, &p->unused);
}

void place_sweep(struct floor *f)
{
    struct list *it, *tmp;

    list_each(it, tmp, &f->unused)
    {
        struct place *p = list_entry(it, struct place, unused);

        list_remove(it);
        if (is_unused(p))
            place_free(p);
    }
}

static void ensure_session(struct place *p, struct room_member *m)
{
    if (!link_of(m))
        (void)session_new(p->floor, p, m);
}

/* The gauges of who is where; called around whatever moves people. */
static void count_people(struct place *p, int by)
{
    int inside = room_inside(&p->room);

    atomic_fetch_add(&p->floor->counters->seats_inside, by * inside);
    atomic_fetch_add(&p->floor->counters->seats_waiting, by * ((int)p->room.count - inside));
}

void place_restore(struct place *p, const struct seat *seat, int64_t now_ms)
{
    count_people(p, -1);
    ensure_session(p, room_restore(&p->room, seat, now_ms));
    count_people(p, 1);
}

void place_apply(struct place *p, const struct room_decision *d, struct room_events *ev)
{
    count_people(p, -1);
    room_apply(&p->room, d, ev);
    count_people(p, 1);
    for (size_t i = 0; i < p->room.count; i++)
        ensure_session(p, p->room.members[i]);
}

bool place_was_host(const struct place *p, const struct seat *s)
{
    return s->role == SEAT_HOST && p->room.view.revision > 0 && !room_view_is_host(&p->room.view, s->user_id);
}

bool place_is_host(const struct seat_link *l)
{
    const struct seat *s = &l->member->seat;

    return s->role == SEAT_HOST && !place_was_host(l->place, s);
}

bool place_is_locked(const struct place *p, bool locked)
{
    return p->room.view.locked == locked && p->room.view.revision > 0 && !p->running && p->asked_count == 0;
}
