/* The rooms' side of the dashboards: news to them, and requests from them. */
#include "live/dashboard_watch.h"

#include <string.h>

#include "domain/permission.h"
#include "live/live_room.h"
#include "live/messages.h"
#include "live/room_queue.h"
#include "live/work_decide.h"
#include "util/json_write.h"
#include "util/mem.h"
#include "util/str.h"

struct watch {
    struct list here; /* in shard.watches */
    struct dashboard_viewer viewer;
};

static bool may(const struct dashboard_viewer *v, const struct room_view *room, enum permission what)
{
    return room->revision > 0 && permission_allows(v->role, room_view_part(room, v->user_id), what);
}

/* Takes the reference. A full inbox means that this dashboard misses a message: it must begin anew. */
static void deliver(struct live_shard *shard, const struct dashboard_viewer *v, enum dashboard_delivery_kind kind,
                    const char *room_id, struct payload *said)
{
    struct dashboard_delivery *d = mem_new(sizeof *d);

    d->dashboard_id = v->id;
    d->kind = kind;
    d->said = said;
    (void)str_copy(d->room_id, sizeof d->room_id, room_id);
    if (shard->env.post(shard->env.ctx, v->home, false, v->to->delivery, d))
        return;
    payload_unref(said);
    d->said = NULL;
    d->kind = DELIVER_CUT;
    (void)shard->env.post(shard->env.ctx, v->home, true, v->to->delivery, d);
}

/* To one dashboard, also when the inbox of its home is full, because it has asked. Takes the reference. */
static void answer(struct live_shard *shard, const struct dashboard_viewer *v, struct payload *said)
{
    struct dashboard_delivery *d = mem_new(sizeof *d);

    d->dashboard_id = v->id;
    d->kind = DELIVER_CHANGE;
    d->said = said;
    (void)shard->env.post(shard->env.ctx, v->home, true, v->to->delivery, d);
}

/* ---- telling ---- */

/* To all dashboards that `what` allows in this room, except one; returns their number. Keeps the caller's reference. */
static int tell(struct live_room *live, enum permission what, const struct dashboard_viewer *except,
                struct payload *said)
{
    struct list *it, *tmp;
    int told = 0;

    list_each(it, tmp, &live->shard->watches)
    {
        const struct dashboard_viewer *v = &list_entry(it, struct watch, here)->viewer;

        if (!may(v, &live->room.view, what) || (except && except->home == v->home && except->id == v->id))
            continue;
        deliver(live->shard, v, DELIVER_CHANGE, live->room.view.id, payload_ref(said));
        told++;
    }
    return told;
}

static struct participant_view dashboard_view(const struct seat_session *seat)
{
    return (struct participant_view){ seat->member, &seat->status, .offerer = -1, .user = true };
}

static int tell_participant(const struct live_event *ev)
{
    struct live_room *live = ev->room;
    const struct participant_view shown = dashboard_view(ev->about);
    struct payload *said;
    int told;

    if (list_empty(&live->shard->watches))
        return 0;
    said = messages_participant(&shown, ev->news, ev->reason, live->room.view.id);
    told = tell(live, MAY_SEE_LIVE, NULL, said);
    payload_unref(said);
    return told;
}

/* The same line for the dashboards, except `except`'s. Returns the number of receivers. */
static int tell_chat(struct live_room *live, const struct dashboard_viewer *except, struct chat_line line)
{
    struct payload *said;
    int told;

    if (list_empty(&live->shard->watches))
        return 0;
    line.room_id = live->room.view.id;
    said = messages_chat(&line);
    told = tell(live, MAY_CHAT_WAITING, except, said);
    payload_unref(said);
    return told;
}

static int tell_waiting_chat(const struct live_event *ev)
{
    const struct seat *from = &ev->about->member->seat;
    struct chat_line line = {
        .from = from->id, .name = from->name, .text = ev->chat.text, .at_ms = ev->chat.at_ms, .id = ev->chat.id
    };

    return tell_chat(ev->room, NULL, line);
}

static struct payload *room_message(const struct room_view *room, const struct dashboard_viewer *v)
{
    struct buf b = { .max = MESSAGES_MAX };
    struct payload *said;

    buf_add_text(&b, "\"room\":");
    messages_add_room(&b, room, v->role, v->user_id);
    buf_add_text(&b, "}}");
    said = payload_from("room", &b);
    buf_clear(&b);
    return said;
}

static struct payload *gone_message(const char *room_id)
{
    struct buf b = { .max = MESSAGES_MAX };
    struct payload *said;

    buf_add_text(&b, "\"event\":\"deleted\",\"room\":{\"id\":");
    json_write_string(&b, room_id);
    buf_add_text(&b, "}}");
    said = payload_from("room", &b);
    buf_clear(&b);
    return said;
}

static void tell_seats(struct live_room *live, const struct dashboard_viewer *v)
{
    for (size_t i = 0; i < live->room.count; i++) {
        const struct room_member *member = live->room.members[i];
        const struct participant_view shown = dashboard_view(seat_session_of(member));
        enum room_news news = seat_is_inside(member->seat.state) ? NEWS_JOINED : NEWS_WAITING;

        deliver(live->shard, v, DELIVER_CHANGE, live->room.view.id,
                messages_participant(&shown, news, NULL, live->room.view.id));
    }
}

/* Viewers who saw the room before or may see it now. */
static int tell_rules(struct live_shard *shard, const struct live_event *ev)
{
    struct room_view now = { 0 };
    struct list *it, *tmp;
    int told = 0;

    room_view_set(&now, ev->rules);
    list_each(it, tmp, &shard->watches)
    {
        const struct dashboard_viewer *v = &list_entry(it, struct watch, here)->viewer;
        bool saw = ev->before && may(v, ev->before, MAY_SEE_LIVE);

        told++;
        if (!may(v, &now, MAY_SEE_LIVE)) {
            deliver(shard, v, DELIVER_GONE, now.id, gone_message(now.id));
            continue;
        }
        deliver(shard, v, DELIVER_SHOWN, now.id, room_message(&now, v));
        if (ev->room && !saw)
            tell_seats(ev->room, v);
    }
    room_view_clear(&now);
    return told;
}

static int tell_gone(struct live_shard *shard, const char *room_id)
{
    struct list *it, *tmp;
    int told = 0;

    list_each(it, tmp, &shard->watches)
    {
        deliver(shard, &list_entry(it, struct watch, here)->viewer, DELIVER_GONE, room_id, gone_message(room_id));
        told++;
    }
    return told;
}

static struct payload *links_message(const char *room_id)
{
    struct buf b = { .max = MESSAGES_MAX };
    struct payload *said;

    buf_add_text(&b, "\"room\":");
    json_write_string(&b, room_id);
    buf_add_text(&b, "}");
    said = payload_from("links", &b);
    buf_clear(&b);
    return said;
}

static int tell_links(struct live_shard *shard, const struct room_rules *rules)
{
    struct room_view room = { 0 };
    struct list *it, *tmp;
    int told = 0;

    room_view_set(&room, rules);
    list_each(it, tmp, &shard->watches)
    {
        const struct dashboard_viewer *v = &list_entry(it, struct watch, here)->viewer;

        if (!may(v, &room, MAY_INVITE))
            continue;
        deliver(shard, v, DELIVER_CHANGE, room.id, links_message(room.id));
        told++;
    }
    room_view_clear(&room);
    return told;
}

int dashboard_watch_hear(struct live_shard *shard, const struct live_event *ev)
{
    switch (ev->kind) {
    case LIVE_PARTICIPANT: return tell_participant(ev);
    case LIVE_CHAT: return tell_waiting_chat(ev);
    case LIVE_RULES: return tell_rules(shard, ev);
    case LIVE_LINKS: return tell_links(shard, ev->rules);
    case LIVE_DELETED: return tell_gone(shard, ev->room_id);
    case LIVE_SIGNED_OUT: break;
    }
    return 0;
}

/* ---- beginning and end ---- */

static struct dashboard_piece *piece_of(const struct live_room *live, const struct dashboard_viewer *v)
{
    struct dashboard_piece *piece = mem_new(sizeof *piece);
    struct buf b = { .max = MESSAGES_MAX };

    messages_add_room(&b, &live->room.view, v->role, v->user_id);
    buf_add_text(&b, ",\"participants\":[");
    for (size_t i = 0; i < live->room.count; i++) {
        const struct participant_view shown = dashboard_view(seat_session_of(live->room.members[i]));

        buf_add_text(&b, i ? "," : "");
        messages_add_participant(&b, &shown);
        if (may(v, &live->room.view, MAY_CHAT_WAITING) && !b.overflow) {
            b.len--; /* its closing brace comes after the chat */
            chat_add_waiting(&b, seat_session_of(live->room.members[i]));
            buf_add_text(&b, "}");
        }
    }
    buf_add_text(&b, "]}");
    (void)str_copy(piece->room_id, sizeof piece->room_id, live->room.view.id);
    piece->json = mem_copy_text(buf_text(&b));
    buf_clear(&b);
    return piece;
}

void dashboard_watch_begin(struct live_shard *shard, void *viewer)
{
    struct watch *w = mem_new(sizeof *w);
    struct dashboard_snapshot *snapshot = mem_new(sizeof *snapshot);
    size_t at = 0;
    void *value;

    memcpy(&w->viewer, viewer, sizeof w->viewer);
    mem_free(viewer);
    list_add_tail(&shard->watches, &w->here);
    snapshot->dashboard_id = w->viewer.id;
    while (map_next(&shard->rooms, &at, NULL, &value)) {
        struct live_room *live = value;
        struct dashboard_piece *piece;

        if (live->room.count == 0 || !may(&w->viewer, &live->room.view, MAY_SEE_LIVE))
            continue;
        piece = piece_of(live, &w->viewer);
        piece->next = snapshot->pieces;
        snapshot->pieces = piece;
    }
    (void)shard->env.post(shard->env.ctx, w->viewer.home, true, w->viewer.to->snapshot, snapshot);
}

void dashboard_watch_end(struct live_shard *shard, void *viewer)
{
    const struct dashboard_viewer *v = viewer;
    struct list *it, *tmp;

    list_each(it, tmp, &shard->watches)
    {
        struct watch *w = list_entry(it, struct watch, here);

        if (w->viewer.id == v->id && w->viewer.home == v->home) {
            list_remove(it);
            mem_free(w);
        }
    }
    mem_free(viewer);
}

/* ---- requests -- */

/* Signed with the account's name and role: anybody but the front desk may write here only as a host. */
static void chat_to_waiting(struct live_room *live, const struct dashboard_request *q)
{
    struct room_member *member = room_find(&live->room, q->participant);
    struct chat_line line = { .from = q->by.user_id,
                              .name = q->by.name,
                              .role = q->by.role == USER_DESK ? "desk" : "host",
                              .to = q->participant,
                              .text = q->text,
                              .id = q->id,
                              .at_ms = live->shard->env.wall_ms(live->shard->env.ctx) };
    struct payload *said, *ack;

    if (!member || !seat_is_waiting(member->seat.state)) {
        answer(live->shard, &q->by,
               live_shard_error(live->shard, "not_found", "Nobody with this id is waiting.", q->of, q->n));
        return;
    }
    said = messages_chat(&line);
    ack = chat_to_seat(seat_session_of(member), said, q->n);
    if (ack)
        answer(live->shard, &q->by, ack);
    payload_unref(said);
    (void)tell_chat(live, &q->by, line);
}

static void answer_work(struct live_shard *shard, const struct room_work_asker *who, struct payload *said)
{
    answer(shard, &(struct dashboard_viewer){ .to = who->to, .home = who->home, .id = who->id }, said);
}

static void ask_room(struct live_room *live, const struct dashboard_request *q)
{
    struct room_work *work = room_work_new(live->shard, &WORK_DECIDE, q->room_id, q->of);

    work->from = (struct room_work_asker){
        .answer = answer_work, .to = q->by.to, .home = q->by.home, .id = q->by.id, .role = q->by.role
    };
    work->n = q->n;
    work->may = q->may;
    work->request =
        (struct room_request){ .verb = q->verb, .block = q->block, .beside = q->beside, .instead = q->instead };
    memcpy(work->request.by, q->by.user_id, ID_SIZE);
    memcpy(work->request.participant, q->participant, ID_SIZE);
    room_work_set_text(work, q->text);
    room_queue_ask(live, work);
}

void dashboard_watch_ask(struct live_shard *shard, void *request)
{
    struct dashboard_request *q = request;
    struct live_room *live = live_room_find(shard, q->room_id);

    if (!live || live->deleted || !may(&q->by, &live->room.view, MAY_SEE_LIVE))
        answer(shard, &q->by, live_shard_error(shard, "not_found", "Nobody is in a room with this id.", q->of, q->n));
    else if (!may(&q->by, &live->room.view, q->may))
        answer(shard, &q->by,
               live_shard_error(shard, "forbidden", "You may not decide this in this room.", q->of, q->n));
    else if (q->verb == ROOM_VERBS)
        chat_to_waiting(live, q);
    else
        ask_room(live, q);
    mem_free(q->text);
    mem_free(q);
}
