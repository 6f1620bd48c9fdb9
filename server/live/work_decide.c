#include "live/work_decide.h"

#include <string.h>

#include "live/coalesce.h"
#include "observe/metrics.h"
#include "store/store_seats.h"
#include "util/str.h"

enum err_code work_prepare_decision(struct live_room *live, struct room_work *work, bool *write, struct err *e)
{
    enum err_code rc = room_decide(&live->room, &work->request, work->now_ms, &work->decision, e);

    *write = rc == ERR_OK &&
             (work->decision.count > 0 || work->decision.verb == ROOM_END); /* a person who was lost still has a row */
    return rc;
}

/* ---- on the store's thread ---- */

/* The record's action for a change; AUDIT_ACTIONS: none (a new ticket, a reload). */
static enum audit_action action_of(const struct room_work *work, const struct room_change *c)
{
    static const enum audit_action ACTIONS[SEAT_EVENTS] = {
        [ON_JOIN] = AUDIT_SEAT_JOIN,      [ON_ADMIT] = AUDIT_SEAT_ADMIT,    [ON_HOLD] = AUDIT_SEAT_HOLD,
        [ON_RETURN] = AUDIT_SEAT_RETURN,  [ON_DENY] = AUDIT_SEAT_DENY,      [ON_REMOVE] = AUDIT_SEAT_REMOVE,
        [ON_LEAVE] = AUDIT_SEAT_LEAVE,    [ON_END] = AUDIT_SEAT_LEAVE,      [ON_SOCKET_LOST] = AUDIT_ACTIONS,
        [ON_RESUME] = AUDIT_ACTIONS,      [ON_TIMEOUT] = AUDIT_SEAT_EXPIRE, [ON_REPLACED] = AUDIT_SEAT_REPLACE,
        [ON_REVOKED] = AUDIT_SEAT_EXPIRE,
    };

    if (work->decision.verb == ROOM_CONFIRM || (c->why == ON_JOIN && work->facts.has_seat))
        return AUDIT_ACTIONS;
    return ACTIONS[c->why];
}

static enum err_code write_change(struct store *s, const struct room_work *work, const struct room_change *c,
                                  struct err *e)
{
    bool blocked = work->decision.block && c->seat.state == SEAT_ENDED && c->seat.blocked_until_ms > 0;
    enum audit_action action = action_of(work, c);
    enum err_code rc = store_seat_put(s, &c->seat, e);

    if (rc == ERR_OK && blocked)
        rc = store_block_add(s, work->room_id, c->seat.id, c->seat.invitation_id, c->seat.blocked_until_ms, e);
    if (rc == ERR_OK && action != AUDIT_ACTIONS)
        rc = room_work_record(s, work, action, c->seat.id, c->reason, e);
    return rc;
}

enum err_code work_write_decision(struct store *s, struct room_work *work, struct err *e)
{
    enum err_code rc = ERR_OK;

    for (size_t i = 0; i < work->decision.count && rc == ERR_OK; i++)
        rc = write_change(s, work, &work->decision.changes[i], e);
    if (rc == ERR_OK && (work->decision.verb == ROOM_END || work->decision.host_left))
        rc = store_seat_no_return(s, work->room_id, work->decision.verb == ROOM_END, work->now_ms - ROOM_REENTRY_MS, e);
    if (rc == ERR_OK && work->decision.ends_visit)
        rc = room_work_record(s, work, AUDIT_VISIT_END, work->room_id, NULL, e);
    return rc;
}

/* ---- on the shard ---- */

static void applied(struct live_room *live, struct room_work *work)
{
    struct room_events ev = { 0 };

    live_room_apply(live, &work->decision, &ev);
    coalesce_tell(live, &ev);
    if (work->decision.verb == ROOM_ADMIT)
        metrics_count(METRIC_ADMITS, 1);
}

const struct room_work_kind WORK_DECIDE = { work_prepare_decision, work_write_decision, applied };

struct room_work *work_by_system(struct live_room *live, enum room_verb verb, const char *participant)
{
    struct room_work *work = room_work_new(live->shard, &WORK_DECIDE, live->room.view.id, NULL);

    work->request = (struct room_request){ .verb = verb, .by = "system", .by_system = true };
    (void)str_copy(work->request.participant, ID_SIZE, participant);
    return work;
}
