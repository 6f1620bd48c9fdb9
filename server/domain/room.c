#include "domain/room.h"

#include <string.h>

#include "util/mem.h"
#include "util/str.h"

/* ---- rules ---- */

void room_view_clear(struct room_view *v)
{
    mem_free(v->name);
    mem_free(v->slug);
    mem_free(v->hosts);
    *v = (struct room_view){ 0 };
}

void room_view_set(struct room_view *v, const struct room_rules *rules)
{
    room_view_clear(v);
    (void)str_copy(v->id, sizeof v->id, rules->id);
    v->name = mem_copy_text(rules->name);
    v->slug = mem_copy_text(rules->slug);
    v->host_count = 1 + rules->cohost_count;
    v->hosts = mem_new_array((size_t)v->host_count, sizeof *v->hosts);
    memcpy(v->hosts[0], rules->owner_id, ID_SIZE);
    memcpy(v->hosts + 1, rules->cohosts, (size_t)rules->cohost_count * ID_SIZE);
    v->kind = rules->kind;
    v->capacity = room_rules_capacity(rules);
    ROOM_COPY_SWITCHES(v, rules);
    v->revision = rules->revision;
}

enum room_part room_view_part(const struct room_view *v, const char *user_id)
{
    for (int i = 0; i < v->host_count; i++)
        if (strcmp(v->hosts[i], user_id) == 0)
            return i == 0 ? PART_OWNER : PART_COHOST;
    return PART_NONE;
}

/* ---- members ---- */

void room_init(struct room *r, const char *id)
{
    *r = (struct room){ 0 };
    (void)str_copy(r->view.id, sizeof r->view.id, id);
}

void room_member_free(struct room_member *m)
{
    mem_free(m->text);
    mem_free(m);
}

void room_clear(struct room *r)
{
    for (size_t i = 0; i < r->count; i++)
        room_member_free(r->members[i]);
    mem_free(r->members);
    room_view_clear(&r->view);
    *r = (struct room){ 0 };
}

struct room_member *room_find(const struct room *r, const char *participant_id)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->members[i]->seat.id, participant_id) == 0)
            return r->members[i];
    return NULL;
}

int room_inside(const struct room *r)
{
    int n = 0;

    for (size_t i = 0; i < r->count; i++)
        n += seat_is_inside(r->members[i]->seat.state);
    return n;
}

int room_hosts_inside(const struct room *r)
{
    int n = 0;

    for (size_t i = 0; i < r->count; i++)
        n += seat_is_inside(r->members[i]->seat.state) && r->members[i]->seat.role == SEAT_HOST;
    return n;
}

int64_t room_together_ms(const struct room *r)
{
    int64_t first = INT64_MAX, second = INT64_MAX, guest = INT64_MAX;

    for (size_t i = 0; i < r->count; i++) {
        const struct seat *s = &r->members[i]->seat;

        if (!seat_is_inside(s->state))
            continue;
        if (s->since_ms < first) {
            second = first;
            first = s->since_ms;
        } else if (s->since_ms < second) {
            second = s->since_ms;
        }
        if (s->role == SEAT_GUEST && s->since_ms < guest)
            guest = s->since_ms;
    }
    if (second == INT64_MAX)
        return 0;
    return guest != INT64_MAX && guest > second ? guest : second;
}

static struct room_member *add_member(struct room *r)
{
    struct room_member *m = mem_new(sizeof *m);

    if (r->count == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 2;
        r->members = mem_resize(r->members, r->cap * sizeof(struct room_member *));
    }
    r->members[r->count++] = m;
    return m;
}

/* A member's place in the queue, or 0. The person who has waited longest comes first; people who are away are skipped, and get
 * their old place again once back. */
static int queue_position(const struct room *r, size_t index)
{
    const struct room_member *m = r->members[index];
    int position = 1;

    if (!seat_is_waiting(m->seat.state))
        return 0;
    for (size_t i = 0; i < r->count; i++) {
        const struct seat *other = &r->members[i]->seat;

        if (i != index && other->state == SEAT_WAITING &&
            (other->since_ms < m->seat.since_ms || (other->since_ms == m->seat.since_ms && i < index)))
            position++;
    }
    return position;
}

struct room_member *room_restore(struct room *r, const struct seat *seat, int64_t now_ms)
{
    struct room_member *m = add_member(r);

    m->seat = *seat;
    m->seat.state = seat_is_inside(seat->state) ? SEAT_AWAY : SEAT_WAITING_AWAY;
    m->seat.away_ms = now_ms; /* the time without a server is not the person's fault */
    m->order = ++r->next_order;
    r->host_lost_ms = now_ms; /* as far as known, and only if no host's seat is put back */
    for (size_t i = 0; i < r->count; i++)
        r->members[i]->position = queue_position(r, i);
    return m;
}

bool room_sees(const struct room_member *viewer, const struct room_member *subject)
{
    if (viewer == subject || !seat_is_open(subject->seat.state))
        return false;
    if (!viewer)
        return true;
    if (seat_is_inside(viewer->seat.state))
        return seat_is_inside(subject->seat.state) || viewer->seat.role == SEAT_HOST;
    return seat_is_inside(subject->seat.state) && subject->seat.role == SEAT_HOST;
}

bool room_offers(const struct room_member *a, const struct room_member *b)
{
    return seat_is_inside(a->seat.state) && seat_is_inside(b->seat.state) && a->order > b->order;
}

int64_t room_away_deadline_ms(const struct room_member *m)
{
    if (m->connected)
        return INT64_MAX;
    return m->seat.away_ms + (seat_is_inside(m->seat.state) ? ROOM_AWAY_MS : ROOM_WAIT_AWAY_MS);
}

bool room_host_gone(const struct room *r, int64_t now_ms)
{
    int inside = room_inside(r);

    return inside > 0 && room_hosts_inside(r) == 0 && !r->view.guests_may_stay && r->host_lost_ms > 0 &&
           now_ms - r->host_lost_ms > ROOM_REENTRY_MS;
}

void room_facts(const struct room *r, const char *participant_id, struct room_facts *out)
{
    const struct room_member *m = room_find(r, participant_id);

    *out = (struct room_facts){
        .capacity = r->view.capacity,
        .inside = room_inside(r),
        .hosts = room_hosts_inside(r),
        .host_lost_ms = r->host_lost_ms,
        .has_seat = m != NULL,
    };
    ROOM_COPY_SWITCHES(out, &r->view);
    for (size_t i = 0; i < r->count; i++) {
        const struct seat *s = &r->members[i]->seat;

        if (s->role == SEAT_GUEST && seat_is_inside(s->state) && s->admitted_ms > out->guest_since_ms)
            out->guest_since_ms = s->admitted_ms;
    }
    if (m)
        out->seat = m->seat;
}

/* ---- telling ---- */

const char *room_news_name(enum room_news news)
{
    static const char *const NAMES[ROOM_NEWS] = {
        [NEWS_JOINED] = "joined", [NEWS_WAITING] = "waiting", [NEWS_ADMITTED] = "admitted", [NEWS_AWAY] = "away",
        [NEWS_BACK] = "back",     [NEWS_CHANGED] = "changed", [NEWS_LEFT] = "left",
    };

    return NAMES[news];
}

static void tell(struct room_events *ev, struct room_event event)
{
    if (ev->count == ev->cap) {
        ev->cap = ev->cap ? ev->cap * 2 : 8;
        ev->items = mem_resize(ev->items, ev->cap * sizeof *ev->items);
    }
    ev->items[ev->count++] = event;
}

void room_events_clear(struct room_events *ev)
{
    for (size_t i = 0; i < ev->gone_count; i++)
        room_member_free(ev->gone[i]);
    mem_free(ev->gone);
    mem_free(ev->items);
    *ev = (struct room_events){ 0 };
}

/* Everyone who sees `m`, and the front desk. */
void room_tell(struct room *r, struct room_member *m, enum room_news news, struct room_events *ev)
{
    for (size_t i = 0; i < r->count; i++)
        if (room_sees(r->members[i], m))
            tell(ev, (struct room_event){ EVENT_PARTICIPANT, news, r->members[i], m, NULL });
    tell(ev, (struct room_event){ EVENT_PARTICIPANT, news, NULL, m, NULL });
}

void room_changed(struct room *r, struct room_member *m, struct room_events *ev)
{
    room_tell(r, m, NEWS_CHANGED, ev);
}

void room_lost(struct room *r, struct room_member *m, int64_t now_ms, struct room_events *ev)
{
    enum seat_state next = seat_next(m->seat.state, ON_SOCKET_LOST);

    if (next == SEAT_NONE)
        return;
    m->connected = false;
    m->seat.state = next;
    m->seat.away_ms = now_ms;
    r->positions_due |= next == SEAT_WAITING_AWAY;
    room_tell(r, m, NEWS_AWAY, ev);
}

/* ---- making true ---- */

static bool takes_seat(enum seat_event why)
{
    return why == ON_JOIN || why == ON_RESUME;
}

/* The stored row becomes this member's seat; only this module knows whether there is a connection. */
static void update_seat(struct room *r, struct room_member *m, const struct room_change *c)
{
    int64_t away_ms = m->seat.away_ms;

    if (takes_seat(c->why))
        m->connected = true;
    m->seat = c->seat;
    m->seat.away_ms = m->connected ? 0 : away_ms;
    if (!m->connected && seat_is_open(m->seat.state))
        m->seat.state = m->seat.state == SEAT_INSIDE ? SEAT_AWAY : SEAT_WAITING_AWAY;
    if (seat_is_inside(m->seat.state) && (!seat_is_inside(m->before) || c->why == ON_JOIN))
        m->order = ++r->next_order;
}

static void update_text(struct room_member *m, const struct room_decision *d)
{
    if (takes_seat(m->change->why) || d->verb == ROOM_CONFIRM)
        return;
    mem_free(m->text);
    m->text = d->text && !seat_is_inside(m->seat.state) ? mem_copy_text(d->text) : NULL;
}

/* Each changed member has its earlier state and its change; the others' earlier state is their current one. */
static void update_all(struct room *r, const struct room_decision *d)
{
    for (size_t i = 0; i < r->count; i++) {
        r->members[i]->before = r->members[i]->seat.state;
        r->members[i]->change = NULL;
    }
    for (size_t i = 0; i < d->count; i++) {
        struct room_member *m = room_find(r, d->changes[i].seat.id);

        if (!m)
            m = add_member(r); /* before: SEAT_NONE */
        m->change = &d->changes[i];
    }
    for (size_t i = 0; i < r->count; i++)
        if (r->members[i]->change) {
            update_seat(r, r->members[i], r->members[i]->change);
            update_text(r->members[i], d);
        }
}

static void note_lost_hosts(struct room *r, const struct room_decision *d)
{
    if (d->verb == ROOM_END)
        r->host_lost_ms = 0; /* no host is missing any more */
    if (d->host_lost_ms > 0)
        r->host_lost_ms = d->host_lost_ms;
    for (size_t i = 0; i < d->count; i++) {
        const struct room_change *c = &d->changes[i];

        if (c->seat.role != SEAT_HOST)
            continue;
        if (c->why == ON_TIMEOUT)
            r->host_lost_ms = c->seat.ended_ms;
        else if (takes_seat(c->why))
            r->host_lost_ms = 0;
    }
}

/* room_sees() as it was before the decision. */
static bool saw(const struct room_member *viewer, const struct room_member *subject)
{
    struct room_member v, s = { .seat.state = subject->before, .seat.role = subject->seat.role };

    if (viewer == subject)
        return false;
    if (!viewer)
        return room_sees(NULL, &s);
    if (!seat_is_open(viewer->before))
        return false;
    v = (struct room_member){ .seat.state = viewer->before, .seat.role = viewer->seat.role };
    return room_sees(&v, &s);
}

static enum room_news news_of(const struct room_member *s, bool saw_before)
{
    bool inside = seat_is_inside(s->seat.state);

    if (!saw_before)
        return inside ? NEWS_JOINED : NEWS_WAITING;
    if (inside != seat_is_inside(s->before))
        return inside ? NEWS_ADMITTED : NEWS_WAITING;
    if (s->change->why == ON_RESUME)
        return NEWS_BACK;
    return NEWS_CHANGED;
}

static void tell_about(struct room_member *viewer, struct room_member *s, struct room_events *ev)
{
    bool before = saw(viewer, s), now = room_sees(viewer, s);

    if (now)
        tell(ev, (struct room_event){ EVENT_PARTICIPANT, news_of(s, before), viewer, s, s->change->reason });
    else if (before)
        tell(ev, (struct room_event){ EVENT_PARTICIPANT, NEWS_LEFT, viewer, s, s->change->reason });
}

/* Tells a member of its own change: nothing when it has just taken the seat (it gets the whole picture). Returns whether
 * this replaces news about the others. */
static bool tell_own(struct room *r, size_t index, bool moves_later, struct room_events *ev)
{
    struct room_member *m = r->members[index];
    int position = queue_position(r, index);
    bool moved = position != m->position;

    if (!m->change && moves_later)
        return false;
    m->position = position;
    if (m->change && takes_seat(m->change->why))
        return true;
    if (!seat_is_open(m->seat.state)) {
        tell(ev, (struct room_event){ EVENT_BYE, NEWS_LEFT, m, m, m->change->reason });
        return true;
    }
    if (m->change || (moved && m->seat.state == SEAT_WAITING)) { /* people who are away get it with the welcome */
        tell(ev, (struct room_event){ EVENT_STATE, NEWS_CHANGED, m, m, m->change ? m->change->reason : NULL });
        return m->change != NULL;
    }
    return false;
}

static void bury(struct room *r, struct room_events *ev)
{
    size_t kept = 0;

    for (size_t i = 0; i < r->count; i++) {
        struct room_member *m = r->members[i];

        if (seat_is_open(m->seat.state)) {
            r->members[kept++] = m;
            continue;
        }
        if (ev->gone_count == ev->gone_cap) {
            ev->gone_cap = ev->gone_cap ? ev->gone_cap * 2 : 4;
            ev->gone = mem_resize(ev->gone, ev->gone_cap * sizeof(struct room_member *));
        }
        ev->gone[ev->gone_count++] = m;
    }
    r->count = kept;
}

static void tell_everyone(struct room *r, bool moves_later, struct room_events *ev)
{
    for (size_t v = 0; v < r->count; v++) {
        if (tell_own(r, v, moves_later, ev))
            continue;
        for (size_t s = 0; s < r->count; s++)
            if (r->members[s]->change)
                tell_about(r->members[v], r->members[s], ev);
    }
    for (size_t s = 0; s < r->count; s++)
        if (r->members[s]->change)
            tell_about(NULL, r->members[s], ev);
}

void room_positions(struct room *r, struct room_events *ev)
{
    if (!r->positions_due)
        return;
    r->positions_due = false;
    for (size_t i = 0; i < r->count; i++) {
        struct room_member *m = r->members[i];
        int position = queue_position(r, i);

        if (position != m->position && m->seat.state == SEAT_WAITING)
            tell(ev, (struct room_event){ EVENT_STATE, NEWS_CHANGED, m, m, NULL });
        m->position = position;
    }
}

void room_apply(struct room *r, const struct room_decision *d, struct room_events *ev)
{
    bool comes = d->verb == ROOM_JOIN || d->verb == ROOM_RESUME;

    update_all(r, d);
    note_lost_hosts(r, d);
    r->positions_due |= comes;
    if (d->verb != ROOM_CONFIRM)
        tell_everyone(r, comes, ev);
    bury(r, ev);
    for (size_t i = 0; i < r->count; i++)
        r->members[i]->change = NULL;
}
