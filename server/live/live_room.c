#include "live/live_room.h"

#include <string.h>

#include "live/quality.h"
#include "live/room_work.h"
#include "util/mem.h"
#include "util/str.h"

static bool is_unused(const struct live_room *live)
{
    return live->room.count == 0 && !live->running && list_empty(&live->asked);
}

static bool is_given_up(const struct live_room *live)
{
    return list_linked(&live->retired.here) && is_unused(live);
}

struct live_room *live_room_find(struct live_shard *shard, const char *room_id)
{
    struct live_room *live = map_get(&shard->rooms, room_id);

    return live && !is_given_up(live) ? live : NULL;
}

/* It was given up in this turn: clears everything that it held. */
static void begin_anew(struct live_room *live, const char *room_id)
{
    list_remove(&live->retired.here);
    room_clear(&live->room);
    room_init(&live->room, room_id);
    live->waiting = (struct coalesce_budget){ 0 };
    live->positions_ms = 0;
    live->visit_ms = 0;
    live->deleted = false;
}

struct live_room *live_room_open(struct live_shard *shard, const char *room_id)
{
    struct live_room *live = map_get(&shard->rooms, room_id);

    if (live && is_given_up(live))
        begin_anew(live, room_id);
    if (live)
        return live;
    live = mem_new(sizeof *live);
    live->shard = shard;
    list_init(&live->asked);
    room_init(&live->room, room_id);
    (void)map_put(&shard->rooms, room_id, live);
    atomic_fetch_add(&shard->counters->rooms, 1);
    return live;
}

void live_room_free(struct live_room *live)
{
    struct list *it, *tmp;

    list_each(it, tmp, &live->asked)
    {
        list_remove(it);
        room_work_free(list_entry(it, struct room_work, here));
    }
    list_remove(&live->retired.here);
    for (size_t i = 0; i < live->room.count; i++)
        seat_session_free(seat_session_of(live->room.members[i]));
    atomic_fetch_sub(&live->shard->counters->rooms, 1);
    (void)map_remove(&live->shard->rooms, live->room.view.id);
    room_clear(&live->room);
    mem_free(live);
}

static void free_unused(struct retired *retired)
{
    struct live_room *live = list_entry(retired, struct live_room, retired);

    if (is_unused(live))
        live_room_free(live);
}

void live_room_release(struct live_room *live)
{
    if (is_unused(live))
        live_shard_retire(live->shard, &live->retired, free_unused);
}

static void ensure_session(struct live_room *live, struct room_member *member)
{
    if (!seat_session_of(member))
        (void)seat_session_new(live->shard, live, member);
}

/* The gauges of people inside and waiting; called around everything that moves people. */
static void count_people(struct live_room *live, int by)
{
    int inside = room_inside(&live->room);

    atomic_fetch_add(&live->shard->counters->seats_inside, by * inside);
    atomic_fetch_add(&live->shard->counters->seats_waiting, by * ((int)live->room.count - inside));
}

/* Everyone inside is in the visit. */
static void take_part(struct live_room *live)
{
    for (size_t i = 0; i < live->room.count; i++)
        if (seat_is_inside(live->room.members[i]->seat.state))
            quality_take_part(seat_session_of(live->room.members[i]), live->visit_ms);
}

/* Somebody has come in. A visit goes on as long as one of its guests stays; with other guests it is another one, also for a host who
 * was inside all the time. */
static void note_visit(struct live_room *live, int inside_before)
{
    bool came = false, goes_on = false;

    for (size_t i = 0; i < live->room.count; i++) {
        const struct room_member *m = live->room.members[i];

        if (seat_is_inside(m->seat.state) && !seat_is_inside(m->before))
            came = true;
        else if (seat_is_inside(m->seat.state) && m->seat.role == SEAT_GUEST)
            goes_on = inside_before > 1;
    }
    if (!came || room_inside(&live->room) < 2)
        return;
    if (!goes_on)
        live->visit_ms = room_together_ms(&live->room);
    take_part(live);
}

void live_room_restore(struct live_room *live, const struct seat *seat, int64_t now_ms)
{
    count_people(live, -1);
    ensure_session(live, room_restore(&live->room, seat, now_ms));
    count_people(live, 1);
    live->visit_ms = room_together_ms(&live->room);
    take_part(live);
}

void live_room_apply(struct live_room *live, const struct room_decision *d, struct room_events *ev)
{
    int inside_before = room_inside(&live->room);

    count_people(live, -1);
    room_apply(&live->room, d, ev);
    count_people(live, 1);
    for (size_t i = 0; i < live->room.count; i++)
        ensure_session(live, live->room.members[i]);
    note_visit(live, inside_before);
}

bool live_room_was_host(const struct live_room *live, const struct seat *s)
{
    return s->role == SEAT_HOST && live->room.view.revision > 0 &&
           room_view_part(&live->room.view, s->user_id) == PART_NONE;
}

bool live_room_is_host(const struct seat_session *seat)
{
    const struct seat *s = &seat->member->seat;

    return s->role == SEAT_HOST && !live_room_was_host(seat->room, s);
}

permission_set live_room_may(const struct seat_session *seat)
{
    return permission_of_seat(live_room_is_host(seat), seat_is_inside(seat->member->seat.state));
}

bool live_room_is_locked(const struct live_room *live, bool locked)
{
    return live->room.view.locked == locked && live->room.view.revision > 0 && !live->running && live->asked_count == 0;
}
