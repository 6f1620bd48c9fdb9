#include "live/live_rules.h"

#include <string.h>

#include "live/messages.h"
#include "live/room_queue.h"
#include "live/work_decide.h"
#include "util/str.h"

/* Without a waiting room, people who waited for the host enter. */
static void ask_let_in(struct live_room *p)
{
    if (!p->room.view.waiting_room && room_hosts_inside(&p->room) > 0)
        room_queue_ask(p, work_by_system(p, ROOM_LET_IN, ""));
}

/* A person who no longer hosts the room loses the host's seat. */
static void ask_former_hosts_out(struct live_room *p)
{
    for (size_t i = 0; i < p->room.count; i++) {
        const struct seat *s = &p->room.members[i]->seat;

        if (live_room_was_host(p, s))
            room_queue_ask(p, work_by_system(p, ROOM_REMOVE, s->id));
    }
}

void live_rules_changed(struct live_room *p, const struct room_rules *rules)
{
    struct room_view before = p->room.view;
    struct payload *said;

    if (rules->revision < before.revision)
        return;
    p->room.view = (struct room_view){ 0 };
    room_view_set(&p->room.view, rules);
    (void)live_shard_publish(p->shard,
                             &(struct live_event){ .kind = LIVE_RULES, .room = p, .before = &before, .rules = rules });
    room_view_clear(&before);
    said = messages_room(&p->room.view);
    for (size_t i = 0; i < p->room.count; i++)
        seat_session_say(seat_session_of(p->room.members[i]), payload_ref(said));
    payload_unref(said);
    ask_former_hosts_out(p);
    ask_let_in(p);
}

void live_rules_host_came(struct live_room *p)
{
    ask_former_hosts_out(p);
    ask_let_in(p);
}

static bool somebody_waits_by(const struct live_room *p, const char *invitation_id)
{
    for (size_t i = 0; i < p->room.count; i++) {
        const struct seat *s = &p->room.members[i]->seat;

        if (s->role == SEAT_GUEST && seat_is_waiting(s->state) && strcmp(s->invitation_id, invitation_id) == 0)
            return true;
    }
    return false;
}

void live_rules_revoke(struct live_room *p, const char *invitation_id)
{
    struct room_work *w;

    if (!p->running && !somebody_waits_by(p, invitation_id)) /* nor is anybody about to */
        return;
    w = work_by_system(p, ROOM_REVOKE, "");
    (void)str_copy(w->request.invitation_id, ID_SIZE, invitation_id);
    room_queue_ask(p, w);
}
