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
static void note_present(struct live_room *live, const struct room_member *member, int64_t mono_ms)
{
    struct seat_session *seat = seat_session_of(member);

    if (member->seat.role != SEAT_HOST || !seat->client || !member->seat.session_id[0] ||
        mono_ms - seat->used_ms < PRESENT_EVERY_MS)
        return;
    if (signin_look(live->shard, member->seat.session_id, true))
        seat->used_ms = mono_ms;
}

static void tick_member(struct live_room *live, struct room_member *member, int64_t mono_ms)
{
    struct seat_session *seat = seat_session_of(member);
    size_t bytes = seat->queue.bytes;

    note_present(live, member, mono_ms);
    if (seat->queue.count == 0 || !seat->client || mono_ms - seat->added_ms < RING_IDLE_MS)
        return;
    resume_forget(&seat->queue, 0, 0);
    live->shard->ring_bytes += seat->queue.bytes - bytes;
}

static void tell_positions(struct live_room *live, int64_t mono_ms)
{
    struct room_events ev = { 0 };

    if (!live->room.positions_due || mono_ms - live->positions_ms < POSITIONS_EVERY_MS)
        return;
    live->positions_ms = mono_ms;
    room_positions(&live->room, &ev);
    coalesce_tell(live, &ev);
}

void room_time_tick(struct live_room *live, int64_t now_ms, int64_t mono_ms)
{
    const struct room_member *late = NULL;

    tell_positions(live, mono_ms);
    for (size_t i = 0; i < live->room.count; i++) {
        tick_member(live, live->room.members[i], mono_ms);
        if (!late && now_ms >= room_away_deadline_ms(live->room.members[i]) &&
            !presence_is_seen(live, seat_session_of(live->room.members[i]), now_ms, mono_ms))
            late = live->room.members[i];
    }
    if (live->running || !list_empty(&live->asked))
        return;
    if (late) /* one at a time; the next tick sees the others */
        room_queue_ask(live, work_by_system(live, ROOM_TIMEOUT, late->seat.id));
    else if (room_host_gone(&live->room, now_ms))
        room_queue_ask(live, work_by_system(live, ROOM_HOST_GONE, ""));
}
