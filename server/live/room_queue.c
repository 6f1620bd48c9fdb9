#include "live/room_queue.h"

#include <string.h>

#include "live/coalesce.h"
#include "live/messages.h"

/* ---- answers ---- */

/* The answer to a seat or a dashboard: for an admission, also the people whom the guest would have met. */
static struct payload *error_of(const struct live_room *p, const struct room_work *w, const char *code,
                                const struct err *e)
{
    if (strcmp(code, "guest_inside") == 0 && room_find(&p->room, w->request.participant))
        return messages_guest_inside(&p->room, w->request.participant, e->detail, w->n);
    return live_shard_error(p->shard, code, e->detail, w->of, w->n);
}

/* An error goes to the asker: a seat, a dashboard, or a connection that still wants to join. */
static void answer_error(struct live_room *p, const struct room_work *w, enum err_code rc, const struct err *e)
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
        live_shard_refuse(p->shard, w->client, code, e->detail);
    else if (m)
        seat_session_say(seat_session_of(m), error_of(p, w, code, e));
    else if (w->from.answer)
        w->from.answer(p->shard, &w->from, error_of(p, w, code, e));
}

/* ---- one after another ------ */

/* Rights may have ended while the work waited: a seat, a host's place inside, a co-host's part in the room. */
static bool may_still_ask(const struct live_room *p, const struct room_work *w)
{
    const struct room_view *view = &p->room.view;
    const struct room_member *m = w->asker[0] ? room_find(&p->room, w->asker) : NULL;

    if (w->from.answer)
        return permission_allows(w->from.role, room_view_is_host(view, w->request.by), w->from.may);
    if (!w->asker[0])
        return true;
    return m &&
           (w->request.right != RIGHT_HOST || (live_room_is_host(seat_session_of(m)) && seat_is_inside(m->seat.state)));
}

static void work_done(struct live_shard *f, void *arg);

static enum err_code run(struct store *s, void *arg, struct err *e)
{
    struct room_work *w = arg;

    return w->kind->run(s, w, e);
}

static void ran(void *arg, enum err_code rc, const struct err *e)
{
    struct room_work *w = arg;
    struct live_shard *f = w->shard;

    w->rc = rc;
    if (e)
        w->err = *e;
    (void)f->env.post(f->env.ctx, f->env.shard, true, work_done, w);
}

/* Computes the result, and gives it to the store when there is something to write: then `*under_way` is set. */
static enum err_code start(struct live_room *p, struct room_work *w, bool *under_way, struct err *e)
{
    struct store_job job = { .run = run, .done = ran, .arg = w };
    enum err_code rc;

    *under_way = false;
    if (!may_still_ask(p, w))
        return err_set(e, ERR_FORBIDDEN, "forbidden", "Your role or state no longer allows this.");
    w->now_ms = live_shard_now_ms(p->shard);
    w->wall_ms = p->shard->env.wall_ms(p->shard->env.ctx);
    rc = w->kind->prepare(p, w, under_way, e);
    if (rc != ERR_OK || !*under_way)
        return rc;
    *under_way = p->shard->env.post_job(p->shard->env.ctx, &job) == ERR_OK;
    return *under_way ? ERR_OK : err_set(e, ERR_BUSY, "busy", "The server is busy saving; try again in a moment.");
}

static void run_next(struct live_room *p)
{
    while (!p->running && !list_empty(&p->asked)) {
        struct room_work *w = list_entry(p->asked.next, struct room_work, here);
        struct err e = { 0 };
        bool under_way;
        enum err_code rc;

        list_remove(&w->here);
        p->asked_count--;
        p->running = w;
        rc = start(p, w, &under_way, &e);
        if (under_way)
            return;
        p->running = NULL;
        if (rc != ERR_OK)
            answer_error(p, w, rc, &e);
        room_work_free(w);
    }
}

void room_queue_ask(struct live_room *p, struct room_work *w)
{
    struct err e = { 0 };

    if (p->asked_count >= ROOM_QUEUE_MAX && w->request.right != RIGHT_SYSTEM) {
        (void)err_set(&e, ERR_BUSY, "busy", "Too many decisions are waiting in this room; try again in a moment.");
        answer_error(p, w, ERR_BUSY, &e);
        room_work_free(w);
    } else {
        list_add_tail(&p->asked, &w->here);
        p->asked_count++;
        run_next(p);
    }
    live_room_release(p);
}

/* ---- the end of a room ---- */

static void drop_work(struct live_room *p, struct room_work *w)
{
    static const struct err GONE = { .kind = ERR_NOT_FOUND,
                                     .code = "not_found",
                                     .detail = "The room is no longer there." };

    answer_error(p, w, ERR_NOT_FOUND, &GONE);
    room_work_free(w);
}

/* The room and its rows are no longer stored: nothing to write, everyone leaves. `w` (or NULL) was under way. */
static void close_deleted(struct live_room *p, struct room_work *w)
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
        drop_work(p, list_entry(it, struct room_work, here));
    }
    p->asked_count = 0;
    if (room_decide(&p->room, &q, live_shard_now_ms(p->shard), &d, NULL) == ERR_OK) {
        live_room_apply(p, &d, &ev);
        coalesce_tell(p, &ev);
    }
    room_decision_clear(&d);
    live_room_release(p);
}

void room_queue_close(struct live_room *p)
{
    p->deleted = true;
    if (!p->running)
        close_deleted(p, NULL);
}

/* Its job has been committed, or has failed (its rc says). */
static void work_done(struct live_shard *f, void *arg)
{
    struct room_work *w = arg;
    struct live_room *p = live_room_find(f, w->room_id); /* stays while its work runs */

    p->running = NULL;
    if (p->deleted) {
        close_deleted(p, w);
        return;
    }
    if (w->rc == ERR_OK)
        w->kind->applied(p, w);
    else
        answer_error(p, w, w->rc, &w->err);
    room_work_free(w);
    run_next(p);
    live_room_release(p);
}
