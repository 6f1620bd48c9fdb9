#include "store/store_invitations.h"

#include <string.h>

#include "domain/admission.h"
#include "store/query.h"
#include "store/store_rows.h"
#include "util/mem.h"

#define PAGE_MAX 200

static void invitation_from_row(struct query *query, struct invitation *invitation)
{
    col_text(query, "id", invitation->id, sizeof invitation->id);
    col_text(query, "room_id", invitation->room_id, sizeof invitation->room_id);
    col_text(query, "created_by", invitation->created_by, sizeof invitation->created_by);
    col_text(query, "guest_name", invitation->guest_name, sizeof invitation->guest_name);
    col_text(query, "email", invitation->email, sizeof invitation->email);
    invitation->generation = col_i64(query, "generation");
    invitation->max_uses = col_i64(query, "max_uses");
    invitation->uses = col_i64(query, "uses");
    invitation->not_before_ms = col_i64(query, "not_before_ms");
    invitation->expires_ms = col_i64(query, "expires_ms");
    invitation->revoked_ms = col_i64(query, "revoked_ms");
    invitation->created_ms = col_i64(query, "created_ms");
    invitation->asked_ms = col_i64(query, "asked_ms");
    invitation->answered_ms = col_i64(query, "answered_ms");
    col_bytes(query, "code_hash", invitation->code_hash, sizeof invitation->code_hash);
}

enum err_code store_invitation_add(struct store *store, const struct invitation *invitation, struct err *e)
{
    struct query q = query_begin(store, Q_INVITATION_ADD);

    query_text(&q, invitation->id);
    query_text(&q, invitation->room_id);
    query_text(&q, invitation->created_by);
    query_text(&q, invitation->guest_name);
    query_text(&q, invitation->email);
    query_i64(&q, invitation->generation);
    query_i64(&q, invitation->max_uses);
    query_i64(&q, invitation->uses);
    query_i64(&q, invitation->not_before_ms);
    query_i64(&q, invitation->expires_ms);
    query_i64(&q, invitation->revoked_ms);
    query_i64(&q, invitation->created_ms);
    query_i64(&q, invitation->asked_ms);
    query_i64(&q, invitation->answered_ms);
    query_bytes(&q, invitation->code_hash, sizeof invitation->code_hash);
    return not_found_without_reference(query_end(&q, e), e);
}

enum err_code store_invitation_by_id(struct store *store, const char *id, struct invitation *out, struct err *e)
{
    struct query q = query_begin(store, Q_INVITATION_BY_ID);

    query_text(&q, id);
    if (query_next(&q))
        invitation_from_row(&q, out);
    return query_end_one(&q, e);
}

enum err_code store_invitation_by_code(struct store *store, const uint8_t code_hash[HASH_BYTES], struct invitation *out,
                                       struct err *e)
{
    struct query q = query_begin(store, Q_INVITATION_BY_CODE);

    query_bytes(&q, code_hash, HASH_BYTES);
    if (query_next(&q))
        invitation_from_row(&q, out);
    return query_end_one(&q, e);
}

static enum err_code check_invitation_cursor(struct store *store, const char *after_id, struct err *e)
{
    struct invitation i;
    enum err_code rc = after_id[0] ? store_invitation_by_id(store, after_id, &i, e) : ERR_OK;

    return rc == ERR_NOT_FOUND ? err_field(e, "after", "the list cannot go on there: begin again") : rc;
}

/* Ends the query, of which `limit` rows are used. */
static enum err_code read_list(struct query *query, int limit, struct invitation_list *out, struct err *e)
{
    enum err_code rc;

    while (query_next(query)) {
        if (out->count == (size_t)limit) {
            out->more = true;
            break;
        }
        out->items = mem_resize(out->items, (out->count + 1) * sizeof *out->items);
        invitation_from_row(query, &out->items[out->count++]);
    }
    rc = query_end(query, e);
    if (rc != ERR_OK)
        invitation_list_clear(out);
    return rc;
}

enum err_code store_invitation_list(struct store *store, const char *room_id, const char *after_id, int limit,
                                    struct invitation_list *out, struct err *e)
{
    enum err_code rc = check_invitation_cursor(store, after_id, e);
    struct query q;

    memset(out, 0, sizeof *out);
    if (rc != ERR_OK)
        return rc;
    limit = limit < 1 ? 1 : limit > PAGE_MAX ? PAGE_MAX : limit;
    q = query_begin(store, after_id[0] ? Q_INVITATION_PAGE : Q_INVITATION_FIRST_PAGE);
    query_text(&q, room_id);
    if (after_id[0])
        query_text(&q, after_id);
    query_i64(&q, limit + 1);
    return read_list(&q, limit, out, e);
}

enum err_code store_invitation_list_asked(struct store *store, const char *user_id, struct invitation_list *out,
                                          struct err *e)
{
    struct query q = query_begin(store, user_id[0] ? Q_INVITATION_ASKED_OF_USER : Q_INVITATION_ASKED_ALL);

    memset(out, 0, sizeof *out);
    if (user_id[0])
        query_text(&q, user_id);
    query_i64(&q, PAGE_MAX + 1);
    return read_list(&q, PAGE_MAX, out, e);
}

void invitation_list_clear(struct invitation_list *list)
{
    mem_free(list->items);
    memset(list, 0, sizeof *list);
}

static enum err_code set_time(struct store *store, enum statement statement, const char *id, int64_t now_ms,
                              struct err *e)
{
    struct query q = query_begin(store, statement);

    query_i64(&q, now_ms);
    query_text(&q, id);
    return end_changed(&q, e);
}

enum err_code store_invitation_revoke(struct store *store, const char *id, int64_t now_ms, struct err *e)
{
    return set_time(store, Q_INVITATION_REVOKE, id, now_ms, e);
}

enum err_code store_invitation_renew(struct store *store, const struct invitation *invitation, struct err *e)
{
    struct query q = query_begin(store, Q_INVITATION_RENEW);
    enum err_code rc;

    query_bytes(&q, invitation->code_hash, HASH_BYTES);
    query_i64(&q, invitation->not_before_ms);
    query_i64(&q, invitation->expires_ms);
    query_text(&q, invitation->id);
    rc = end_changed(&q, e);
    return rc == ERR_OK ? run_with_text(store, Q_INVITATION_USES_DROP, invitation->id, e) : rc;
}

enum err_code store_invitation_ask(struct store *store, const char *id, int64_t now_ms, struct err *e)
{
    return set_time(store, Q_INVITATION_ASK, id, now_ms, e);
}

enum err_code store_invitation_answer(struct store *store, const char *id, int64_t now_ms, struct err *e)
{
    return set_time(store, Q_INVITATION_ANSWER, id, now_ms, e);
}

/* --- guest identities ----------------------------------------------------------------------------------------------- */

enum err_code store_invitation_known(struct store *store, const char *invitation_id,
                                     const uint8_t guest_hash[HASH_BYTES], bool *known, struct err *e)
{
    struct query q = query_begin(store, Q_INVITATION_KNOWN);

    query_text(&q, invitation_id);
    query_bytes(&q, guest_hash, HASH_BYTES);
    *known = query_next(&q);
    return query_end(&q, e);
}

enum err_code store_invitation_is_anothers(struct store *store, const char *invitation_id,
                                           const uint8_t guest_hash[HASH_BYTES], bool *anothers, struct err *e)
{
    struct query q = query_begin(store, Q_INVITATION_FIRST_USE);
    uint8_t first[HASH_BYTES];

    *anothers = false;
    query_text(&q, invitation_id);
    if (query_next(&q)) {
        col_bytes(&q, "guest_hash", first, sizeof first);
        *anothers = memcmp(first, guest_hash, sizeof first) != 0;
    }
    return query_end(&q, e);
}

enum err_code store_invitation_use(struct store *store, const char *invitation_id, const uint8_t guest_hash[HASH_BYTES],
                                   int64_t now_ms, struct err *e)
{
    struct query q = query_begin(store, Q_INVITATION_USE_ADD);
    int64_t added;
    enum err_code rc;

    query_text(&q, invitation_id);
    query_bytes(&q, guest_hash, HASH_BYTES);
    query_i64(&q, now_ms);
    rc = not_found_without_reference(query_end_changes(&q, &added, e), e);
    return rc == ERR_OK && added ? run_with_text(store, Q_INVITATION_USE_COUNT, invitation_id, e) : rc;
}

/* --- PIN attempts --------------------------------------------------------------------------------------------------- */

enum err_code store_pin_failures(struct store *store, const char *room_id, const uint8_t from[HASH_BYTES],
                                 int64_t now_ms, int *of_origin, int *of_room, struct err *e)
{
    struct query q = query_begin(store, Q_PIN_FAILURES);

    *of_origin = *of_room = 0;
    query_bytes(&q, from, HASH_BYTES);
    query_text(&q, room_id);
    query_i64(&q, now_ms - ADMISSION_PIN_MEMORY_MS);
    if (query_next(&q)) {
        *of_room = (int)col_i64(&q, "of_room");
        *of_origin = (int)col_i64(&q, "of_origin");
    }
    return query_end(&q, e);
}

enum err_code store_pin_failed(struct store *store, const char *room_id, const uint8_t from[HASH_BYTES], int64_t now_ms,
                               struct err *e)
{
    enum err_code rc = run_prune(store, Q_PIN_FAILURES_PRUNE, now_ms, ADMISSION_PIN_MEMORY_MS, e);
    struct query q;

    if (rc != ERR_OK)
        return rc;
    q = query_begin(store, Q_PIN_FAILURE_ADD);
    query_text(&q, room_id);
    query_bytes(&q, from, HASH_BYTES);
    query_i64(&q, now_ms);
    return not_found_without_reference(query_end(&q, e), e);
}
