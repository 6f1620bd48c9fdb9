#include "live/quality.h"

#include <string.h>

#include "store/store_quality.h"
#include "util/mem.h"
#include "util/str.h"

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

struct call_stretch quality_stretch(const struct seat_session *seat)
{
    const struct seat *row = &seat->member->seat;
    struct call_stretch t = {
        .role = row->role, .visit_ms = seat->visit_ms, .began_ms = seat->reported_ms, .quality = seat->quality
    };

    (void)str_copy(t.participant_id, sizeof t.participant_id, row->id);
    (void)str_copy(t.room_id, sizeof t.room_id, row->room_id);
    (void)str_copy(t.name, sizeof t.name, row->name);
    return t;
}

void quality_keep(struct live_shard *shard, struct call_stretch *t, const struct call_quality *report)
{
    struct call_quality came = *report;
    struct store_job job = { .run = run, .done = done };

    t->at_ms = live_shard_now_ms(shard);
    if (t->began_ms == 0)
        t->began_ms = t->at_ms;
    call_quality_came(&came, t->at_ms);
    call_quality_add(&t->quality, &came);
    job.arg = mem_copy(t, sizeof *t);
    if (shard->env.post_job(shard->env.ctx, &job) != ERR_OK)
        mem_free(job.arg);
}

void quality_take_part(struct seat_session *seat, int64_t visit_ms)
{
    if (seat->visit_ms == visit_ms)
        return;
    seat->visit_ms = visit_ms;
    seat->reported_ms = 0;
    seat->quality = (struct call_quality){ 0 };
}

enum err_code quality_reported(struct seat_session *seat, const struct call_quality *report, struct err *e)
{
    struct call_stretch t;

    if (!minute_allows(&seat->reports, QUALITY_REPORTS_PER_MINUTE, live_shard_mono_ms(seat->shard)))
        return err_set(e, ERR_LIMIT, "too_fast", "The quality of a call is reported twice a minute.");
    if (seat->visit_ms == 0)
        return ERR_OK;
    t = quality_stretch(seat);
    quality_keep(seat->shard, &t, report);
    seat->reported_ms = t.began_ms;
    seat->quality = t.quality;
    return ERR_OK;
}
