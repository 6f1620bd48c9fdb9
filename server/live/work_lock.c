#include "live/work_lock.h"

#include <string.h>

#include "live/live_rules.h"
#include "store/store_rooms.h"
#include "util/str.h"

static enum err_code prepare(struct live_room *live, struct room_work *work, bool *write, struct err *e)
{
    (void)live, (void)e;
    work->decision.verb = ROOM_VERBS;
    (void)str_copy(work->decision.by, sizeof work->decision.by, work->request.by);
    *write = true;
    return ERR_OK;
}

static enum err_code run(struct store *s, struct room_work *work, struct err *e)
{
    enum err_code rc = store_room_set_locked(s, work->room_id, work->lock, e);

    if (rc == ERR_OK)
        rc = room_work_record(s, work, AUDIT_ROOM_LOCK, work->room_id, work->lock ? "locked" : "unlocked", e);
    return rc == ERR_OK ? room_work_read_rules(s, work, e) : rc;
}

static void applied(struct live_room *live, struct room_work *work)
{
    live_rules_changed(live, work->rules);
}

const struct room_work_kind WORK_LOCK = { prepare, run, applied };
