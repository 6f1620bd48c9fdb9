#include "live/live_room.h"

#include <string.h>

#include "live/room_work.h"
#include "util/mem.h"
#include "util/str.h"

static bool is_unused(const struct live_room *p)
{
    return p->room.count == 0 && !p->running && list_empty(&p->asked);
}

static bool is_given_up(const struct live_room *p)
{
    return list_linked(&p->unused) && is_unused(p);
}

struct live_room *live_room_find(struct live_shard *f, const char *room_id)
{
    struct live_room *p = map_get(&f->rooms, room_id);

    return p && !is_given_up(p) ? p : NULL;
}

/* It was given up in this turn: clears everything that it held. */
static void begin_anew(struct live_room *p, const char *room_id)
{
    list_remove(&p->unused);
    room_clear(&p->room);
    room_init(&p->room, room_id);
    p->waiting = (struct coalesce_budget){ 0 };
    p->positions_ms = 0;
    p->deleted = false;
}

struct live_room *live_room_open(struct live_shard *f, const char *room_id)
{
    struct live_room *p = map_get(&f->rooms, room_id);

    if (p && is_given_up(p))
        begin_anew(p, room_id);
    if (p)
        return p;
    p = mem_new(sizeof *p);
    p->shard = f;
    list_init(&p->asked);
    room_init(&p->room, room_id);
    (void)map_put(&f->rooms, room_id, p);
    atomic_fetch_add(&f->counters->rooms, 1);
    return p;
}

void live_room_free(struct live_room *p)
{
    struct list *it, *tmp;

    list_each(it, tmp, &p->asked)
    {
        list_remove(it);
        room_work_free(list_entry(it, struct room_work, here));
    }
    list_remove(&p->unused);
    for (size_t i = 0; i < p->room.count; i++)
        seat_session_free(seat_session_of(p->room.members[i]));
    atomic_fetch_sub(&p->shard->counters->rooms, 1);
    (void)map_remove(&p->shard->rooms, p->room.view.id);
    room_clear(&p->room);
    mem_free(p);
}

void live_room_release(struct live_room *p)
{
    if (is_unused(p) && !list_linked(&p->unused))
        list_add_tail(&p->shard->unused, &p->unused);
}

void live_room_sweep(struct live_shard *f)
{
    struct list *it, *tmp;

    list_each(it, tmp, &f->unused)
    {
        struct live_room *p = list_entry(it, struct live_room, unused);

        list_remove(it);
        if (is_unused(p))
            live_room_free(p);
    }
}

static void ensure_session(struct live_room *p, struct room_member *m)
{
    if (!seat_session_of(m))
        (void)seat_session_new(p->shard, p, m);
}

/* The gauges of people inside and waiting; called around everything that moves people. */
static void count_people(struct live_room *p, int by)
{
    int inside = room_inside(&p->room);

    atomic_fetch_add(&p->shard->counters->seats_inside, by * inside);
    atomic_fetch_add(&p->shard->counters->seats_waiting, by * ((int)p->room.count - inside));
}

void live_room_restore(struct live_room *p, const struct seat *seat, int64_t now_ms)
{
    count_people(p, -1);
    ensure_session(p, room_restore(&p->room, seat, now_ms));
    count_people(p, 1);
}

void live_room_apply(struct live_room *p, const struct room_decision *d, struct room_events *ev)
{
    count_people(p, -1);
    room_apply(&p->room, d, ev);
    count_people(p, 1);
    for (size_t i = 0; i < p->room.count; i++)
        ensure_session(p, p->room.members[i]);
}

bool live_room_was_host(const struct live_room *p, const struct seat *s)
{
    return s->role == SEAT_HOST && p->room.view.revision > 0 && !room_view_is_host(&p->room.view, s->user_id);
}

bool live_room_is_host(const struct seat_session *l)
{
    const struct seat *s = &l->member->seat;

    return s->role == SEAT_HOST && !live_room_was_host(l->room, s);
}

bool live_room_is_locked(const struct live_room *p, bool locked)
{
    return p->room.view.locked == locked && p->room.view.revision > 0 && !p->running && p->asked_count == 0;
}
