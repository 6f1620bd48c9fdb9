#include "live/picture.h"

#include "domain/turn_credential.h"
#include "live/messages.h"
#include "util/mem.h"

static struct participant_list others_of(const struct seat_session *l)
{
    const struct room *r = &l->room->room;
    struct participant_list others = { .items = mem_new_array(r->count, sizeof *others.items) };

    for (size_t i = 0; i < r->count; i++) {
        const struct room_member *m = r->members[i];

        if (room_sees(l->member, m))
            others.items[others.count++] =
                (struct participant_view){ m, &seat_session_of(m)->status, .offerer = room_offers(l->member, m) };
    }
    return others;
}

/* For people inside; nothing for others. */
static struct ice_view ice_of(const struct seat_session *l)
{
    const struct live_shard *f = l->room->shard;
    const struct hub_settings *s = f->settings;
    struct ice_view ice = { .inside = seat_is_inside(l->member->seat.state) };

    if (ice.inside && s->turn_urls && s->turn_urls[0] && s->turn_secret) {
        ice.urls = s->turn_urls;
        turn_credential_make(s->turn_secret, l->member->seat.id, f->env.wall_ms(f->env.ctx), TURN_TTL_S,
                             &ice.credential);
    }
    return ice;
}

static permission_set may_of(const struct seat_session *l)
{
    return permission_of_seat(live_room_is_host(l), seat_is_inside(l->member->seat.state));
}

struct payload *picture_welcome(const struct seat_session *l, const char *ticket, bool resumed)
{
    const struct welcome_view v = {
        .self = l->member,
        .room = &l->room->room.view,
        .others = others_of(l),
        .ice = ice_of(l),
        .epoch = l->room->shard->epoch,
        .ticket = ticket,
        .seq = l->queue.sent_seq,
        .n = l->own.last,
        .resumed = resumed,
        .may = may_of(l),
    };
    struct payload *said = messages_welcome(&v);

    mem_free(v.others.items);
    return said;
}

struct payload *picture_state(const struct seat_session *l, const char *reason)
{
    struct participant_list others = others_of(l);
    struct ice_view ice = ice_of(l);
    struct payload *said = messages_state(l->member, may_of(l), &others, &ice, reason);

    mem_free(others.items);
    return said;
}

struct payload *picture_ice(const struct seat_session *l)
{
    struct ice_view ice = ice_of(l);

    return messages_ice(&ice);
}
