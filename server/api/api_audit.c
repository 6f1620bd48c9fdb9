/* api_audit.c - the record, for administrators: page by page, and whether its chain is intact. */
#include <stdio.h>
#include <string.h>

#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/api_json.h"
#include "store/store_audit.h"
#include "util/arena.h"
#include "util/str.h"

struct page {
    json_t *items;
    int limit;
    int action;       /* enum audit_action, or -1: all */
    int64_t last_seq; /* of the last row included */
    bool more;
};

static bool take(const struct audit_row *row, void *arg)
{
    struct page *page = arg;

    if (page->action >= 0 && row->event.action != (enum audit_action)page->action)
        return true;
    if ((int)json_array_size(page->items) == page->limit) {
        page->more = true;
        return false;
    }
    json_array_append_new(page->items, api_json_audit(row));
    page->last_seq = row->seq;
    return true;
}

static enum err_code api_audit_list(struct call *c, struct err *e)
{
    const char *after, *action = http_request_query(c->request, "action");
    struct page page = { .action = action ? audit_action_from_name(action) : -1 };
    int64_t after_seq = 0;
    enum err_code rc = http_request_page(c->request, &page.limit, &after, e);

    if (rc != ERR_OK)
        return rc;
    if (after && !str_to_i64(after, 0, INT64_MAX, &after_seq))
        return err_field(e, "after", "after does not name a place in this list");
    if (action && page.action < 0)
        return err_field(e, "action", "there is no action of this name");
    page.items = json_array();
    rc = store_audit_each(c->store, after_seq, take, &page, e);
    if (rc == ERR_OK)
        api_reply_list(c, page.items,
                       page.more ? arena_printf(http_request_arena(c->request), "%lld", (long long)page.last_seq)
                                 : NULL);
    else
        json_decref(page.items);
    return rc;
}

static enum err_code api_audit_verify(struct call *c, struct err *e)
{
    struct audit_check check;
    enum err_code rc = store_audit_verify(c->store, http_request_query(c->request, "head"), &check, e);
    bool broken = rc == ERR_CONFLICT;

    if (rc != ERR_OK && !broken)
        return rc;
    http_reply_json(c->reply, 200,
                    json_pack("{s:b, s:I, s:o, s:s}", "intact", !broken, "rows", (json_int_t)check.rows, "broken_at",
                              broken && check.bad_seq ? json_integer(check.bad_seq) : json_null(), "head", check.head));
    return ERR_OK;
}

/* ---- the table ---- */

/* clang-format off */
const struct route ROUTES_AUDIT[] = {
    { "GET", V1 "/audit", ACCESS_ADMIN, .reads_only = true, .run = api_audit_list,
      .help = "List the record, oldest first; ?action= for one kind", .answer = "{items, next}" },
    { "GET", V1 "/audit/verify", ACCESS_ADMIN, .reads_only = true, .run = api_audit_verify,
      .help = "Check the record's chain; ?head= a hash kept elsewhere", .answer = "{intact, rows, broken_at, head}" },
    { 0 },
};
/* clang-format on */
