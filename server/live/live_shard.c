#include "live/live_shard.h"

#include <assert.h>
#include <string.h>

#include "live/refusal.h"
#include "util/str.h"
#include "ws/notice.h"

static void door_message(struct client_owner *door, struct client *c, const struct client_message *m)
{
    struct floor *f = list_entry(door, struct floor, door);

    f->handlers->newcomer(f, c, m);
}

/* It was nobody's. */
static void door_lost(struct client_owner *door, struct client *c)
{
    (void)door, (void)c;
}

void floor_init(struct floor *f, const struct floor_env *env, const struct hub_settings *settings,
                struct floor_counters *counters, struct clients *clients, const struct live_handlers *handlers,
                const char *epoch)
{
    static const struct client_owner_ops DOOR = { .message = door_message, .lost = door_lost };

    *f = (struct floor){
        .env = *env, .settings = settings, .counters = counters, .clients = clients, .handlers = handlers
    };
    f->door.ops = &DOOR;
    clients->door = &f->door;
    (void)str_copy(f->epoch, sizeof f->epoch, epoch);
    f->wall_offset_ms = env->wall_ms(env->ctx) - env->mono_ms(env->ctx);
    list_init(&f->unused);
    list_init(&f->watches);
    list_init(&f->desks_over);
    list_init(&f->late);
}

int64_t floor_mono_ms(const struct floor *f)
{
    return f->env.mono_ms(f->env.ctx);
}

int64_t floor_now_ms(const struct floor *f)
{
    return floor_mono_ms(f) + f->wall_offset_ms;
}

int floor_shard_of(const struct floor *f, const char *room_id)
{
    return (int)(str_hash(room_id, strlen(room_id)) % (uint64_t)f->env.shards);
}

void floor_observe(struct floor *f, live_observer observer)
{
    assert(f->observer_count < FLOOR_OBSERVERS_MAX);
    f->observers[f->observer_count++] = observer;
}

int floor_publish(struct floor *f, const struct live_event *ev)
{
    int told = 0;

    for (int i = 0; i < f->observer_count; i++)
        told += f->observers[i](f, ev);
    return told;
}

struct payload *floor_error(struct floor *f, const char *code, const char *detail, const char *of, int64_t n)
{
    atomic_fetch_add_explicit(&f->counters->refused, 1, memory_order_relaxed);
    return notice_error(code, detail, of, n);
}

void floor_refuse(struct floor *f, struct client *c, const char *reason, const char *detail)
{
    if (c->phase != CLIENT_CLOSING)
        client_refuse(c, refusal_close(reason), floor_error(f, reason, detail, "join", 0));
}
