#include "live/live_room.h"

#include <string.h>

#include "observe/metrics.h"
#include "live/chat.h"
#include "ws/client.h"
#include "live/room_tell.h"
#include "live/messages.h"
#include "live/picture.h"
#include "live/signin.h"
#include "live/room_work.h"
#include "util/mem.h"
#include "util/str.h"

#define RING_IDLE_MS 60000           /* written so long ago to a living connection: it has been read */
#define PRESENT_EVERY_MS (4 * 60000) /* a host's presence is noted so often: less than any idle limit */
#define SEEN_GRACE_MS 30000          /* so long after the last who saw them a seat is kept as well */
#define TIDY_EVERY 64                /* newcomers of a shard: then old rows are forgotten */
#define POSITIONS_EVERY_MS 1000      /* places in the queue that moved because somebody went away or came back */

static int64_t mono(const struct floor *f)
{
    return f->env.mono_ms(f->env.ctx);
}

/* ---- places ---- */

struct place *place_find(struct floor *f, const char *room_id)
{
    return map_get(&f->places, room_id);
}

struct place *place_open(struct floor *f, const char *room_id)
{
    struct place *p = place_find(f, room_id);

    if (p)
        return p;
    p = mem_new(sizeof *p);
    p->floor = f;
    list_init(&p->asked);
    room_init(&p->room, room_id);
    (void)map_put(&f->places, room_id, p);
    atomic_fetch_add(&f->counters->rooms, 1);
    return p;
}

void place_free(struct place *p)
{
    struct list *it, *tmp;

    list_each(it, tmp, &p->asked)
    {
        list_remove(it);
        work_free(list_entry(it, struct work, here));
    }
    for (size_t i = 0; i < p->room.count; i++)
        place_forget_link(p, p->room.members[i]);
    atomic_fetch_sub(&p->floor->counters->rooms, 1);
    (void)map_remove(&p->floor->places, p->room.view.id);
    room_clear(&p->room);
    mem_free(p);
}

void place_release(struct place *p)
{
    if (p->room.count == 0 && !p->running && list_empty(&p->asked))
        place_free(p);
}

static void seat_message(struct client_owner *owner, struct client *c, const struct client_message *m)
{
    struct seat_link *l = link_of_owner(owner);

    l->place->floor->handlers->seat(l, c, m);
}

static void seat_unreadable(struct client_owner *owner)
{
    (void)numbers_unread(&link_of_owner(owner)->own);
}

static void seat_lost(struct client_owner *owner, struct client *c)
{
    (void)c;
    place_client_lost(link_of_owner(owner));
}

static const struct client_owner_ops SEAT = { seat_message, seat_unreadable, seat_lost };

/* Every member has a link from the moment it is in the room. */
static struct seat_link *ensure_link(struct place *p, struct room_member *m)
{
    struct seat_link *l = link_of(m);

    if (l)
        return l;
    l = mem_new(sizeof *l);
    l->owner.ops = &SEAT;
    l->place = p;
    l->member = m;
    l->missed_from = -1;
    l->used_ms = mono(p->floor); /* the page asked for its token a moment ago */
    m->link = l;
    return l;
}

/* The gauges of who is where; called around whatever moves people. */
static void count_people(struct place *p, int by)
{
    int inside = room_inside(&p->room);

    atomic_fetch_add(&p->floor->counters->seats_inside, by * inside);
    atomic_fetch_add(&p->floor->counters->seats_waiting, by * ((int)p->room.count - inside));
}

void place_restore(struct place *p, const struct seat *seat, int64_t now_ms)
{
    count_people(p, -1);
    (void)ensure_link(p, room_restore(&p->room, seat, now_ms));
    count_people(p, 1);
}

bool place_was_host(const struct place *p, const struct seat *s)
{
    return s->role == SEAT_HOST && p->room.view.revision > 0 && !room_view_is_host(&p->room.view, s->user_id);
}

bool place_is_host(const struct seat_link *l)
{
    const struct seat *s = &l->member->seat;

    return s->role == SEAT_HOST && !place_was_host(l->place, s);
}

bool place_is_locked(const struct place *p, bool locked)
{
    return p->room.view.locked == locked && p->room.view.revision > 0 && !p->running && p->asked_count == 0;
}

/* ---- connections ---- */

static void tell_events(struct place *p, struct room_events *ev)
{
    news_merge(p, ev);
    place_tell(p, ev);
}

void place_client_lost(struct seat_link *l)
{
    struct place *p = l->place;
    struct room_events ev = { 0 };

    if (l->client)
        l->pace = l->client->pace;
    l->client = NULL;
    place_keep_for_later(l);
    room_lost(&p->room, l->member, floor_now_ms(p->floor), &ev);
    tell_events(p, &ev);
}

static bool same_status(const struct seat_status *a, const struct seat_status *b)
{
    return a->known == b->known && a->set == b->set && a->ready == b->ready && strcmp(a->quality, b->quality) == 0 &&
           strcmp(a->path, b->path) == 0;
}

void place_status_changed(struct seat_link *l, const struct seat_status *before)
{
    struct room_events ev = { 0 };

    if (same_status(&l->status, before))
        return;
    room_changed(&l->place->room, l->member, &ev);
    tell_events(l->place, &ev);
}

/* ---- decisions ---- */

/* What a seat or a dashboard is told: of an admission also whom the guest would have met. */
static struct payload *error_of(const struct place *p, const struct work *w, const char *code, const struct err *e)
{
    if (strcmp(code, "guest_inside") == 0 && room_find(&p->room, w->request.participant))
        return messages_guest_inside(&p->room, w->request.participant, e->detail, w->n);
    return floor_error(p->floor, code, e->detail, w->of, w->n);
}

/* An error goes to whoever asked: a seat, a dashboard, or a connection that still wants to join. */
static void answer_error(struct place *p, const struct work *w, enum err_code rc, const struct err *e)
{
    const char *code = e->code[0] ? e->code : err_code_name(rc);
    struct room_member *m = w->asker[0] ? room_find(&p->room, w->asker) : NULL;

    if (rc == ERR_FULL)
        code = "storage_full";
    else if (rc == ERR_IO || rc == ERR_INTERNAL)
        code = "storage";
    else if (rc == ERR_BUSY)
        code = "busy";
    else if (rc == ERR_NOT_FOUND && w->client)
        code = "no_room";
    if (w->client)
        floor_refuse(p->floor, w->client, code, e->detail);
    else if (m)
        place_say(link_of(m), error_of(p, w, code, e));
    else if (w->from.answer)
        w->from.answer(p->floor, &w->from, error_of(p, w, code, e));
}

/* Whoever asked from a seat must still have it when their turn comes, a host still inside. */
static bool may_still_ask(const struct place *p, const struct work *w)
{
    const struct room_member *m = w->asker[0] ? room_find(&p->room, w->asker) : NULL;

    if (!w->asker[0])
        return true;
    return m && (w->request.right != RIGHT_HOST || (m->seat.role == SEAT_HOST && seat_is_inside(m->seat.state)));
}

/* Computes what it should come to. ERR_OK and posted or not: `*under_way` says. */
static enum err_code start(struct place *p, struct work *w, bool *under_way, struct err *e)
{
    enum err_code rc = ERR_OK;

    *under_way = false;
    if (!may_still_ask(p, w))
        return err_set(e, ERR_FORBIDDEN, "forbidden", "Your seat has ended meanwhile.");
    w->now_ms = floor_now_ms(p->floor);
    w->wall_ms = p->floor->env.wall_ms(p->floor->env.ctx);
    if (w->kind == WORK_JOIN) {
        room_facts(&p->room, w->join.as.id, &w->facts);
        for (int crowd = 0; crowd < 2 && !w->facts.has_seat; crowd++)
            room_door(&p->room, crowd, w->join.as.invitation_id, w->site, &w->facts.door[crowd]);
        w->tidy = !w->facts.has_seat && ++p->floor->newcomers % TIDY_EVERY == 0;
        w->rules_wanted =
            p->room.view.revision == 0 || !w->join.as.invitation_id[0]; /* comes by the room's own rules */
    } else if (w->kind != WORK_LOCK) {
        rc = room_decide(&p->room, &w->request, w->now_ms, &w->decision, e);
        if (rc != ERR_OK || (w->decision.count == 0 && w->decision.verb != ROOM_END)) /* who was lost has a row still */
            return rc;
    } else {
        w->decision.verb = ROOM_VERBS;
        (void)str_copy(w->decision.by, sizeof w->decision.by, w->request.by);
    }
    rc = work_post(w);
    if (rc != ERR_OK)
        return err_set(e, ERR_BUSY, "busy", "Too much is being written; say it again in a moment.");
    *under_way = true;
    return ERR_OK;
}

static void run_next(struct place *p)
{
    while (!p->running && !list_empty(&p->asked)) {
        struct work *w = list_entry(p->asked.next, struct work, here);
        struct err e = { 0 };
        bool under_way;
        enum err_code rc;

        list_remove(&w->here);
        p->asked_count--;
        if ((w->kind == WORK_JOIN || w->kind == WORK_RESUME) && !w->client) { /* gave up while it waited */
            work_free(w);
            continue;
        }
        p->running = w;
        rc = start(p, w, &under_way, &e);
        if (under_way)
            return;
        p->running = NULL;
        if (rc != ERR_OK)
            answer_error(p, w, rc, &e);
        work_free(w);
    }
}

void place_ask(struct place *p, struct work *w)
{
    struct err e = { 0 };

    if (p->asked_count >= PLACE_WORK_MAX && w->request.right != RIGHT_SYSTEM) {
        (void)err_set(&e, ERR_BUSY, "busy", "Too many decisions of this room wait; say it again in a moment.");
        answer_error(p, w, ERR_BUSY, &e);
        work_free(w);
    } else {
        list_add_tail(&p->asked, &w->here);
        p->asked_count++;
        run_next(p);
    }
    place_release(p);
}

/* The connection takes over the seat that has just been written for it; an older one of the same seat goes. */
static void seat_client(struct place *p, struct work *w, struct client *client)
{
    struct room_member *m = room_find(&p->room, w->kind == WORK_JOIN ? w->join.as.id : w->request.participant);
    struct seat_link *l = ensure_link(p, m);
    struct client *older = l->client;
    size_t bytes = l->queue.bytes;
    int64_t sent = link_sent_seq(l), last = l->queue.last_seq;
    bool resumed = false;

    place_count_away(l, 0);
    l->missed_from = -1;
    memset(l->seen_by, 0, sizeof l->seen_by);
    l->seen_ms = 0;
    if (older) {
        l->pace = older->pace;
        older->owner = NULL;
        client_close(older, CLOSE_REPLACED, "replaced");
    }
    if (w->kind == WORK_RESUME)
        resumed = l->known && resume_rewind(&l->queue, w->resume_seq);
    if (!resumed)
        resume_clear(&l->queue);
    if (w->kind == WORK_JOIN) { /* the page starts anew, and so do the numbers */
        l->queue = (struct resume){ 0 };
        l->status = (struct seat_status){ 0 };
        l->own = (struct numbers){ 0 };
    }
    if (!resumed)
        chat_again(l, l->known && w->resume_seq <= last ? w->resume_seq : 0, sent, w->kind == WORK_JOIN);
    l->added_ms = mono(p->floor);
    numbers_settle(&l->own);
    if (l->known) /* or whoever comes back again and again could send as much as they like */
        client->pace = l->pace;
    l->known = true;
    p->floor->ring_bytes += l->queue.bytes - bytes;
    l->confirm_due = w->kind == WORK_RESUME;
    l->client = client;
    memcpy(client->session_id, m->seat.session_id, ID_SIZE);
    memcpy(m->site, w->site, sizeof m->site);
    client_joined(client, &l->owner, &l->queue, picture_welcome(l, w->ticket, resumed));
}

/* Without a waiting room, whoever waited for the host enters. */
static void ask_let_in(struct place *p)
{
    struct work *w;

    if (p->room.view.waiting_room || room_hosts_inside(&p->room) == 0)
        return;
    w = work_new(p->floor, WORK_DECIDE, p->room.view.id, NULL);
    w->request = (struct room_request){ .verb = ROOM_LET_IN, .right = RIGHT_SYSTEM, .by = "system" };
    place_ask(p, w);
}

/* Nobody keeps a host's seat in a room that they no longer host. */
static void ask_former_hosts_out(struct place *p)
{
    for (size_t i = 0; i < p->room.count; i++) {
        const struct seat *s = &p->room.members[i]->seat;
        struct work *w;

        if (!place_was_host(p, s))
            continue;
        w = work_new(p->floor, WORK_DECIDE, p->room.view.id, NULL);
        w->request = (struct room_request){ .verb = ROOM_REMOVE, .right = RIGHT_SYSTEM, .by = "system" };
        memcpy(w->request.participant, s->id, ID_SIZE);
        place_ask(p, w);
    }
}

static bool somebody_waits_by(const struct place *p, const char *invitation_id)
{
    for (size_t i = 0; i < p->room.count; i++) {
        const struct seat *s = &p->room.members[i]->seat;

        if (s->role == SEAT_GUEST && seat_is_waiting(s->state) && strcmp(s->invitation_id, invitation_id) == 0)
            return true;
    }
    return false;
}

void place_revoke(struct place *p, const char *invitation_id)
{
    struct work *w;

    if (!p->running && !somebody_waits_by(p, invitation_id)) /* nor is anybody about to */
        return;
    w = work_new(p->floor, WORK_DECIDE, p->room.view.id, NULL);
    w->request = (struct room_request){ .verb = ROOM_REVOKE, .right = RIGHT_SYSTEM, .by = "system" };
    (void)str_copy(w->request.invitation_id, ID_SIZE, invitation_id);
    place_ask(p, w);
}

void place_rules(struct place *p, const struct room_rules *rules)
{
    struct room_view before = p->room.view;
    struct payload *said;

    if (rules->revision < before.revision)
        return;
    p->room.view = (struct room_view){ 0 };
    room_view_set(&p->room.view, rules);
    (void)floor_publish(p->floor,
                        &(struct live_event){ .kind = LIVE_RULES, .place = p, .before = &before, .rules = rules });
    room_view_clear(&before);
    said = messages_room(&p->room.view);
    for (size_t i = 0; i < p->room.count; i++)
        place_say(link_of(p->room.members[i]), payload_ref(said));
    payload_unref(said);
    ask_former_hosts_out(p);
    if (!p->room.view.waiting_room)
        ask_let_in(p);
}

static void apply_decision(struct place *p, const struct room_decision *d, struct room_events *ev)
{
    count_people(p, -1);
    room_apply(&p->room, d, ev);
    count_people(p, 1);
    for (size_t i = 0; i < p->room.count; i++)
        (void)ensure_link(p, p->room.members[i]);
}

static void make_true(struct place *p, struct work *w)
{
    struct room_events ev = { 0 };
    struct client *client = w->client;
    bool joins = w->kind == WORK_JOIN || w->kind == WORK_RESUME;

    if (w->kind == WORK_JOIN && w->rules && p->room.view.revision == 0)
        room_view_set(&p->room.view, w->rules);
    apply_decision(p, &w->decision, &ev);
    if (client)
        seat_client(p, w, client);
    tell_events(p, &ev);
    if (joins && !client) { /* it went while this was being written */
        struct room_member *m = room_find(&p->room, w->kind == WORK_JOIN ? w->join.as.id : w->request.participant);

        if (m && !link_of(m)->client)
            place_client_lost(link_of(m));
    }
    if (w->decision.verb == ROOM_ADMIT)
        metrics_count(METRIC_ADMITS, 1);
}

static void drop_work(struct place *p, struct work *w)
{
    static const struct err GONE = { .kind = ERR_NOT_FOUND,
                                     .code = "not_found",
                                     .detail = "The room is no longer there." };

    answer_error(p, w, ERR_NOT_FOUND, &GONE);
    work_free(w);
}

/* The room and its rows are no longer stored: nothing to be written, everyone goes. `w` (or NULL) was under way. */
static void close_deleted(struct place *p, struct work *w)
{
    struct room_request q = { .verb = ROOM_CLOSE, .right = RIGHT_SYSTEM, .by = "system" };
    struct room_decision d;
    struct room_events ev = { 0 };
    struct list *it, *tmp;

    if (w)
        drop_work(p, w);
    list_each(it, tmp, &p->asked)
    {
        list_remove(it);
        drop_work(p, list_entry(it, struct work, here));
    }
    p->asked_count = 0;
    if (room_decide(&p->room, &q, floor_now_ms(p->floor), &d, NULL) == ERR_OK) {
        apply_decision(p, &d, &ev);
        tell_events(p, &ev);
    }
    room_decision_clear(&d);
    place_release(p);
}

void place_close(struct place *p)
{
    p->deleted = true;
    if (!p->running)
        close_deleted(p, NULL);
}

void place_work_done(struct place *p)
{
    struct work *w = p->running;
    bool host_came = false;

    p->running = NULL;
    if (p->deleted) {
        close_deleted(p, w);
        return;
    }
    if (w->rc != ERR_OK) {
        answer_error(p, w, w->rc, &w->err);
    } else if (w->kind == WORK_LOCK) {
        place_rules(p, w->rules);
    } else {
        make_true(p, w);
        host_came = w->kind == WORK_JOIN && w->join.as.role == SEAT_HOST;
    }
    work_free(w);
    if (host_came) {             /* may start the next; the place is in use, so it stays */
        ask_former_hosts_out(p); /* the rules may have changed while this was written */
        ask_let_in(p);
    }
    run_next(p);
    place_release(p);
}

/* ---- time ---- */

static void ask_of_time(struct place *p, enum room_verb verb, const char *participant)
{
    struct work *w = work_new(p->floor, WORK_DECIDE, p->room.view.id, NULL);

    w->request = (struct room_request){ .verb = verb, .right = RIGHT_SYSTEM, .by = "system" };
    (void)str_copy(w->request.participant, ID_SIZE, participant);
    place_ask(p, w);
}

/* A host in a call says little for hours and is there all the same. */
static void note_present(struct place *p, const struct room_member *m, int64_t mono_ms)
{
    struct seat_link *l = link_of(m);

    if (m->seat.role != SEAT_HOST || !l->client || !m->seat.session_id[0] || mono_ms - l->used_ms < PRESENT_EVERY_MS)
        return;
    if (signin_look(p->floor, m->seat.session_id, true))
        l->used_ms = mono_ms;
}

static void tick_member(struct place *p, struct room_member *m, int64_t mono_ms)
{
    struct seat_link *l = link_of(m);
    size_t bytes = l->queue.bytes;

    note_present(p, m, mono_ms);
    if (l->queue.count == 0 || !l->client || mono_ms - l->added_ms < RING_IDLE_MS)
        return;
    resume_forget(&l->queue, 0, 0);
    p->floor->ring_bytes += l->queue.bytes - bytes;
}

static void tell_positions(struct place *p, int64_t mono_ms)
{
    struct room_events ev = { 0 };

    if (!p->room.positions_due || mono_ms - p->positions_ms < POSITIONS_EVERY_MS)
        return;
    p->positions_ms = mono_ms;
    room_positions(&p->room, &ev);
    tell_events(p, &ev);
}

bool place_seen(struct seat_link *by, struct seat_link *to, bool seen)
{
    const struct room_member *a = by->member, *b = to->member;
    int64_t *free_place = NULL;

    if (a == b || b->seat.state != SEAT_AWAY || (a->seat.role != SEAT_HOST && b->seat.role != SEAT_HOST))
        return false;
    for (int i = 0; i < SEEN_BY_MAX; i++) {
        if (to->seen_by[i] == a->order)
            to->seen_by[i] = 0;
        if (to->seen_by[i] == 0)
            free_place = &to->seen_by[i];
    }
    if (seen && free_place)
        *free_place = a->order;
    return true;
}

/* Or was a moment ago: a path that breaks may come back by itself. A reload gives another order, and voids what that page has said. */
static bool is_seen(const struct place *p, struct seat_link *l, int64_t mono_ms)
{
    for (size_t i = 0; i < p->room.count; i++) {
        const struct room_member *by = p->room.members[i];

        for (int k = 0; k < SEEN_BY_MAX; k++)
            if (l->seen_by[k] == by->order && by->seat.state == SEAT_INSIDE && link_of(by)->client)
                l->seen_ms = mono_ms;
    }
    return l->seen_ms > 0 && mono_ms - l->seen_ms < SEEN_GRACE_MS;
}

void place_tick(struct place *p, int64_t now_ms, int64_t mono_ms)
{
    const struct room_member *late = NULL;

    tell_positions(p, mono_ms);
    for (size_t i = 0; i < p->room.count; i++) {
        tick_member(p, p->room.members[i], mono_ms);
        if (!late && now_ms >= room_away_deadline_ms(p->room.members[i]) &&
            !is_seen(p, link_of(p->room.members[i]), mono_ms))
            late = p->room.members[i];
    }
    if (p->running || !list_empty(&p->asked))
        return;
    if (late) /* one at a time; the next tick sees the others */
        ask_of_time(p, ROOM_TIMEOUT, late->seat.id);
    else if (room_host_gone(&p->room, now_ms))
        ask_of_time(p, ROOM_HOST_GONE, "");
}
