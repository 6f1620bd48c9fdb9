#include "live/room_queue.h"

#include <string.h>

#include "live/coalesce.h"
#include "live/messages.h"

/* ---- answers ---- */

/* The answer to a seat or a dashboard: for an admission, also the people whom the guest would have met. */
static struct payload *error_of(const struct live_room *live, const struct room_work *work, const char *code,
                                const struct err *e)
{
    if (strcmp(code, "guest_inside") == 0 && room_find(&live->room, work->request.participant))
        return messages_guest_inside(&live->room, work->request.participant, e->detail, work->n);
    return live_shard_error(live->shard, code, e->detail, work->of, work->n);
}

/* An error goes to the asker: a seat, a dashboard, or a connection that still wants to join. */
static void answer_error(struct live_room *live, const struct room_work *work, enum err_code rc, const struct err *e)
{
    const char *code = e->code[0] ? e->code : err_code_name(rc);
    struct room_member *member = work->asker[0] ? room_find(&live->room, work->asker) : NULL;

    if (rc == ERR_FULL)
        code = "storage_full";
    else if (rc == ERR_IO || rc == ERR_INTERNAL)
        code = "storage";
    else if (rc == ERR_BUSY)
        code = "busy";
    else if (rc == ERR_NOT_FOUND && work->client)
        code = "no_room";
    if (work->client)
        live_shard_refuse(live->shard, work->client, code, e->detail);
    else if (member)
        seat_session_say(seat_session_of(member), error_of(live, work, code, e));
    else if (work->from.answer)
        work->from.answer(live->shard, &work->from, error_of(live, work, code, e));
}

/* ---- one after another ------ */

/* Rights may have ended while the work waited: a seat, a host's place inside, a co-host's part in the room. */
static bool may_still_ask(const struct live_room *live, struct room_work *work)
{
    const struct room_member *member = work->asker[0] ? room_find(&live->room, work->asker) : NULL;

    if (!work->asker[0] && !work->from.answer)
        return true;
    if (work->from.answer)
        work->request.may = permission_of_account(work->from.role, room_view_part(&live->room.view, work->request.by));
    else
        work->request.may = member ? live_room_may(seat_session_of(member)) : 0;
    return permission_in(work->request.may, work->may);
}

static void work_done(struct live_shard *shard, void *arg);

static enum err_code run(struct store *s, void *arg, struct err *e)
{
    struct room_work *work = arg;

    return work->kind->run(s, work, e);
}

static void ran(void *arg, enum err_code rc, const struct err *e)
{
    struct room_work *work = arg;
    struct live_shard *shard = work->shard;

    work->rc = rc;
    if (e)
        work->err = *e;
    (void)shard->env.post(shard->env.ctx, shard->env.shard, true, work_done, work);
}

/* Computes the result, and gives it to the store when there is something to write: then `*under_way` is set. */
static enum err_code start(struct live_room *live, struct room_work *work, bool *under_way, struct err *e)
{
    struct store_job job = { .run = run, .done = ran, .arg = work };
    enum err_code rc;

    *under_way = false;
    if (!may_still_ask(live, work))
        return err_set(e, ERR_FORBIDDEN, "forbidden", "Your role or state no longer allows this.");
    work->now_ms = live_shard_now_ms(live->shard);
    work->wall_ms = live->shard->env.wall_ms(live->shard->env.ctx);
    rc = work->kind->prepare(live, work, under_way, e);
    if (rc != ERR_OK || !*under_way)
        return rc;
    *under_way = live->shard->env.post_job(live->shard->env.ctx, &job) == ERR_OK;
    return *under_way ? ERR_OK : err_set(e, ERR_BUSY, "busy", "The server is busy saving; try again in a moment.");
}

static void run_next(struct live_room *live)
{
    while (!live->running && !list_empty(&live->asked)) {
        struct room_work *work = list_entry(live->asked.next, struct room_work, here);
        struct err e = { 0 };
        bool under_way;
        enum err_code rc;

        list_remove(&work->here);
        live->asked_count--;
        live->running = work;
        rc = start(live, work, &under_way, &e);
        if (under_way)
            return;
        live->running = NULL;
        if (rc != ERR_OK)
            answer_error(live, work, rc, &e);
        room_work_free(work);
    }
}

void room_queue_ask(struct live_room *live, struct room_work *work)
{
    struct err e = { 0 };

    if (live->asked_count >= ROOM_QUEUE_MAX && !work->request.by_system) {
        (void)err_set(&e, ERR_BUSY, "busy", "Too many decisions are waiting in this room; try again in a moment.");
        answer_error(live, work, ERR_BUSY, &e);
        room_work_free(work);
    } else {
        list_add_tail(&live->asked, &work->here);
        live->asked_count++;
        run_next(live);
    }
    live_room_release(live);
}

/* ---- the end of a room ---- */

static void drop_work(struct live_room *live, struct room_work *work)
{
    static const struct err GONE = { .kind = ERR_NOT_FOUND,
                                     .code = "not_found",
                                     .detail = "The room is no longer there." };

    answer_error(live, work, ERR_NOT_FOUND, &GONE);
    room_work_free(work);
}

/* The room and its rows are no longer stored: nothing to write, everyone leaves. `work` (or NULL) was under way. */
static void close_deleted(struct live_room *live, struct room_work *work)
{
    struct room_request q = { .verb = ROOM_CLOSE, .by = "system", .by_system = true };
    struct room_decision d;
    struct room_events ev = { 0 };
    struct list *it, *tmp;

    if (work)
        drop_work(live, work);
    list_each(it, tmp, &live->asked)
    {
        list_remove(it);
        drop_work(live, list_entry(it, struct room_work, here));
    }
    live->asked_count = 0;
    if (room_decide(&live->room, &q, live_shard_now_ms(live->shard), &d, NULL) == ERR_OK) {
        live_room_apply(live, &d, &ev);
        coalesce_tell(live, &ev);
    }
    room_decision_clear(&d);
    live_room_release(live);
}

void room_queue_close(struct live_room *live)
{
    live->deleted = true;
    if (!live->running)
        close_deleted(live, NULL);
}

/* Its job has been committed, or has failed (its rc says). */
static void work_done(struct live_shard *shard, void *arg)
{
    struct room_work *work = arg;
    struct live_room *live = live_room_find(shard, work->room_id); /* stays while its work runs */

    live->running = NULL;
    if (live->deleted) {
        close_deleted(live, work);
        return;
    }
    if (work->rc == ERR_OK)
        work->kind->applied(live, work);
    else
        answer_error(live, work, work->rc, &work->err);
    room_work_free(work);
    run_next(live);
    live_room_release(live);
}
