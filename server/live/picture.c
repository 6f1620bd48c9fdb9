#include "live/picture.h"

#include "domain/turn_credential.h"
#include "live/messages.h"
#include "util/mem.h"

static struct participant_list others_of(const struct seat_session *seat)
{
    const struct room *r = &seat->room->room;
    struct participant_list others = { .items = mem_new_array(r->count, sizeof *others.items) };

    for (size_t i = 0; i < r->count; i++) {
        const struct room_member *member = r->members[i];

        if (room_sees(seat->member, member))
            others.items[others.count++] = (struct participant_view){ member, &seat_session_of(member)->status,
                                                                      .offerer = room_offers(seat->member, member) };
    }
    return others;
}

/* For people inside; nothing for others. */
static struct ice_view ice_of(const struct seat_session *seat)
{
    const struct live_shard *shard = seat->room->shard;
    const struct hub_settings *s = shard->settings;
    struct ice_view ice = { .inside = seat_is_inside(seat->member->seat.state) };

    if (ice.inside && s->turn_urls && s->turn_urls[0] && s->turn_secret) {
        ice.urls = s->turn_urls;
        turn_credential_make(s->turn_secret, seat->member->seat.id, shard->env.wall_ms(shard->env.ctx), TURN_TTL_S,
                             &ice.credential);
    }
    return ice;
}

struct payload *picture_welcome(const struct seat_session *seat, const char *ticket, bool resumed)
{
    const struct welcome_view v = {
        .self = seat->member,
        .room = &seat->room->room.view,
        .others = others_of(seat),
        .ice = ice_of(seat),
        .epoch = seat->room->shard->epoch,
        .ticket = ticket,
        .seq = seat->queue.sent_seq,
        .n = seat->own.last,
        .resumed = resumed,
        .may = live_room_may(seat),
    };
    struct payload *said = messages_welcome(&v);

    mem_free(v.others.items);
    return said;
}

struct payload *picture_state(const struct seat_session *seat, const char *reason)
{
    struct participant_list others = others_of(seat);
    struct ice_view ice = ice_of(seat);
    struct payload *said = messages_state(seat->member, live_room_may(seat), &others, &ice, reason);

    mem_free(others.items);
    return said;
}

struct payload *picture_ice(const struct seat_session *seat)
{
    struct ice_view ice = ice_of(seat);

    return messages_ice(&ice);
}
