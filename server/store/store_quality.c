#include "store/store_quality.h"

#include <string.h>

#include "store/query.h"
#include "store/store_rows.h"
#include "util/mem.h"

static void stretch_from_row(struct query *q, struct call_stretch *t)
{
    struct call_quality *c = &t->quality;

    memset(t, 0, sizeof *t);
    col_text(q, "participant_id", t->participant_id, sizeof t->participant_id);
    t->began_ms = col_i64(q, "began_ms");
    col_text(q, "room_id", t->room_id, sizeof t->room_id);
    col_text(q, "name", t->name, sizeof t->name);
    t->role = (enum seat_role)col_enum(q, "role", SEAT_HOST + 1);
    t->at_ms = col_i64(q, "at_ms");
    c->good_s = col_i64(q, "good_s");
    c->fair_s = col_i64(q, "fair_s");
    c->poor_s = col_i64(q, "poor_s");
    c->lost_s = col_i64(q, "lost_s");
    c->rtt_ms = col_i64(q, "rtt_ms");
    c->loss = col_i64(q, "loss");
    c->concealed = col_i64(q, "concealed");
    c->frozen_ms = col_i64(q, "frozen_ms");
    col_text(q, "path", c->path, sizeof c->path);
}

enum err_code store_quality_put(struct store *s, const struct call_stretch *t, struct err *e)
{
    const struct call_quality *c = &t->quality;
    struct query q = query_begin(s, Q_QUALITY_PUT);

    query_text(&q, t->participant_id);
    query_i64(&q, t->began_ms);
    query_text(&q, t->room_id);
    query_text(&q, t->name);
    query_i64(&q, t->role);
    query_i64(&q, t->at_ms);
    query_i64(&q, c->good_s);
    query_i64(&q, c->fair_s);
    query_i64(&q, c->poor_s);
    query_i64(&q, c->lost_s);
    query_i64(&q, c->rtt_ms);
    query_i64(&q, c->loss);
    query_i64(&q, c->concealed);
    query_i64(&q, c->frozen_ms);
    query_text(&q, c->path);
    return not_found_without_reference(query_end(&q, e), e);
}

enum err_code store_quality_list(struct store *s, const char *room_id, int limit, struct call_stretch_list *out,
                                 struct err *e)
{
    struct query q = query_begin(s, Q_QUALITY_LIST);
    enum err_code rc;

    out->count = 0;
    out->items = mem_new_array((size_t)limit, sizeof *out->items);
    query_text(&q, room_id);
    query_i64(&q, limit);
    while (out->count < (size_t)limit && query_next(&q))
        stretch_from_row(&q, &out->items[out->count++]);
    rc = query_end(&q, e);
    if (rc != ERR_OK)
        call_stretch_list_clear(out);
    return rc;
}

void call_stretch_list_clear(struct call_stretch_list *l)
{
    mem_free(l->items);
    *l = (struct call_stretch_list){ 0 };
}
