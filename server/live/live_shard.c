#include "live/live_shard.h"

#include <assert.h>
#include <string.h>

#include "live/refusal.h"
#include "util/str.h"
#include "ws/notice.h"

static void door_message(struct client_owner *door, struct client *client, const struct client_message *m)
{
    struct live_shard *shard = list_entry(door, struct live_shard, door);

    shard->handlers->newcomer(shard, client, m);
}

/* It had no owner. */
static void door_lost(struct client_owner *door, struct client *client)
{
    (void)door, (void)client;
}

void live_shard_init(struct live_shard *shard, const struct live_env *env, const struct hub_settings *settings,
                     struct live_counters *counters, struct clients *clients, const struct live_handlers *handlers,
                     const char *epoch)
{
    static const struct client_owner_ops DOOR = { .message = door_message, .lost = door_lost };

    *shard = (struct live_shard){
        .env = *env, .settings = settings, .counters = counters, .clients = clients, .handlers = handlers
    };
    shard->door.ops = &DOOR;
    clients->door = &shard->door;
    (void)str_copy(shard->epoch, sizeof shard->epoch, epoch);
    shard->wall_offset_ms = env->wall_ms(env->ctx) - env->mono_ms(env->ctx);
    list_init(&shard->retired);
    list_init(&shard->watches);
    list_init(&shard->late);
}

void live_shard_retire(struct live_shard *shard, struct retired *retired, void (*free_it)(struct retired *retired))
{
    if (list_linked(&retired->here))
        return;
    retired->free = free_it;
    list_add_tail(&shard->retired, &retired->here);
}

void live_shard_end_turn(struct live_shard *shard)
{
    while (!list_empty(&shard->retired)) {
        struct retired *retired = list_entry(shard->retired.next, struct retired, here);

        list_remove(&retired->here);
        retired->free(retired);
    }
}

int64_t live_shard_mono_ms(const struct live_shard *shard)
{
    return shard->env.mono_ms(shard->env.ctx);
}

int64_t live_shard_now_ms(const struct live_shard *shard)
{
    return live_shard_mono_ms(shard) + shard->wall_offset_ms;
}

int live_shard_of_room(const struct live_shard *shard, const char *room_id)
{
    return (int)(str_hash(room_id, strlen(room_id)) % (uint64_t)shard->env.shards);
}

void live_shard_observe(struct live_shard *shard, live_observer observer)
{
    assert(shard->observer_count < LIVE_OBSERVERS_MAX);
    shard->observers[shard->observer_count++] = observer;
}

int live_shard_publish(struct live_shard *shard, const struct live_event *ev)
{
    int told = 0;

    for (int i = 0; i < shard->observer_count; i++)
        told += shard->observers[i](shard, ev);
    return told;
}

struct payload *live_shard_error(struct live_shard *shard, const char *code, const char *detail, const char *of,
                                 int64_t n)
{
    atomic_fetch_add_explicit(&shard->counters->refused, 1, memory_order_relaxed);
    return notice_error(code, detail, of, n);
}

void live_shard_refuse(struct live_shard *shard, struct client *client, const char *reason, const char *detail)
{
    if (client->phase != CLIENT_CLOSING)
        client_refuse(client, refusal_close(reason), live_shard_error(shard, reason, detail, "join", 0));
}
