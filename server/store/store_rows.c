#include "store/store_rows.h"

enum err_code run_with_text(struct store *store, enum statement id, const char *text, struct err *e)
{
    struct query q = query_begin(store, id);

    query_text(&q, text);
    return query_end(&q, e);
}

static enum err_code run_with_i64(struct store *store, enum statement id, int64_t value, struct err *e)
{
    struct query q = query_begin(store, id);

    query_i64(&q, value);
    return query_end(&q, e);
}

enum err_code run_prune(struct store *store, enum statement id, int64_t now_ms, int64_t kept_ms, struct err *e)
{
    return run_with_i64(store, id, store_due_ms(store, now_ms) - kept_ms, e);
}

enum err_code end_changed(struct query *query, struct err *e)
{
    int64_t changes;
    enum err_code rc = query_end_changes(query, &changes, e);

    return rc == ERR_OK && changes == 0 ? err_set(e, ERR_NOT_FOUND, "not_found", "there is no such thing") : rc;
}

enum err_code check_revision(struct store *store, enum statement id_of_select, const char *id, int64_t revision,
                             struct err *e)
{
    struct query q = query_begin(store, id_of_select);
    int64_t stored = 0;
    enum err_code rc;

    query_text(&q, id);
    if (query_next(&q))
        stored = col_i64(&q, "revision");
    rc = query_end_one(&q, e);
    if (rc == ERR_OK && revision && revision != stored)
        rc = err_set(e, ERR_CHANGED, "changed", "somebody else has changed this: load it again");
    return rc;
}

enum err_code check_cursor(struct store *store, enum statement id_of_select, const char *after_id, struct err *e)
{
    enum err_code rc = after_id[0] ? check_revision(store, id_of_select, after_id, 0, e) : ERR_OK;

    return rc == ERR_NOT_FOUND ? err_field(e, "after", "the list cannot go on there: begin again") : rc;
}

enum err_code not_found_without_reference(enum err_code rc, struct err *e)
{
    return rc == ERR_CONFLICT ? err_set(e, ERR_NOT_FOUND, "not_found", "what this belongs to is not there any more")
                              : rc;
}
