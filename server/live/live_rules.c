#include "live/live_rules.h"

#include <string.h>

#include "live/messages.h"
#include "live/room_queue.h"
#include "live/work_decide.h"
#include "util/str.h"

/* Without a waiting room, people who waited for the host enter. */
static void ask_let_in(struct live_room *live)
{
    if (!live->room.view.waiting_room && room_hosts_inside(&live->room) > 0)
        room_queue_ask(live, work_by_system(live, ROOM_LET_IN, ""));
}

/* A person who no longer hosts the room loses the host's seat. */
static void ask_former_hosts_out(struct live_room *live)
{
    for (size_t i = 0; i < live->room.count; i++) {
        const struct seat *s = &live->room.members[i]->seat;

        if (live_room_was_host(live, s))
            room_queue_ask(live, work_by_system(live, ROOM_REMOVE, s->id));
    }
}

void live_rules_changed(struct live_room *live, const struct room_rules *rules)
{
    struct room_view before = live->room.view;
    struct payload *said;

    if (rules->revision < before.revision)
        return;
    live->room.view = (struct room_view){ 0 };
    room_view_set(&live->room.view, rules);
    (void)live_shard_publish(
        live->shard, &(struct live_event){ .kind = LIVE_RULES, .room = live, .before = &before, .rules = rules });
    room_view_clear(&before);
    said = messages_room(&live->room.view);
    for (size_t i = 0; i < live->room.count; i++)
        seat_session_say(seat_session_of(live->room.members[i]), payload_ref(said));
    payload_unref(said);
    ask_former_hosts_out(live);
    ask_let_in(live);
}

void live_rules_host_came(struct live_room *live)
{
    ask_former_hosts_out(live);
    ask_let_in(live);
}

static bool somebody_waits_by(const struct live_room *live, const char *invitation_id)
{
    for (size_t i = 0; i < live->room.count; i++) {
        const struct seat *s = &live->room.members[i]->seat;

        if (s->role == SEAT_GUEST && seat_is_waiting(s->state) && strcmp(s->invitation_id, invitation_id) == 0)
            return true;
    }
    return false;
}

void live_rules_revoke(struct live_room *live, const char *invitation_id)
{
    struct room_work *work;

    if (!live->running && !somebody_waits_by(live, invitation_id)) /* nor is anybody about to */
        return;
    work = work_by_system(live, ROOM_REVOKE, "");
    (void)str_copy(work->request.invitation_id, ID_SIZE, invitation_id);
    room_queue_ask(live, work);
}
