#include "live/room_time.h"

#include "live/coalesce.h"
#include "live/presence.h"
#include "live/room_queue.h"
#include "live/signin.h"
#include "live/work_decide.h"

#define RING_IDLE_MS 60000           /* written this long ago to a live connection: it has been read */
#define PRESENT_EVERY_MS (4 * 60000) /* how often a host's presence is noted: less than any idle limit */
#define POSITIONS_EVERY_MS 1000      /* delay of queue places that moved because a person went away or came back */

/* A host in a call sends little for hours, but is present. */
static void note_present(struct live_room *p, const struct room_member *m, int64_t mono_ms)
{
    struct seat_session *l = seat_session_of(m);

    if (m->seat.role != SEAT_HOST || !l->client || !m->seat.session_id[0] || mono_ms - l->used_ms < PRESENT_EVERY_MS)
        return;
    if (signin_look(p->shard, m->seat.session_id, true))
        l->used_ms = mono_ms;
}

static void tick_member(struct live_room *p, struct room_member *m, int64_t mono_ms)
{
    struct seat_session *l = seat_session_of(m);
    size_t bytes = l->queue.bytes;

    note_present(p, m, mono_ms);
    if (l->queue.count == 0 || !l->client || mono_ms - l->added_ms < RING_IDLE_MS)
        return;
    resume_forget(&l->queue, 0, 0);
    p->shard->ring_bytes += l->queue.bytes - bytes;
}

static void tell_positions(struct live_room *p, int64_t mono_ms)
{
    struct room_events ev = { 0 };

    if (!p->room.positions_due || mono_ms - p->positions_ms < POSITIONS_EVERY_MS)
        return;
    p->positions_ms = mono_ms;
    room_positions(&p->room, &ev);
    coalesce_tell(p, &ev);
}

void room_time_tick(struct live_room *p, int64_t now_ms, int64_t mono_ms)
{
    const struct room_member *late = NULL;

    tell_positions(p, mono_ms);
    for (size_t i = 0; i < p->room.count; i++) {
        tick_member(p, p->room.members[i], mono_ms);
        if (!late && now_ms >= room_away_deadline_ms(p->room.members[i]) &&
            !presence_is_seen(p, seat_session_of(p->room.members[i]), mono_ms))
            late = p->room.members[i];
    }
    if (p->running || !list_empty(&p->asked))
        return;
    if (late) /* one at a time; the next tick sees the others */
        room_queue_ask(p, work_by_system(p, ROOM_TIMEOUT, late->seat.id));
    else if (room_host_gone(&p->room, now_ms))
        room_queue_ask(p, work_by_system(p, ROOM_HOST_GONE, ""));
}
