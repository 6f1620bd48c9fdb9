#include "store/store_audit.h"

#include <assert.h>
#include <string.h>

#include "domain/crypto.h"
#include "store/query.h"
#include "store/store_inside.h"
#include "util/str.h"

static enum err_code read_head(struct store *store, int64_t *seq, uint8_t hash[HASH_BYTES], struct err *e)
{
    struct query q = query_begin(store, Q_AUDIT_HEAD);

    *seq = 0;
    memset(hash, 0, HASH_BYTES); /* the first row has no predecessor */
    if (query_next(&q)) {
        *seq = col_i64(&q, "seq");
        col_bytes(&q, "hash", hash, HASH_BYTES);
    }
    return query_end(&q, e);
}

static enum err_code add_row(struct store *store, const struct audit_row *row, struct err *e)
{
    struct query q = query_begin(store, Q_AUDIT_ADD);

    query_i64(&q, row->seq);
    query_i64(&q, row->event.at_ms);
    query_text(&q, row->event.actor);
    query_text(&q, audit_action_name(row->event.action));
    query_text(&q, row->event.object);
    query_text(&q, row->event.facts);
    query_bytes(&q, row->detail_hash, sizeof row->detail_hash);
    query_bytes(&q, row->hash, sizeof row->hash);
    return query_end(&q, e);
}

static enum err_code add_detail(struct store *store, const struct audit_row *row, struct err *e)
{
    struct query q = query_begin(store, Q_AUDIT_DETAIL_ADD);

    query_i64(&q, row->seq);
    query_bytes(&q, row->salt, sizeof row->salt);
    query_text(&q, row->event.detail);
    return query_end(&q, e);
}

enum err_code store_audit_add(struct store *store, const struct audit_event *event, struct err *e)
{
    struct audit_row row = { .event = *event };
    enum err_code rc = read_head(store, &row.seq, row.prev, e);

    if (rc != ERR_OK)
        return rc;
    row.seq++;
    if (event->detail[0]) /* without detail there is nothing to hide and no second row */
        crypto_random(row.salt, sizeof row.salt);
    audit_row_seal(&row);
    rc = add_row(store, &row, e);
    return rc == ERR_OK && event->detail[0] ? add_detail(store, &row, e) : rc;
}

enum err_code store_audit_last(struct store *store, enum audit_action action, int64_t *at_ms, struct err *e)
{
    struct query q = query_begin(store, Q_AUDIT_LAST);

    query_text(&q, audit_action_name(action));
    *at_ms = query_next(&q) ? col_i64(&q, "at_ms") : 0;
    return query_end(&q, e);
}

/* --- walking -------------------------------------------------------------------------------------------------------- */

/* False when the row cannot have been written by Parlour: an unknown action, or a text that is too long. */
static bool row_from_query(struct query *query, struct audit_row *row, bool *has_detail)
{
    char action[32];
    int known;

    memset(row->salt, 0, sizeof row->salt);
    row->seq = col_i64(query, "seq");
    row->event.at_ms = col_i64(query, "at_ms");
    col_text(query, "actor", row->event.actor, sizeof row->event.actor);
    col_text(query, "action", action, sizeof action);
    col_text(query, "object", row->event.object, sizeof row->event.object);
    col_text(query, "facts", row->event.facts, sizeof row->event.facts);
    col_bytes(query, "detail_hash", row->detail_hash, sizeof row->detail_hash);
    col_bytes(query, "hash", row->hash, sizeof row->hash);
    *has_detail = !col_is_null(query, "salt");
    if (*has_detail)
        col_bytes(query, "salt", row->salt, sizeof row->salt);
    col_text(query, "detail", row->event.detail, sizeof row->event.detail);
    known = audit_action_from_name(action);
    row->event.action = (enum audit_action)(known < 0 ? 0 : known);
    return known >= 0 && query->rc == ERR_OK;
}

static bool row_holds(const struct audit_row *row, bool has_detail, int64_t expected_seq)
{
    uint8_t hash[HASH_BYTES];

    if (row->seq != expected_seq)
        return false;
    if (has_detail) { /* otherwise there was none, or it was erased: the row's hash represents it */
        audit_detail_hash(row, hash);
        if (memcmp(hash, row->detail_hash, HASH_BYTES) != 0)
            return false;
    }
    audit_row_hash(row, hash);
    return memcmp(hash, row->hash, HASH_BYTES) == 0;
}

/* Walks to the end or to the first row that breaks the chain. */
static void verify_rows(struct query *query, const uint8_t *expect, bool *met, struct audit_check *out)
{
    struct audit_row row = { .seq = 0 };
    bool has_detail;

    while (!out->bad_seq && query_next(query)) {
        bool readable = row_from_query(query, &row, &has_detail);

        out->rows++;
        if (!readable || !row_holds(&row, has_detail, out->rows)) {
            out->bad_seq = out->rows;
            break;
        }
        memcpy(row.prev, row.hash, HASH_BYTES);
        *met = *met || (expect && memcmp(row.hash, expect, HASH_BYTES) == 0);
        str_hex(out->head, row.hash, HASH_BYTES);
    }
}

static enum err_code chain_broken(const struct audit_check *check, struct err *e)
{
    return err_set(e, ERR_CONFLICT, "chain_broken",
                   "the record does not hold at row %lld: it was changed, or rows are missing",
                   (long long)check->bad_seq);
}

enum err_code store_audit_verify(struct store *store, const char *expect_head, struct audit_check *out, struct err *e)
{
    uint8_t expect[HASH_BYTES];
    size_t len = 0;
    bool met = false;
    struct query q;
    enum err_code rc;

    memset(out, 0, sizeof *out);
    if (expect_head &&
        (!str_from_hex(expect_head, strlen(expect_head), expect, sizeof expect, &len) || len != sizeof expect))
        return err_field(e, "head", "a head is %d hexadecimal digits", HASH_BYTES * 2);
    q = query_begin(store, Q_AUDIT_WALK);
    query_i64(&q, 0);
    verify_rows(&q, expect_head ? expect : NULL, &met, out);
    if (out->bad_seq && q.rc == ERR_INTERNAL)
        q.rc = ERR_OK; /* a value that cannot be ours: a finding, not a failure */
    rc = query_end(&q, e);
    if (rc != ERR_OK)
        return rc;
    if (!out->bad_seq && expect_head && !met)
        out->bad_seq =
            out->rows + 1; /* the row that was the head is gone: the tail was cut or everything was rewritten */
    return out->bad_seq ? chain_broken(out, e) : ERR_OK;
}

static enum err_code read_hash_before(struct store *store, int64_t seq, uint8_t hash[HASH_BYTES], struct err *e)
{
    struct query q = query_begin(store, Q_AUDIT_HASH_BEFORE);

    memset(hash, 0, HASH_BYTES);
    query_i64(&q, seq);
    if (query_next(&q))
        col_bytes(&q, "hash", hash, HASH_BYTES);
    return query_end(&q, e);
}

static enum err_code walk(struct store *store, int64_t after_seq, bool (*row)(const struct audit_row *row, void *arg),
                          void *arg, struct err *e)
{
    struct audit_row r = { .seq = 0 };
    enum err_code rc = read_hash_before(store, after_seq, r.prev, e);
    bool has_detail, readable = true, go_on = true;
    struct query q;

    if (rc != ERR_OK)
        return rc;
    q = query_begin(store, Q_AUDIT_WALK);
    query_i64(&q, after_seq);
    while (go_on && query_next(&q)) {
        readable = row_from_query(&q, &r, &has_detail);
        if (!readable)
            break;
        go_on = row(&r, arg);
        memcpy(r.prev, r.hash, HASH_BYTES);
    }
    rc = query_end(&q, e);
    return readable
               ? rc
               : err_set(e, ERR_CONFLICT, "chain_broken", "row %lld of the record cannot be read", (long long)r.seq);
}

enum err_code store_audit_each(struct store *store, int64_t after_seq,
                               bool (*row)(const struct audit_row *row, void *arg), void *arg, struct err *e)
{
    enum err_code rc = store_read_begin(store, e);

    return rc == ERR_OK ? store_read_end(store, walk(store, after_seq, row, arg, e), e) : rc;
}
