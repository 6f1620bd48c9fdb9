#include "signaling/floor.h"

#include <string.h>

#include "signaling/desk.h"
#include "signaling/place.h"
#include "signaling/protocol.h"
#include "util/str.h"

#define PLACES_A_TICK 64 /* at least; of more, each within a second */

void floor_init(struct floor *f, const struct floor_env *env, const struct hub_settings *settings,
                struct floor_counters *counters, const char *epoch)
{
    *f = (struct floor){ .env = *env, .settings = settings, .counters = counters };
    (void)str_copy(f->epoch, sizeof f->epoch, epoch);
    f->wall_offset_ms = env->wall_ms(env->ctx) - env->mono_ms(env->ctx);
    list_init(&f->peers);
    list_init(&f->hurried);
    list_init(&f->watches);
    list_init(&f->late);
}

void floor_clear(struct floor *f)
{
    size_t at = 0;
    void *place;

    while (map_next(&f->places, &at, NULL, &place))
        place_free(place);
    desk_clear(f);
    map_clear(&f->places);
    map_clear(&f->desks);
}

int64_t floor_now_ms(const struct floor *f)
{
    return f->env.mono_ms(f->env.ctx) + f->wall_offset_ms;
}

int floor_shard_of(const struct floor *f, const char *room_id)
{
    return (int)(str_hash(room_id, strlen(room_id)) % (uint64_t)f->env.shards);
}

/* Not all of thousands at once: whoever speaks meanwhile would wait for it. */
static void tick_places(struct floor *f, int64_t now_ms, int64_t mono_ms)
{
    size_t share = f->places.used / FLOOR_TICKS_PER_S, turns = share > PLACES_A_TICK ? share : PLACES_A_TICK;
    void *place;

    for (; turns > 0 && map_next(&f->places, &f->ticked, NULL, &place); turns--)
        place_tick(place, now_ms, mono_ms);
    if (turns > 0)
        f->ticked = 0; /* that was the last one */
}

bool floor_is_crowded(const struct floor *f)
{
    long long bytes = atomic_load(&f->counters->queued_bytes) + atomic_load(&f->counters->kept_bytes);

    return bytes > (long long)f->settings->total_queue_bytes;
}

void floor_tick(struct floor *f)
{
    int64_t mono_ms = f->env.mono_ms(f->env.ctx), now_ms = mono_ms + f->wall_offset_ms;
    struct list *it, *tmp;

    list_each(it, tmp, &f->hurried) peer_tick(list_entry(it, struct peer, hurried), mono_ms);
    news_tick(f, mono_ms);
    tick_places(f, now_ms, mono_ms);
    desk_tick(f, mono_ms);
}

struct payload *floor_error(struct floor *f, const char *code, const char *detail, const char *of, int64_t n)
{
    atomic_fetch_add_explicit(&f->counters->refused, 1, memory_order_relaxed);
    return protocol_error(code, detail, of, n);
}

void floor_drain(struct floor *f)
{
    struct list *it, *tmp;

    f->draining = true;
    list_each(it, tmp, &f->peers) peer_close(list_entry(it, struct peer, here), CLOSE_RESTART, "restarting");
}

void floor_session_ended(struct floor *f, const char *session_id)
{
    struct list *it, *tmp;

    list_each(it, tmp, &f->peers)
    {
        struct peer *p = list_entry(it, struct peer, here);

        if (session_id[0] && strcmp(p->session_id, session_id) == 0)
            peer_close(p, CLOSE_AUTH, "signed_out");
    }
}

void floor_room_changed(struct floor *f, const struct room_rules *rules)
{
    struct place *p = place_find(f, rules->id);

    if (p) /* also while the first one joins: what that join has read may be older than this */
        place_rules(p, rules);
    else
        desk_tell_room(f, NULL, rules, NULL);
}

void floor_room_deleted(struct floor *f, const char *room_id)
{
    struct place *p = place_find(f, room_id);

    if (p)
        place_close(p);
    desk_tell_room_gone(f, room_id);
}

void floor_invitation_ended(struct floor *f, const char *room_id, const char *invitation_id)
{
    struct place *p = place_find(f, room_id);

    if (p)
        place_revoke(p, invitation_id);
}

bool floor_has_place(struct floor *f, const struct hub_newcomer *n)
{
    const struct place *p = place_find(f, n->room_id);
    char site[IP_SITE_SIZE];
    struct door door;

    if (!p)
        return true;
    ip_home(n->address, site);
    room_door(&p->room, n->crowd, n->invitation_id, site, &door);
    return !door.full;
}
