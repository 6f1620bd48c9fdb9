/* memory_store.h - the store as fuzz_dispatch.c has it, in memory: two rooms, one row a person. It stands in for the functions of
 * server/store that a shard calls; a new call there needs its counterpart here. Included once. */
#ifndef TESTS_FUZZ_MEMORY_STORE_H
#define TESTS_FUZZ_MEMORY_STORE_H

#include <string.h>

#include "store/store_audit.h"
#include "store/store_invitations.h"
#include "store/store_rooms.h"
#include "store/store_seats.h"
#include "store/store_sessions.h"
#include "store/store_users.h"
#include "tests/fuzz/must.h"
#include "util/mem.h"
#include "util/str.h"

#define PEOPLE 10 /* 0-4 in room ra, 5-9 in rb; the first two of each are hosts */

struct store {
    struct room_rules rooms[2];
    struct seat rows[PEOPLE];
    bool has_row[PEOPLE];
    int64_t blocked_until_ms[PEOPLE];
};
static struct store the_store;

static int person_of(const char *id)
{
    return id[0] == 'p' && id[1] >= '0' && id[1] <= '9' && id[2] == '\0' ? id[1] - '0' : -1;
}

static struct room_rules *rules_of(const char *id)
{
    return strcmp(id, "ra") == 0 ? &the_store.rooms[0] : strcmp(id, "rb") == 0 ? &the_store.rooms[1] : NULL;
}

enum err_code store_room_find(struct store *s, const char *id, struct room_rules *out, struct err *e)
{
    (void)s;
    if (!rules_of(id))
        return err_set(e, ERR_NOT_FOUND, "not_found", "no such room");
    *out = *rules_of(id);
    return ERR_OK;
}

enum err_code store_room_set_locked(struct store *s, const char *id, bool locked, struct err *e)
{
    (void)s, (void)e;
    rules_of(id)->locked = locked;
    rules_of(id)->revision++;
    return ERR_OK;
}

enum err_code store_seat_find(struct store *s, const char *id, struct seat *out, struct err *e)
{
    (void)s;
    if (!the_store.has_row[person_of(id)])
        return err_set(e, ERR_NOT_FOUND, "not_found", "no seat");
    *out = the_store.rows[person_of(id)];
    return ERR_OK;
}

enum err_code store_seat_put(struct store *s, const struct seat *seat, struct err *e)
{
    int person = person_of(seat->id);
    const struct seat *before = &the_store.rows[person];

    (void)s, (void)e;
    MUST(seat->state == SEAT_WAITING || seat->state == SEAT_INSIDE || seat->state == SEAT_ENDED);
    if (the_store.has_row[person]) { /* an ended seat stays ended except for a join, which counts its instance */
        MUST(seat->gen >= before->gen && seat->instance >= before->instance);
        MUST(before->state != SEAT_ENDED || seat->instance > before->instance);
        MUST((seat->state == SEAT_ENDED) == (seat->gen > before->gen));
    }
    the_store.rows[person] = *seat;
    the_store.has_row[person] = true;
    return ERR_OK;
}

static bool was_lost(int person, const char *room_id, int64_t since_ms)
{
    const struct seat *row = &the_store.rows[person];

    return the_store.has_row[person] && strcmp(row->room_id, room_id) == 0 && row->state == SEAT_ENDED &&
           row->end == END_EXPIRED && row->ended_ms >= since_ms;
}

enum err_code store_seat_host_lost(struct store *s, const char *room_id, int64_t *at_ms, struct err *e)
{
    (void)s, (void)e;
    *at_ms = 0;
    for (int i = 0; i < PEOPLE; i++)
        if (the_store.rows[i].role == SEAT_HOST && was_lost(i, room_id, *at_ms))
            *at_ms = the_store.rows[i].ended_ms;
    return ERR_OK;
}

enum err_code store_seat_no_return(struct store *s, const char *room_id, bool ended, int64_t since_ms, struct err *e)
{
    (void)s, (void)e;
    for (int i = 0; i < PEOPLE; i++) {
        struct seat *row = &the_store.rows[i];

        if (!was_lost(i, room_id, since_ms))
            continue;
        if (ended && row->admitted_ms > 0)
            row->end = END_ENDED;
        else if (!ended && row->role == SEAT_GUEST)
            row->admitted_ms = 0;
    }
    return ERR_OK;
}

/* There are too few rows here for any to be forgotten. */
enum err_code store_seat_prune_crowd(struct store *s, const char *room_id, struct err *e)
{
    (void)s, (void)room_id, (void)e;
    return ERR_OK;
}

enum err_code store_block_add(struct store *s, const char *room, const char *id, const char *invitation,
                              int64_t until_ms, struct err *e)
{
    (void)s, (void)room, (void)invitation, (void)e;
    the_store.blocked_until_ms[person_of(id)] = until_ms;
    return ERR_OK;
}

enum err_code store_block_list(struct store *s, const char *room_id, int64_t now_ms, struct block_list *out,
                               struct err *e)
{
    (void)s, (void)room_id, (void)e;
    *out = (struct block_list){ 0 };
    for (int i = 0; i < PEOPLE; i++) {
        struct block *b;

        if (the_store.blocked_until_ms[i] <= now_ms)
            continue;
        out->items = mem_resize(out->items, (out->count + 1) * sizeof *out->items);
        b = &out->items[out->count++];
        *b = (struct block){ .until_ms = the_store.blocked_until_ms[i] }; /* no link is blocked here */
        (void)str_copy(b->participant_id, ID_SIZE, the_store.rows[i].id);
    }
    return ERR_OK;
}

void block_list_clear(struct block_list *l)
{
    mem_free(l->items);
    *l = (struct block_list){ 0 };
}

enum err_code store_audit_add(struct store *s, const struct audit_event *event, struct err *e)
{
    (void)s, (void)e;
    MUST(event->action < AUDIT_ACTIONS && event->actor[0] && event->object[0]);
    return ERR_OK;
}

/* Every invitation is for one person, and never revoked. */
enum err_code store_invitation_by_id(struct store *s, const char *id, struct invitation *out, struct err *e)
{
    (void)s, (void)e;
    *out = (struct invitation){ .max_uses = 1 };
    (void)str_copy(out->id, ID_SIZE, id);
    (void)str_copy(out->room_id, ID_SIZE, id + sizeof "invitation-" - 1);
    return ERR_OK;
}

enum err_code store_seat_list_room(struct store *s, const char *room_id, struct seat_list *out, struct err *e)
{
    (void)s, (void)e;
    *out = (struct seat_list){ .items = mem_new(sizeof the_store.rows) };
    for (int i = 0; i < PEOPLE; i++)
        if (the_store.has_row[i] && seat_is_open(the_store.rows[i].state) &&
            strcmp(the_store.rows[i].room_id, room_id) == 0)
            out->items[out->count++] = the_store.rows[i];
    return ERR_OK;
}

void seat_list_clear(struct seat_list *l)
{
    mem_free(l->items);
}

enum err_code store_session_live(struct store *s, const char *id, int64_t at_ms, struct err *e)
{
    (void)s, (void)id, (void)at_ms, (void)e;
    return ERR_OK;
}

enum err_code store_session_seen(struct store *s, const char *id, int64_t at_ms, struct err *e)
{
    (void)s, (void)id, (void)at_ms, (void)e;
    return ERR_OK;
}

/* Nobody here opens a dashboard; these only keep the real store out of the link. */
enum err_code store_user_by_id(struct store *s, const char *id, struct user *out, struct err *e)
{
    (void)s, (void)id, (void)out;
    return err_set(e, ERR_NOT_FOUND, "not_found", "no users");
}

enum err_code store_room_list(struct store *s, const char *user_id, const char *after_id, int limit,
                              struct room_list *out, struct err *e)
{
    (void)s, (void)user_id, (void)after_id, (void)limit, (void)e;
    *out = (struct room_list){ 0 };
    return ERR_OK;
}

void room_list_clear(struct room_list *l)
{
    (void)l;
}

#endif
