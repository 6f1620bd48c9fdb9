#include "live/work_lock.h"

#include <string.h>

#include "live/live_rules.h"
#include "store/store_rooms.h"
#include "util/str.h"

static enum err_code prepare(struct live_room *p, struct room_work *w, bool *write, struct err *e)
{
    (void)p, (void)e;
    w->decision.verb = ROOM_VERBS;
    (void)str_copy(w->decision.by, sizeof w->decision.by, w->request.by);
    *write = true;
    return ERR_OK;
}

static enum err_code run(struct store *s, struct room_work *w, struct err *e)
{
    enum err_code rc = store_room_set_locked(s, w->room_id, w->lock, e);

    if (rc == ERR_OK)
        rc = room_work_record(s, w, AUDIT_ROOM_LOCK, w->room_id, w->lock ? "locked" : "unlocked", e);
    return rc == ERR_OK ? room_work_read_rules(s, w, e) : rc;
}

static void applied(struct live_room *p, struct room_work *w)
{
    live_rules_changed(p, w->rules);
}

const struct room_work_kind WORK_LOCK = { prepare, run, applied };
