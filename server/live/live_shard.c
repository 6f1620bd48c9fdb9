#include "live/live_shard.h"

#include <assert.h>
#include <string.h>

#include "live/refusal.h"
#include "util/str.h"
#include "ws/notice.h"

static void door_message(struct client_owner *door, struct client *c, const struct client_message *m)
{
    struct live_shard *f = list_entry(door, struct live_shard, door);

    f->handlers->newcomer(f, c, m);
}

/* It had no owner. */
static void door_lost(struct client_owner *door, struct client *c)
{
    (void)door, (void)c;
}

void live_shard_init(struct live_shard *f, const struct live_env *env, const struct hub_settings *settings,
                     struct live_counters *counters, struct clients *clients, const struct live_handlers *handlers,
                     const char *epoch)
{
    static const struct client_owner_ops DOOR = { .message = door_message, .lost = door_lost };

    *f = (struct live_shard){
        .env = *env, .settings = settings, .counters = counters, .clients = clients, .handlers = handlers
    };
    f->door.ops = &DOOR;
    clients->door = &f->door;
    (void)str_copy(f->epoch, sizeof f->epoch, epoch);
    f->wall_offset_ms = env->wall_ms(env->ctx) - env->mono_ms(env->ctx);
    list_init(&f->unused);
    list_init(&f->watches);
    list_init(&f->dashboards_over);
    list_init(&f->late);
}

int64_t live_shard_mono_ms(const struct live_shard *f)
{
    return f->env.mono_ms(f->env.ctx);
}

int64_t live_shard_now_ms(const struct live_shard *f)
{
    return live_shard_mono_ms(f) + f->wall_offset_ms;
}

int live_shard_of_room(const struct live_shard *f, const char *room_id)
{
    return (int)(str_hash(room_id, strlen(room_id)) % (uint64_t)f->env.shards);
}

void live_shard_observe(struct live_shard *f, live_observer observer)
{
    assert(f->observer_count < LIVE_OBSERVERS_MAX);
    f->observers[f->observer_count++] = observer;
}

int live_shard_publish(struct live_shard *f, const struct live_event *ev)
{
    int told = 0;

    for (int i = 0; i < f->observer_count; i++)
        told += f->observers[i](f, ev);
    return told;
}

struct payload *live_shard_error(struct live_shard *f, const char *code, const char *detail, const char *of, int64_t n)
{
    atomic_fetch_add_explicit(&f->counters->refused, 1, memory_order_relaxed);
    return notice_error(code, detail, of, n);
}

void live_shard_refuse(struct live_shard *f, struct client *c, const char *reason, const char *detail)
{
    if (c->phase != CLIENT_CLOSING)
        client_refuse(c, refusal_close(reason), live_shard_error(f, reason, detail, "join", 0));
}
