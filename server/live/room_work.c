#include "live/room_work.h"

#include <stdio.h>
#include <string.h>

#include "store/store_audit.h"
#include "store/store_rooms.h"
#include "util/mem.h"
#include "util/str.h"

struct room_work *room_work_new(struct live_shard *f, const struct room_work_kind *kind, const char *room_id,
                                const char *of)
{
    struct room_work *w = mem_new(sizeof *w);

    w->kind = kind;
    w->shard = f;
    w->of = of;
    (void)str_copy(w->room_id, sizeof w->room_id, room_id);
    return w;
}

void room_work_free(struct room_work *w)
{
    if (!w)
        return;
    mem_wipe(w->ticket, sizeof w->ticket);
    room_decision_clear(&w->decision);
    mem_free(w->rules);
    mem_free(w->text);
    mem_free(w);
}

void room_work_set_text(struct room_work *w, const char *text)
{
    w->text = text && text[0] ? mem_copy_text(text) : NULL;
    w->request.text = w->text;
}

enum err_code room_work_record(struct store *s, const struct room_work *w, enum audit_action action, const char *object,
                               const char *reason, struct err *e)
{
    struct audit_event event = { .action = action, .at_ms = w->wall_ms };

    (void)str_copy(event.actor, sizeof event.actor, w->decision.by[0] ? w->decision.by : "system");
    (void)str_copy(event.object, sizeof event.object, object);
    snprintf(event.facts, sizeof event.facts, "room=%s%s%s", w->room_id, reason ? " reason=" : "",
             reason ? reason : "");
    return store_audit_add(s, &event, e);
}

enum err_code room_work_read_rules(struct store *s, struct room_work *w, struct err *e)
{
    enum err_code rc;

    mem_free(w->rules);
    w->rules = mem_new(sizeof *w->rules);
    rc = store_room_find(s, w->room_id, w->rules, e);
    if (rc == ERR_OK && strcmp(w->rules->id, w->room_id) != 0) /* found by its slug */
        rc = err_set(e, ERR_NOT_FOUND, "not_found", "This room does not exist.");
    return rc;
}
