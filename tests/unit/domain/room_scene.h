/* room_scene.h - a room, the rows as a store would hold them, and functions for the events in it. Each test makes its own. */
#ifndef TESTS_DOMAIN_ROOM_SCENE_H
#define TESTS_DOMAIN_ROOM_SCENE_H

#include "domain/room.h"
#include "tests/support/check.h"
#include "util/mem.h"

#define T0 INT64_C(1790000000000)
#define MINUTE INT64_C(60000)

/* A room, the events of the last step, and the rows as a store would hold them. */
struct scene {
    struct room room;
    struct room_events ev;
    struct seat rows[16];
    int row_count;
    struct err e;
};

static inline struct scene *scene_new(bool waiting_room)
{
    struct scene *s = mem_new(sizeof *s);
    struct room_rules *rules = mem_new(sizeof *rules);

    snprintf(rules->id, ID_SIZE, "r1");
    snprintf(rules->owner_id, ID_SIZE, "u1");
    snprintf(rules->name, NAME_SIZE, "Dr Rivera");
    rules->max_participants = 12;
    rules->waiting_room = waiting_room;
    rules->revision = 1;
    room_init(&s->room, "r1");
    room_view_set(&s->room.view, rules);
    mem_free(rules);
    return s;
}

static inline void scene_free(struct scene *s)
{
    room_events_clear(&s->ev);
    room_clear(&s->room);
    mem_free(s);
}

static inline struct seat *row_of(struct scene *s, const char *id)
{
    for (int i = 0; i < s->row_count; i++)
        if (strcmp(s->rows[i].id, id) == 0)
            return &s->rows[i];
    return NULL;
}

static inline void commit(struct scene *s, const struct room_decision *d)
{
    for (size_t i = 0; i < d->count; i++) {
        struct seat *row = row_of(s, d->changes[i].seat.id);

        if (!row)
            row = &s->rows[s->row_count++];
        *row = d->changes[i].seat;
    }
    room_events_clear(&s->ev);
    room_apply(&s->room, d, &s->ev);
}

static inline enum err_code join_with(struct scene *s, struct room_join *j, int64_t now_ms)
{
    struct room_facts facts;
    struct room_decision d;
    const struct seat *row = row_of(s, j->as.id);
    enum err_code rc;

    room_facts(&s->room, j->as.id, &facts);
    if (row && !facts.has_seat) {
        j->has_row = true;
        j->row = *row;
    }
    rc = room_decide_join(&facts, j, now_ms, &d, &s->e);
    if (rc == ERR_OK)
        commit(s, &d);
    room_decision_clear(&d);
    return rc;
}

static inline struct room_join joining(struct scene *s, const char *id, enum seat_role role)
{
    struct room_join j = { .as.role = role };
    const struct seat *row = row_of(s, id);

    snprintf(j.as.id, ID_SIZE, "%s", id);
    snprintf(j.as.room_id, ID_SIZE, "r1");
    snprintf(j.as.name, NAME_SIZE, "%s", id);
    if (row)
        j.as.gen = row->gen;
    return j;
}

static inline enum err_code join(struct scene *s, const char *id, enum seat_role role, int64_t now_ms)
{
    struct room_join j = joining(s, id, role);

    return join_with(s, &j, now_ms);
}

/* What people may do who ask from a seat inside. */
#define HOST_SEAT permission_of_seat(true, true)
#define GUEST_SEAT permission_of_seat(false, true)

static inline enum err_code ask(struct scene *s, struct room_request q, int64_t now_ms)
{
    struct room_decision d;
    enum err_code rc = room_decide(&s->room, &q, now_ms, &d, &s->e);

    if (rc == ERR_OK)
        commit(s, &d);
    room_decision_clear(&d);
    return rc;
}

static inline enum err_code host_asks(struct scene *s, enum room_verb verb, const char *about)
{
    struct room_request q = { .verb = verb, .may = HOST_SEAT, .by = "host" };

    snprintf(q.participant, ID_SIZE, "%s", about);
    return ask(s, q, T0);
}

/* The host adds one more guest to those inside. */
static inline enum err_code adds(struct scene *s, const char *about)
{
    struct room_request q = { .verb = ROOM_ADMIT, .may = HOST_SEAT, .by = "host", .beside = true };

    snprintf(q.participant, ID_SIZE, "%s", about);
    return ask(s, q, T0);
}

static inline enum err_code leaves(struct scene *s, const char *id)
{
    struct room_request q = { .verb = ROOM_LEAVE, .may = GUEST_SEAT };

    snprintf(q.by, ID_SIZE, "%s", id);
    snprintf(q.participant, ID_SIZE, "%s", id);
    return ask(s, q, T0);
}

static inline enum seat_state state_of(struct scene *s, const char *id)
{
    const struct room_member *m = room_find(&s->room, id);

    return m ? m->seat.state : SEAT_NONE;
}

static inline void lose(struct scene *s, const char *id, int64_t now_ms)
{
    room_events_clear(&s->ev);
    room_lost(&s->room, room_find(&s->room, id), now_ms, &s->ev);
}

/* The event about `about` that `to` was told in the last step; "" for none. `to` "desk": the front desk. */
static inline const char *told(struct scene *s, const char *to, const char *about)
{
    for (size_t i = 0; i < s->ev.count; i++) {
        const struct room_event *e = &s->ev.items[i];
        const char *name = e->to ? e->to->seat.id : "desk";

        if (e->kind == EVENT_PARTICIPANT && strcmp(name, to) == 0 && strcmp(e->about->seat.id, about) == 0)
            return room_news_name(e->news);
    }
    return "";
}

static inline const struct room_event *own(struct scene *s, enum room_event_kind kind, const char *id)
{
    for (size_t i = 0; i < s->ev.count; i++)
        if (s->ev.items[i].kind == kind && strcmp(s->ev.items[i].to->seat.id, id) == 0)
            return &s->ev.items[i];
    return NULL;
}

/* The host inside, `guest` waiting. */
static inline struct scene *waiting_scene(void)
{
    struct scene *s = scene_new(true);

    CHECK_INT(join(s, "host", SEAT_HOST, T0), ERR_OK);
    CHECK_INT(join(s, "guest", SEAT_GUEST, T0), ERR_OK);
    return s;
}

static inline struct scene *call_scene(void)
{
    struct scene *s = waiting_scene();

    CHECK_INT(host_asks(s, ROOM_ADMIT, "guest"), ERR_OK);
    return s;
}

static inline enum err_code times_out(struct scene *s, const char *id, int64_t now_ms)
{
    struct room_request q = { .verb = ROOM_TIMEOUT, .by_system = true, .by = "system" };

    snprintf(q.participant, ID_SIZE, "%s", id);
    return ask(s, q, now_ms);
}

#endif
