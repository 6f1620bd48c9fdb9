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

static void seat_from_row(struct query *query, struct seat *seat)
{
    memset(seat, 0, sizeof *seat);
    col_text(query, "id", seat->id, sizeof seat->id);
    col_text(query, "room_id", seat->room_id, sizeof seat->room_id);
    col_text(query, "user_id", seat->user_id, sizeof seat->user_id);
    col_text(query, "invitation_id", seat->invitation_id, sizeof seat->invitation_id);
    col_text(query, "session_id", seat->session_id, sizeof seat->session_id);
    col_text(query, "name", seat->name, sizeof seat->name);
    seat->role = (enum seat_role)col_enum(query, "role", SEAT_HOST + 1);
    seat->name_from = (enum seat_name_from)col_enum(query, "name_from", NAME_FROM_SELF + 1);
    seat->state = (enum seat_state)col_enum(query, "state", SEAT_STATES);
    seat->end = (enum seat_end)col_enum(query, "end_reason", SEAT_ENDS);
    seat->held = col_bool(query, "held");
    seat->same_invitation = col_bool(query, "same_invitation");
    seat->crowd = col_bool(query, "crowd");
    seat->gen = col_i64(query, "gen");
    seat->instance = col_i64(query, "instance");
    seat->since_ms = col_i64(query, "since_ms");
    seat->away_ms = col_i64(query, "away_ms");
    seat->ended_ms = col_i64(query, "ended_ms");
    seat->blocked_until_ms = col_i64(query, "blocked_until_ms");
    seat->admitted_ms = col_i64(query, "admitted_ms");
    col_bytes(query, "ticket_hash", seat->ticket_hash, sizeof seat->ticket_hash);
    col_bytes(query, "ticket_old_hash", seat->ticket_old_hash, sizeof seat->ticket_old_hash);
}

enum err_code store_seat_find(struct store *store, const char *participant_id, struct seat *out, struct err *e)
{
    struct query q = query_begin(store, Q_SEAT_FIND);

    query_text(&q, participant_id);
    if (query_next(&q))
        seat_from_row(&q, out);
    return query_end_one(&q, e);
}

enum err_code store_seat_put(struct store *store, const struct seat *seat, struct err *e)
{
    struct query q = query_begin(store, Q_SEAT_PUT);

    query_text(&q, seat->id);
    query_text(&q, seat->room_id);
    query_text(&q, seat->user_id);
    query_text(&q, seat->invitation_id);
    query_text(&q, seat->session_id);
    query_text(&q, seat->name);
    query_i64(&q, seat->role);
    query_i64(&q, seat->name_from);
    query_i64(&q, seat->state);
    query_i64(&q, seat->end);
    query_i64(&q, seat->held);
    query_i64(&q, seat->same_invitation);
    query_i64(&q, seat->crowd);
    query_i64(&q, seat->gen);
    query_i64(&q, seat->instance);
    query_i64(&q, seat->since_ms);
    query_i64(&q, seat->away_ms);
    query_i64(&q, seat->ended_ms);
    query_i64(&q, seat->blocked_until_ms);
    query_i64(&q, seat->admitted_ms);
    query_bytes(&q, seat->ticket_hash, sizeof seat->ticket_hash);
    query_bytes(&q, seat->ticket_old_hash, sizeof seat->ticket_old_hash);
    return not_found_without_reference(query_end(&q, e), e);
}

enum err_code store_seat_count_inside(struct store *store, const char *room_id, int *inside, int *hosts, struct err *e)
{
    struct query q = query_begin(store, Q_SEAT_COUNT_INSIDE);

    *inside = *hosts = 0;
    query_text(&q, room_id);
    if (query_next(&q)) {
        *inside = (int)col_i64(&q, "inside");
        *hosts = (int)col_i64(&q, "hosts");
    }
    return query_end(&q, e);
}

enum err_code store_seat_host_lost(struct store *store, const char *room_id, int64_t *at_ms, struct err *e)
{
    struct query q = query_begin(store, Q_SEAT_HOST_LOST);

    *at_ms = 0;
    query_text(&q, room_id);
    if (query_next(&q))
        *at_ms = col_i64(&q, "at_ms");
    return query_end(&q, e);
}

enum err_code store_seat_no_return(struct store *store, const char *room_id, bool ended, int64_t since_ms,
                                   struct err *e)
{
    struct query q = query_begin(store, ended ? Q_SEATS_END_LOST : Q_SEATS_FORGET_ADMISSION);

    query_text(&q, room_id);
    query_i64(&q, since_ms);
    return query_end(&q, e);
}

static enum err_code count(struct store *store, enum statement id, const char *room_id, int *out, struct err *e)
{
    struct query q = query_begin(store, id);

    *out = 0;
    query_text(&q, room_id);
    if (query_next(&q))
        *out = (int)col_i64(&q, "n");
    return query_end(&q, e);
}

enum err_code store_seat_count_open(struct store *store, const char *room_id, bool crowd, int *open, struct err *e)
{
    return count(store, crowd ? Q_SEAT_COUNT_CROWD : Q_SEATS_OPEN_COUNT, room_id, open, e);
}

enum err_code store_seat_prune_crowd(struct store *store, const char *room_id, struct err *e)
{
    return run_with_text(store, Q_SEATS_CROWD_PRUNE, room_id, e);
}

static enum err_code read_list(struct query *query, struct seat_list *out, struct err *e)
{
    size_t room = 0; /* elements allocated; at the start there may be thousands */
    enum err_code rc;

    memset(out, 0, sizeof *out);
    while (query_next(query)) {
        if (out->count == room) {
            room = room ? room * 2 : 16;
            out->items = mem_resize(out->items, room * sizeof *out->items);
        }
        seat_from_row(query, &out->items[out->count++]);
    }
    rc = query_end(query, e);
    if (rc != ERR_OK)
        seat_list_clear(out);
    return rc;
}

enum err_code store_seat_list_open(struct store *store, struct seat_list *out, struct err *e)
{
    struct query q = query_begin(store, Q_SEAT_LIST_OPEN);

    return read_list(&q, out, e);
}

enum err_code store_seat_list_room(struct store *store, const char *room_id, struct seat_list *out, struct err *e)
{
    struct query q = query_begin(store, Q_SEAT_LIST_ROOM);

    query_text(&q, room_id);
    return read_list(&q, out, e);
}

void seat_list_clear(struct seat_list *list)
{
    mem_free(list->items);
    memset(list, 0, sizeof *list);
}

/* --- blocks --------------------------------------------------------------------------------------------------------- */

enum err_code store_block_add(struct store *store, const char *room_id, const char *participant_id,
                              const char *invitation_id, int64_t until_ms, struct err *e)
{
    enum err_code rc = run_prune(store, Q_BLOCKS_PRUNE, clock_wall_ms(), 0, e);
    struct query q;

    if (rc != ERR_OK)
        return rc;
    q = query_begin(store, Q_BLOCK_ADD);
    query_text(&q, room_id);
    query_text(&q, participant_id);
    query_text(&q, invitation_id);
    query_i64(&q, until_ms);
    return not_found_without_reference(query_end(&q, e), e);
}

enum err_code store_block_list(struct store *store, const char *room_id, int64_t now_ms, struct block_list *out,
                               struct err *e)
{
    struct query q = query_begin(store, Q_BLOCK_LIST);
    enum err_code rc;

    memset(out, 0, sizeof *out);
    query_text(&q, room_id);
    query_i64(&q, now_ms);
    while (query_next(&q)) {
        struct block *block;

        out->items = mem_resize(out->items, (out->count + 1) * sizeof *out->items);
        block = &out->items[out->count++];
        col_text(&q, "participant_id", block->participant_id, sizeof block->participant_id);
        col_text(&q, "invitation_id", block->invitation_id, sizeof block->invitation_id);
        block->until_ms = col_i64(&q, "until_ms");
    }
    rc = query_end(&q, e);
    if (rc != ERR_OK)
        block_list_clear(out);
    return rc;
}

void block_list_clear(struct block_list *list)
{
    mem_free(list->items);
    memset(list, 0, sizeof *list);
}
