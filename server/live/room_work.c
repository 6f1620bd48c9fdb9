#include "live/room_work.h"

#include <stdio.h>
#include <string.h>

#include "live/live_room.h"
#include "store/store_audit.h"
#include "store/store_invites.h"
#include "store/store_rooms.h"
#include "store/store_seats.h"
#include "store/store_sessions.h"
#include "util/mem.h"
#include "util/str.h"

struct work *work_new(struct floor *f, enum work_kind kind, const char *room_id, const char *of)
{
    struct work *w = mem_new(sizeof *w);

    w->kind = kind;
    w->floor = f;
    w->of = of;
    (void)str_copy(w->room_id, sizeof w->room_id, room_id);
    return w;
}

void work_free(struct work *w)
{
    if (!w)
        return;
    mem_wipe(w->ticket, sizeof w->ticket);
    room_decision_clear(&w->decision);
    mem_free(w->rules);
    mem_free(w->text);
    mem_free(w);
}

void work_set_text(struct work *w, const char *text)
{
    w->text = text && text[0] ? mem_copy_text(text) : NULL;
    w->request.text = w->text;
}

/* ---- on the store's thread ---- */

/* What enters the record for a change; AUDIT_ACTIONS: nothing (a new ticket, a reload). */
static enum audit_action action_of(const struct work *w, const struct room_change *c)
{
    static const enum audit_action ACTIONS[SEAT_EVENTS] = {
        [ON_JOIN] = AUDIT_SEAT_JOIN,      [ON_ADMIT] = AUDIT_SEAT_ADMIT,    [ON_HOLD] = AUDIT_SEAT_HOLD,
        [ON_RETURN] = AUDIT_SEAT_RETURN,  [ON_DENY] = AUDIT_SEAT_DENY,      [ON_REMOVE] = AUDIT_SEAT_REMOVE,
        [ON_LEAVE] = AUDIT_SEAT_LEAVE,    [ON_END] = AUDIT_SEAT_LEAVE,      [ON_SOCKET_LOST] = AUDIT_ACTIONS,
        [ON_RESUME] = AUDIT_ACTIONS,      [ON_TIMEOUT] = AUDIT_SEAT_EXPIRE, [ON_REPLACED] = AUDIT_SEAT_REPLACE,
        [ON_REVOKED] = AUDIT_SEAT_EXPIRE,
    };

    if (w->decision.verb == ROOM_CONFIRM || (c->why == ON_JOIN && w->facts.has_seat))
        return AUDIT_ACTIONS;
    return ACTIONS[c->why];
}

static enum err_code record(struct store *s, const struct work *w, enum audit_action action, const char *object,
                            const char *reason, struct err *e)
{
    struct audit_event event = { .action = action, .at_ms = w->wall_ms };

    (void)str_copy(event.actor, sizeof event.actor, w->decision.by[0] ? w->decision.by : "system");
    (void)str_copy(event.object, sizeof event.object, object);
    snprintf(event.facts, sizeof event.facts, "room=%s%s%s", w->room_id, reason ? " reason=" : "",
             reason ? reason : "");
    return store_audit_add(s, &event, e);
}

static enum err_code write_change(struct store *s, const struct work *w, const struct room_change *c, struct err *e)
{
    bool blocked = w->decision.block && c->seat.state == SEAT_ENDED && c->seat.blocked_until_ms > 0;
    enum audit_action action = action_of(w, c);
    enum err_code rc = store_seat_put(s, &c->seat, e);

    if (rc == ERR_OK && blocked)
        rc = store_block_add(s, w->room_id, c->seat.id, c->seat.invitation_id, c->seat.blocked_until_ms, e);
    if (rc == ERR_OK && action != AUDIT_ACTIONS)
        rc = record(s, w, action, c->seat.id, c->reason, e);
    return rc;
}

static enum err_code write_decision(struct store *s, const struct work *w, struct err *e)
{
    enum err_code rc = ERR_OK;

    for (size_t i = 0; i < w->decision.count && rc == ERR_OK; i++)
        rc = write_change(s, w, &w->decision.changes[i], e);
    if (rc == ERR_OK && (w->decision.verb == ROOM_END || w->decision.host_left))
        rc = store_seat_no_return(s, w->room_id, w->decision.verb == ROOM_END, w->now_ms - ROOM_REENTRY_MS, e);
    if (rc == ERR_OK && w->decision.ends_visit)
        rc = record(s, w, AUDIT_VISIT_END, w->room_id, NULL, e);
    return rc;
}

static enum err_code read_rules(struct store *s, struct work *w, struct err *e)
{
    enum err_code rc;

    mem_free(w->rules);
    w->rules = mem_new(sizeof *w->rules);
    rc = store_room_find(s, w->room_id, w->rules, e);
    if (rc == ERR_OK && strcmp(w->rules->id, w->room_id) != 0) /* found by its slug */
        rc = err_set(e, ERR_NOT_FOUND, "not_found", "There is no such room.");
    return rc;
}

/* ---- a join: what the store knows of it, found out as domain/admission.h asks for it ---- */

struct arrival {
    struct store *s;
    struct work *w;
    struct invite link; /* join.link */
};

static enum err_code find_sign_in(struct arrival *a, struct err *e)
{
    enum err_code rc = store_session_live(a->s, a->w->join.as.session_id, a->w->wall_ms, e);

    a->w->join.signed_out = rc == ERR_AUTH;
    return rc == ERR_AUTH ? ERR_OK : rc;
}

/* A token is worth no more than what it was given for: the user hosts the room still, who came by its address finds it open. */
static enum err_code find_rules(struct arrival *a, struct err *e)
{
    struct work *w = a->w;
    enum err_code rc = read_rules(a->s, w, e);

    if (rc != ERR_OK)
        return rc;
    w->facts.capacity = room_rules_capacity(w->rules);
    w->facts.waiting_room = w->rules->waiting_room;
    w->facts.locked = w->rules->locked;
    w->join.not_host = !room_rules_is_host(w->rules, w->join.as.user_id);
    w->join.closed = w->rules->access != ROOM_LINK;
    return ERR_OK;
}

static enum err_code find_seat(struct arrival *a, struct err *e)
{
    struct room_join *j = &a->w->join;
    enum err_code rc = store_seat_find(a->s, j->as.id, &j->row, e);

    j->has_row = rc == ERR_OK;
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    return rc == ERR_OK ? store_seat_host_lost(a->s, a->w->room_id, &a->w->facts.host_lost_ms, e) : rc;
}

/* Who else sits by the one-person link. Tokens are made before anybody does, so it is counted here. */
static enum err_code find_jars(struct arrival *a, struct err *e)
{
    struct room_join *j = &a->w->join;
    struct seat_list list;
    enum err_code rc = store_seat_list_room(a->s, j->as.room_id, &list, e);

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < list.count; i++)
        if (strcmp(list.items[i].invitation_id, j->as.invitation_id) == 0) {
            j->jars_open++;
            j->invitation_taken |= !list.items[i].same_invitation;
        }
    seat_list_clear(&list);
    j->unknown &= ~ADMISSION_BIT(ADMISSION_NEEDS_JARS);
    return ERR_OK;
}

/* One that is no longer stored is like one that was renewed. Only one that is for one person can be in use by another. */
static enum err_code find_link(struct arrival *a, struct err *e)
{
    struct room_join *j = &a->w->join;
    enum err_code rc = store_invite_by_id(a->s, j->as.invitation_id, &a->link, e);

    j->link = &a->link;
    j->link_gen = a->w->invitation_gen;
    if (rc == ERR_NOT_FOUND) {
        a->link = (struct invite){ 0 };
        return ERR_OK;
    }
    j->as.crowd = a->link.max_uses != 1;
    return rc == ERR_OK && !j->as.crowd ? find_jars(a, e) : rc;
}

static enum err_code find_blocks(struct arrival *a, struct err *e)
{
    struct room_join *j = &a->w->join;
    const char *room_id = a->w->room_id;
    enum err_code rc = store_block_until(a->s, room_id, j->as.id, "", &j->blocked_until_ms, e);

    if (rc == ERR_OK && j->as.invitation_id[0])
        rc = store_block_until(a->s, room_id, "", j->as.invitation_id, &j->link_blocked_until_ms, e);
    return rc;
}

static enum err_code (*const FIND[ADMISSION_NEEDS_END])(struct arrival *a, struct err *e) = {
    [ADMISSION_NEEDS_SIGN_IN] = find_sign_in, [ADMISSION_NEEDS_RULES] = find_rules,
    [ADMISSION_NEEDS_SEAT] = find_seat,       [ADMISSION_NEEDS_LINK] = find_link,
    [ADMISSION_NEEDS_BLOCKS] = find_blocks,   [ADMISSION_NEEDS_JARS] = find_jars,
};

/* The token has said who it is, and the shard what it knows of the room; also when this is run again. */
static void begin_arrival(struct work *w)
{
    struct room_join *j = &w->join;

    j->unknown = ADMISSION_BIT(ADMISSION_NEEDS_SIGN_IN) | ADMISSION_BIT(ADMISSION_NEEDS_SEAT) |
                 ADMISSION_BIT(ADMISSION_NEEDS_LINK) | ADMISSION_BIT(ADMISSION_NEEDS_BLOCKS) |
                 ADMISSION_BIT(ADMISSION_NEEDS_JARS);
    if (w->rules_wanted)
        j->unknown |= ADMISSION_BIT(ADMISSION_NEEDS_RULES);
    j->invitation_taken = false;
    j->jars_open = 0;
    j->as.crowd = j->as.role == SEAT_GUEST; /* unless the link says otherwise */
    room_decision_clear(&w->decision);
}

static enum err_code decide_arrival(struct arrival *a, struct err *e)
{
    struct work *w = a->w;
    enum admission need = admission_ask(ADMISSION_SEAT, &w->facts, &w->join, w->now_ms);

    while (admission_needs(need)) {
        enum err_code rc = FIND[need](a, e);

        if (rc != ERR_OK)
            return rc;
        w->join.unknown &= ~ADMISSION_BIT(need);
        need = admission_ask(ADMISSION_SEAT, &w->facts, &w->join, w->now_ms);
    }
    return room_decide_join(&w->facts, &w->join, w->now_ms, &w->decision, e);
}

static enum err_code run_join(struct store *s, struct work *w, struct err *e)
{
    struct arrival a = { .s = s, .w = w };
    enum err_code rc;

    begin_arrival(w);
    rc = decide_arrival(&a, e);
    w->join.link = NULL;
    if (rc == ERR_OK && w->tidy)
        rc = store_seat_prune_crowd(s, w->room_id, e);
    return rc == ERR_OK ? write_decision(s, w, e) : rc;
}

/* A ticket is worth no more than the sign-in under which its seat was taken. */
static enum err_code run_resume(struct store *s, const struct work *w, struct err *e)
{
    enum err_code rc = store_session_live(s, w->decision.changes[0].seat.session_id, w->wall_ms, e);

    return rc == ERR_OK ? write_decision(s, w, e) : rc;
}

static enum err_code run_lock(struct store *s, struct work *w, struct err *e)
{
    enum err_code rc = store_room_set_locked(s, w->room_id, w->lock, e);

    if (rc == ERR_OK)
        rc = record(s, w, AUDIT_ROOM_LOCK, w->room_id, w->lock ? "locked" : "unlocked", e);
    return rc == ERR_OK ? read_rules(s, w, e) : rc;
}

static enum err_code run(struct store *s, void *arg, struct err *e)
{
    struct work *w = arg;

    switch (w->kind) {
    case WORK_JOIN: return run_join(s, w, e);
    case WORK_RESUME: return run_resume(s, w, e);
    case WORK_LOCK: return run_lock(s, w, e);
    case WORK_DECIDE: break;
    }
    return write_decision(s, w, e);
}

static void back_on_shard(struct floor *f, void *arg)
{
    struct work *w = arg;
    struct place *p = place_find(f, w->room_id);

    place_work_done(p); /* a place stays while its work runs */
}

static void done(void *arg, enum err_code rc, const struct err *e)
{
    struct work *w = arg;
    struct floor *f = w->floor;

    w->rc = rc;
    if (e)
        w->err = *e;
    (void)f->env.post(f->env.ctx, f->env.shard, true, back_on_shard, w);
}

enum err_code work_post(struct work *w)
{
    struct store_job job = { .run = run, .done = done, .arg = w };

    return w->floor->env.post_job(w->floor->env.ctx, &job);
}
