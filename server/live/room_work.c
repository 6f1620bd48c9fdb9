#include "live/room_work.h"

#include <stdio.h>
#include <string.h>

#include "store/store_audit.h"
#include "store/store_rooms.h"
#include "util/mem.h"
#include "util/str.h"

struct room_work *room_work_new(struct live_shard *shard, const struct room_work_kind *kind, const char *room_id,
                                const char *of)
{
    struct room_work *work = mem_new(sizeof *work);

    work->kind = kind;
    work->shard = shard;
    work->of = of;
    (void)str_copy(work->room_id, sizeof work->room_id, room_id);
    return work;
}

void room_work_free(struct room_work *work)
{
    if (!work)
        return;
    mem_wipe(work->ticket, sizeof work->ticket);
    room_decision_clear(&work->decision);
    mem_free(work->rules);
    mem_free(work->text);
    mem_free(work);
}

void room_work_set_text(struct room_work *work, const char *text)
{
    work->text = text && text[0] ? mem_copy_text(text) : NULL;
    work->request.text = work->text;
}

enum err_code room_work_record(struct store *s, const struct room_work *work, enum audit_action action,
                               const char *object, const char *reason, struct err *e)
{
    struct audit_event event = { .action = action, .at_ms = work->wall_ms };

    (void)str_copy(event.actor, sizeof event.actor, work->decision.by[0] ? work->decision.by : "system");
    (void)str_copy(event.object, sizeof event.object, object);
    snprintf(event.facts, sizeof event.facts, "room=%s%s%s", work->room_id, reason ? " reason=" : "",
             reason ? reason : "");
    return store_audit_add(s, &event, e);
}

enum err_code room_work_read_rules(struct store *s, struct room_work *work, struct err *e)
{
    enum err_code rc;

    mem_free(work->rules);
    work->rules = mem_new(sizeof *work->rules);
    rc = store_room_find(s, work->room_id, work->rules, e);
    if (rc == ERR_OK && strcmp(work->rules->id, work->room_id) != 0) /* found by its slug */
        rc = err_set(e, ERR_NOT_FOUND, "not_found", "This room does not exist.");
    return rc;
}
