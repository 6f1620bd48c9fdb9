#include "live/live.h"

#include <string.h>

#include "live/coalesce.h"
#include "live/dashboard.h"
#include "live/dispatch.h"
#include "live/live_room.h"
#include "live/live_rules.h"
#include "live/presence.h"
#include "live/room_queue.h"
#include "live/room_time.h"
#include "util/str.h"
#include "ws/shard.h"

#define ROOMS_A_TICK 64 /* at least; with more, each within a second */

void live_init(struct live_shard *shard, const struct live_env *env, const struct hub_settings *settings,
               struct live_counters *counters, struct clients *clients, const char *epoch)
{
    live_shard_init(shard, env, settings, counters, clients, &DISPATCH, epoch);
    dashboard_serve(shard);
}

void live_clear(struct live_shard *shard)
{
    size_t at = 0;
    void *room;

    while (map_next(&shard->rooms, &at, NULL, &room))
        live_room_free(room);
    dashboard_clear(shard);
    live_shard_end_turn(shard);
    map_clear(&shard->rooms);
    map_clear(&shard->dashboards);
}

/* Not thousands at once: messages would wait for it. */
static void tick_rooms(struct live_shard *shard, int64_t now_ms, int64_t mono_ms)
{
    size_t share = shard->rooms.used / SHARD_TICKS_PER_S, turns = share > ROOMS_A_TICK ? share : ROOMS_A_TICK;
    void *room;

    for (; turns > 0 && map_next(&shard->rooms, &shard->ticked, NULL, &room); turns--)
        room_time_tick(room, now_ms, mono_ms);
    if (turns > 0)
        shard->ticked = 0; /* that was the last one */
}

void live_tick(struct live_shard *shard)
{
    int64_t mono_ms = live_shard_mono_ms(shard), now_ms = mono_ms + shard->wall_offset_ms;

    coalesce_tick(shard, mono_ms);
    tick_rooms(shard, now_ms, mono_ms);
    dashboard_tick(shard, mono_ms);
    live_shard_end_turn(shard);
}

void live_drain(struct live_shard *shard)
{
    shard->draining = true;
}

void live_session_ended(struct live_shard *shard, const char *session_id)
{
    struct list *it, *tmp;
    size_t at = 0;
    void *live;

    if (!session_id[0])
        return;
    while (map_next(&shard->rooms, &at, NULL, &live))
        presence_signed_out(live, session_id);
    list_each(it, tmp, &shard->clients->all)
    {
        struct client *client = list_entry(it, struct client, here);

        if (strcmp(client->session_id, session_id) == 0)
            client_close(client, CLOSE_AUTH, "signed_out");
    }
}

void live_room_changed(struct live_shard *shard, const struct room_rules *rules)
{
    struct live_room *live = live_room_find(shard, rules->id);

    if (live) /* also while the first join is under way: it may have read older rules */
        live_rules_changed(live, rules);
    else
        (void)live_shard_publish(shard, &(struct live_event){ .kind = LIVE_RULES, .rules = rules });
}

void live_room_deleted(struct live_shard *shard, const char *room_id)
{
    struct live_room *live = live_room_find(shard, room_id);

    if (live)
        room_queue_close(live);
    (void)live_shard_publish(shard, &(struct live_event){ .kind = LIVE_DELETED, .room_id = room_id });
}

void live_invitation_ended(struct live_shard *shard, const char *room_id, const char *invitation_id)
{
    struct live_room *live = live_room_find(shard, room_id);

    if (live)
        live_rules_revoke(live, invitation_id);
}

bool live_has_place(struct live_shard *shard, const struct hub_newcomer *n)
{
    const struct live_room *live = live_room_find(shard, n->room_id);
    char site[IP_SITE_SIZE];
    struct door door;

    if (!live)
        return true;
    ip_home(n->address, site);
    room_door(&live->room, n->crowd, n->invitation_id, site, &door);
    return !door.full;
}

void live_links_changed(struct live_shard *shard, const struct room_rules *rules)
{
    (void)live_shard_publish(shard, &(struct live_event){ .kind = LIVE_LINKS, .rules = rules });
}
