#include "live/presence.h"

#include <string.h>

#include "live/coalesce.h"

#define SEEN_GRACE_MS 30000 /* a seat is also kept this long after it was last seen */
/* Longer than almost every visit, and than any call goes on without a server. After it the report of one page, which nobody else can
 * check, keeps nobody in the room. */
#define SEEN_MAX_MS (60 * 60000)

void presence_lost(struct seat_session *seat)
{
    struct live_room *live = seat->room;
    struct room_events ev = { 0 };

    if (seat->client)
        seat->pace = seat->client->pace;
    seat->client = NULL;
    seat_session_keep_for_later(seat);
    room_lost(&live->room, seat->member, live_shard_now_ms(live->shard), &ev);
    coalesce_tell(live, &ev);
}

static bool same_status(const struct seat_status *a, const struct seat_status *b)
{
    return a->known == b->known && a->set == b->set && a->ready == b->ready && strcmp(a->quality, b->quality) == 0 &&
           strcmp(a->path, b->path) == 0 && strcmp(a->check, b->check) == 0;
}

void presence_status_changed(struct seat_session *seat, const struct seat_status *before)
{
    struct room_events ev = { 0 };

    if (same_status(&seat->status, before))
        return;
    room_changed(&seat->room->room, seat->member, &ev);
    coalesce_tell(seat->room, &ev);
}

bool presence_seen(struct seat_session *by, struct seat_session *to, bool seen)
{
    const struct room_member *a = by->member, *b = to->member;
    int64_t *free_place = NULL;

    if (a == b || b->seat.state != SEAT_AWAY || (a->seat.role != SEAT_HOST && b->seat.role != SEAT_HOST))
        return false;
    for (int i = 0; i < SEEN_BY_MAX; i++) {
        if (to->seen_by[i] == a->order)
            to->seen_by[i] = 0;
        if (to->seen_by[i] == 0)
            free_place = &to->seen_by[i];
    }
    if (seen && free_place)
        *free_place = a->order;
    return true;
}

void presence_signed_out(struct live_room *live, const char *session_id)
{
    for (size_t i = 0; i < live->room.count; i++)
        if (strcmp(live->room.members[i]->seat.session_id, session_id) == 0)
            seat_session_of(live->room.members[i])->signed_out = true;
}

/* Or was a moment ago: a broken path may recover by itself. A reload gives a new order, and voids the reports of the earlier page. */
bool presence_is_seen(const struct live_room *live, struct seat_session *seat, int64_t now_ms, int64_t mono_ms)
{
    if (seat->signed_out || now_ms - seat->member->seat.away_ms >= SEEN_MAX_MS)
        return false;
    for (size_t i = 0; i < live->room.count; i++) {
        const struct room_member *by = live->room.members[i];

        for (int k = 0; k < SEEN_BY_MAX; k++)
            if (seat->seen_by[k] == by->order && by->seat.state == SEAT_INSIDE && seat_session_of(by)->client)
                seat->seen_ms = mono_ms;
    }
    return seat->seen_ms > 0 && mono_ms - seat->seen_ms < SEEN_GRACE_MS;
}
