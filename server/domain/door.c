/* Places for waiting people (room_door() in room.h). */
#include <string.h>

#include "domain/room.h"

/* The group whose places are counted, or whose members may have to give way. */
struct scope {
    bool crowd;                       /* of the crowd only */
    const char *invitation_id, *site; /* of these only; NULL: of any */
};

static bool within(const struct scope *s, const struct room_member *m)
{
    return (!s->crowd || (m->seat.crowd && seat_is_waiting(m->seat.state))) &&
           (!s->invitation_id || strcmp(s->invitation_id, m->seat.invitation_id) == 0) &&
           (!s->site || strcmp(s->site, m->site) == 0);
}

static int taken(const struct room *r, const struct scope *s)
{
    int n = 0;

    for (size_t i = 0; i < r->count; i++)
        n += within(s, r->members[i]);
    return n;
}

/* Of the people who wait without a connection, the one who lost it first. */
static const struct room_member *longest_gone(const struct room *r, const struct scope *s)
{
    const struct room_member *best = NULL;

    for (size_t i = 0; i < r->count; i++) {
        const struct room_member *m = r->members[i];

        if (m->seat.state == SEAT_WAITING_AWAY && within(s, m) && (!best || m->seat.away_ms < best->seat.away_ms))
            best = m;
    }
    return best;
}

static void make_way(const struct room_member *leaver, struct door *out)
{
    out->full = !leaver;
    out->gives_way = leaver != NULL;
    if (leaver)
        out->leaver = leaver->seat;
}

/* The person who gives way must belong to every full group. */
static void door_of_crowd(const struct room *r, const char *invitation_id, const char *site, struct door *out)
{
    const struct scope everybody = { 0 }, crowd = { .crowd = true },
                       link = { .crowd = true, .invitation_id = invitation_id }, here = { .crowd = true, .site = site };
    struct scope full = crowd;
    bool link_full = taken(r, &link) >= ROOM_LINK_MAX, here_full = site[0] && taken(r, &here) >= ROOM_SITE_MAX;

    if (!link_full && !here_full && taken(r, &crowd) < ROOM_CROWD_MAX && taken(r, &everybody) < ROOM_SEATS_MAX)
        return;
    if (link_full)
        full.invitation_id = invitation_id;
    if (here_full)
        full.site = site;
    make_way(longest_gone(r, &full), out);
}

static void door_of_one(const struct room *r, struct door *out)
{
    const struct scope everybody = { 0 }, crowd = { .crowd = true };
    const struct room_member *leaver = longest_gone(r, &crowd);

    if (taken(r, &everybody) >= ROOM_SEATS_MAX)
        make_way(leaver ? leaver : longest_gone(r, &everybody), out);
}

void room_door(const struct room *r, bool crowd, const char *invitation_id, const char *site, struct door *out)
{
    *out = (struct door){ 0 };
    if (crowd)
        door_of_crowd(r, invitation_id, site, out);
    else
        door_of_one(r, out);
}
