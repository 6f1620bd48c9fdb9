#include "store/store_seats.h"

#include <assert.h>
#include <string.h>

#include "store/query.h"
#include "store/store_rows.h"
#include "util/clock.h"
#include "util/mem.h"

/* Stored numbers never change; those of state and role are also in statements.c and the migrations. */
static_assert(SEAT_NONE == 0 && SEAT_WAITING == 1 && SEAT_WAITING_AWAY == 2 && SEAT_INSIDE == 3 && SEAT_AWAY == 4 &&
                  SEAT_ENDED == 5,
              "stored in seats.state");
static_assert(SEAT_GUEST == 0 && SEAT_HOST == 1, "stored in seats.role");
static_assert(NAME_FROM_ACCOUNT == 0 && NAME_FROM_INVITATION == 1 && NAME_FROM_SELF == 2, "stored in seats.name_from");
static_assert(END_NONE == 0 && END_LEFT == 1 && END_DENIED == 2 && END_REMOVED == 3 && END_ENDED == 4 &&
                  END_EXPIRED == 5 && END_REPLACED == 6 && END_REVOKED == 7,
              "stored in seats.end_reason");

static void seat_from_row(struct query *q, struct seat *t)
{
    memset(t, 0, sizeof *t);
    col_text(q, "id", t->id, sizeof t->id);
    col_text(q, "room_id", t->room_id, sizeof t->room_id);
    col_text(q, "user_id", t->user_id, sizeof t->user_id);
    col_text(q, "invitation_id", t->invitation_id, sizeof t->invitation_id);
    col_text(q, "session_id", t->session_id, sizeof t->session_id);
    col_text(q, "name", t->name, sizeof t->name);
    t->role = (enum seat_role)col_enum(q, "role", SEAT_HOST + 1);
    t->name_from = (enum seat_name_from)col_enum(q, "name_from", NAME_FROM_SELF + 1);
    t->state = (enum seat_state)col_enum(q, "state", SEAT_STATES);
    t->end = (enum seat_end)col_enum(q, "end_reason", SEAT_ENDS);
    t->held = col_bool(q, "held");
    t->same_invitation = col_bool(q, "same_invitation");
    t->crowd = col_bool(q, "crowd");
    t->gen = col_i64(q, "gen");
    t->instance = col_i64(q, "instance");
    t->since_ms = col_i64(q, "since_ms");
    t->away_ms = col_i64(q, "away_ms");
    t->ended_ms = col_i64(q, "ended_ms");
    t->blocked_until_ms = col_i64(q, "blocked_until_ms");
    t->admitted_ms = col_i64(q, "admitted_ms");
    col_bytes(q, "ticket_hash", t->ticket_hash, sizeof t->ticket_hash);
    col_bytes(q, "ticket_old_hash", t->ticket_old_hash, sizeof t->ticket_old_hash);
}

enum err_code store_seat_find(struct store *s, const char *participant_id, struct seat *out, struct err *e)
{
    struct query q = query_begin(s, Q_SEAT_FIND);

    query_text(&q, participant_id);
    if (query_next(&q))
        seat_from_row(&q, out);
    return query_end_one(&q, e);
}

enum err_code store_seat_put(struct store *s, const struct seat *t, struct err *e)
{
    struct query q = query_begin(s, Q_SEAT_PUT);

    query_text(&q, t->id);
    query_text(&q, t->room_id);
    query_text(&q, t->user_id);
    query_text(&q, t->invitation_id);
    query_text(&q, t->session_id);
    query_text(&q, t->name);
    query_i64(&q, t->role);
    query_i64(&q, t->name_from);
    query_i64(&q, t->state);
    query_i64(&q, t->end);
    query_i64(&q, t->held);
    query_i64(&q, t->same_invitation);
    query_i64(&q, t->crowd);
    query_i64(&q, t->gen);
    query_i64(&q, t->instance);
    query_i64(&q, t->since_ms);
    query_i64(&q, t->away_ms);
    query_i64(&q, t->ended_ms);
    query_i64(&q, t->blocked_until_ms);
    query_i64(&q, t->admitted_ms);
    query_bytes(&q, t->ticket_hash, sizeof t->ticket_hash);
    query_bytes(&q, t->ticket_old_hash, sizeof t->ticket_old_hash);
    return not_found_without_reference(query_end(&q, e), e);
}

enum err_code store_seat_count_inside(struct store *s, const char *room_id, int *inside, int *hosts, struct err *e)
{
    struct query q = query_begin(s, Q_SEAT_COUNT_INSIDE);

    *inside = *hosts = 0;
    query_text(&q, room_id);
    if (query_next(&q)) {
        *inside = (int)col_i64(&q, "inside");
        *hosts = (int)col_i64(&q, "hosts");
    }
    return query_end(&q, e);
}

enum err_code store_seat_host_lost(struct store *s, const char *room_id, int64_t *at_ms, struct err *e)
{
    struct query q = query_begin(s, Q_SEAT_HOST_LOST);

    *at_ms = 0;
    query_text(&q, room_id);
    if (query_next(&q))
        *at_ms = col_i64(&q, "at_ms");
    return query_end(&q, e);
}

enum err_code store_seat_no_return(struct store *s, const char *room_id, bool ended, int64_t since_ms, struct err *e)
{
    struct query q = query_begin(s, ended ? Q_SEATS_END_LOST : Q_SEATS_FORGET_ADMISSION);

    query_text(&q, room_id);
    query_i64(&q, since_ms);
    return query_end(&q, e);
}

static enum err_code count(struct store *s, enum statement id, const char *room_id, int *out, struct err *e)
{
    struct query q = query_begin(s, id);

    *out = 0;
    query_text(&q, room_id);
    if (query_next(&q))
        *out = (int)col_i64(&q, "n");
    return query_end(&q, e);
}

enum err_code store_seat_count_open(struct store *s, const char *room_id, bool crowd, int *open, struct err *e)
{
    return count(s, crowd ? Q_SEAT_COUNT_CROWD : Q_SEATS_OPEN_COUNT, room_id, open, e);
}

enum err_code store_seat_prune_crowd(struct store *s, const char *room_id, struct err *e)
{
    return run_with_text(s, Q_SEATS_CROWD_PRUNE, room_id, e);
}

static enum err_code read_list(struct query *q, struct seat_list *out, struct err *e)
{
    size_t room = 0; /* elements allocated; at the start there may be thousands */
    enum err_code rc;

    memset(out, 0, sizeof *out);
    while (query_next(q)) {
        if (out->count == room) {
            room = room ? room * 2 : 16;
            out->items = mem_resize(out->items, room * sizeof *out->items);
        }
        seat_from_row(q, &out->items[out->count++]);
    }
    rc = query_end(q, e);
    if (rc != ERR_OK)
        seat_list_clear(out);
    return rc;
}

enum err_code store_seat_list_open(struct store *s, struct seat_list *out, struct err *e)
{
    struct query q = query_begin(s, Q_SEAT_LIST_OPEN);

    return read_list(&q, out, e);
}

enum err_code store_seat_list_room(struct store *s, const char *room_id, struct seat_list *out, struct err *e)
{
    struct query q = query_begin(s, Q_SEAT_LIST_ROOM);

    query_text(&q, room_id);
    return read_list(&q, out, e);
}

void seat_list_clear(struct seat_list *l)
{
    mem_free(l->items);
    memset(l, 0, sizeof *l);
}

/* --- blocks --------------------------------------------------------------------------------------------------------- */

enum err_code store_block_add(struct store *s, const char *room_id, const char *participant_id,
                              const char *invitation_id, int64_t until_ms, struct err *e)
{
    enum err_code rc = run_prune(s, Q_BLOCKS_PRUNE, clock_wall_ms(), 0, e);
    struct query q;

    if (rc != ERR_OK)
        return rc;
    q = query_begin(s, Q_BLOCK_ADD);
    query_text(&q, room_id);
    query_text(&q, participant_id);
    query_text(&q, invitation_id);
    query_i64(&q, until_ms);
    return not_found_without_reference(query_end(&q, e), e);
}

enum err_code store_block_list(struct store *s, const char *room_id, int64_t now_ms, struct block_list *out,
                               struct err *e)
{
    struct query q = query_begin(s, Q_BLOCK_LIST);
    enum err_code rc;

    memset(out, 0, sizeof *out);
    query_text(&q, room_id);
    query_i64(&q, now_ms);
    while (query_next(&q)) {
        struct block *b;

        out->items = mem_resize(out->items, (out->count + 1) * sizeof *out->items);
        b = &out->items[out->count++];
        col_text(&q, "participant_id", b->participant_id, sizeof b->participant_id);
        col_text(&q, "invitation_id", b->invitation_id, sizeof b->invitation_id);
        b->until_ms = col_i64(&q, "until_ms");
    }
    rc = query_end(&q, e);
    if (rc != ERR_OK)
        block_list_clear(out);
    return rc;
}

void block_list_clear(struct block_list *l)
{
    mem_free(l->items);
    memset(l, 0, sizeof *l);
}
