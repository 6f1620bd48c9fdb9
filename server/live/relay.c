#include "live/relay.h"

#include <string.h>

#include "live/live_tell.h"
#include "live/messages.h"
#include "util/str.h"

#define RELAY_HEAD_MAX (ID_SIZE + 64)

static struct payload *splice(const struct seat *from, struct span data)
{
    char head[RELAY_HEAD_MAX], *at = stpcpy(stpcpy(head, "\"from\":\""), from->id);
    struct payload *p;
    size_t len;

    at = str_put_u64(stpcpy(at, "\",\"from_instance\":"), (uint64_t)from->instance);
    len = (size_t)(stpcpy(at, ",\"data\":") - head);
    p = payload_new("signal", len + data.len + 1);
    memcpy(p->body, head, len);
    memcpy(p->body + len, data.at, data.len);
    p->body[len + data.len] = '}';
    return p;
}

enum err_code relay_signal(struct seat_session *from, const struct envelope *m, struct err *e)
{
    const struct room_member *to;
    char id[ID_SIZE];
    int64_t instance;

    if (!envelope_text(m->to, id, sizeof id) || id[0] == '\0')
        return err_field(e, "to", "to must be the id of a participant");
    if (!envelope_is_object(m->data) || m->data.len > SIGNAL_DATA_MAX)
        return err_field(e, "data", "data must be an object of at most %d bytes", SIGNAL_DATA_MAX);
    if (m->to_instance.at && !envelope_count(m->to_instance, &instance))
        return err_field(e, "to_instance", "to_instance must be a whole number");
    if (strcmp(id, "sfu") == 0)
        return err_set(e, ERR_INVALID, "not_available", "This server has no media server.");
    to = room_find(&from->room->room, id);
    if (!to || to == from->member || !seat_is_inside(to->seat.state))
        return err_set(e, ERR_NOT_FOUND, "not_found", "Nobody in the call has this id.");
    if (m->to_instance.at && instance != to->seat.instance)
        return err_set(e, ERR_CONFLICT, "stale_instance", "That participant has joined again since then.");
    atomic_fetch_add_explicit(&from->room->shard->counters->relayed, 1, memory_order_relaxed);
    seat_session_say(seat_session_of(to), splice(&from->member->seat, m->data));
    return ERR_OK;
}
