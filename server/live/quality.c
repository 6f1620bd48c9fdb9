#include "live/quality.h"

#include <string.h>

#include "live/live_room.h"
#include "store/store_quality.h"
#include "util/mem.h"
#include "util/str.h"

#define REPORTS_PER_MINUTE 6 /* two, and one at the end of each page */

static enum err_code run(struct store *s, void *arg, struct err *e)
{
    return store_quality_put(s, arg, e);
}

/* A room that was deleted meanwhile needs no figures; any other failure is the store's to report. */
static void done(void *arg, enum err_code rc, const struct err *e)
{
    (void)rc, (void)e;
    mem_free(arg);
}

static struct call_stretch *stretch_of(const struct seat_session *seat, int64_t now_ms)
{
    const struct seat *row = &seat->member->seat;
    struct call_stretch *t = mem_new(sizeof *t);

    (void)str_copy(t->participant_id, sizeof t->participant_id, row->id);
    (void)str_copy(t->room_id, sizeof t->room_id, row->room_id);
    (void)str_copy(t->name, sizeof t->name, row->name);
    t->role = row->role;
    t->began_ms = seat->reported_ms;
    t->at_ms = now_ms;
    t->quality = seat->quality;
    return t;
}

enum err_code quality_reported(struct seat_session *seat, const struct call_quality *report, struct err *e)
{
    struct live_shard *shard = seat->shard;
    int64_t now_ms = shard->env.wall_ms(shard->env.ctx);
    struct store_job job = { .run = run, .done = done };

    if (!minute_allows(&seat->reports, REPORTS_PER_MINUTE, live_shard_mono_ms(shard)))
        return err_set(e, ERR_LIMIT, "too_fast", "The quality of a call is reported twice a minute.");
    if (seat->reported_ms == 0)
        seat->reported_ms = now_ms;
    call_quality_add(&seat->quality, report);
    job.arg = stretch_of(seat, now_ms);
    if (shard->env.post_job(shard->env.ctx, &job) != ERR_OK)
        mem_free(job.arg);
    return ERR_OK;
}
