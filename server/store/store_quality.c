#include "store/store_quality.h"

#include <string.h>

#include "store/query.h"
#include "store/store_rows.h"
#include "util/mem.h"

static void stretch_from_row(struct query *query, struct call_stretch *stretch)
{
    struct call_quality *quality = &stretch->quality;

    memset(stretch, 0, sizeof *stretch);
    col_text(query, "participant_id", stretch->participant_id, sizeof stretch->participant_id);
    stretch->began_ms = col_i64(query, "began_ms");
    col_text(query, "room_id", stretch->room_id, sizeof stretch->room_id);
    col_text(query, "name", stretch->name, sizeof stretch->name);
    stretch->role = (enum seat_role)col_enum(query, "role", SEAT_HOST + 1);
    stretch->at_ms = col_i64(query, "at_ms");
    quality->good_s = col_i64(query, "good_s");
    quality->fair_s = col_i64(query, "fair_s");
    quality->poor_s = col_i64(query, "poor_s");
    quality->lost_s = col_i64(query, "lost_s");
    quality->rtt_ms = col_i64(query, "rtt_ms");
    quality->loss = col_i64(query, "loss");
    quality->concealed = col_i64(query, "concealed");
    quality->frozen_ms = col_i64(query, "frozen_ms");
    col_text(query, "path", quality->path, sizeof quality->path);
    stretch->visit_ms = col_i64(query, "visit_ms");
    quality->worst_ms = col_i64(query, "worst_ms");
    quality->worst_bad_s = col_i64(query, "worst_bad_s");
    quality->worst_fair_s = col_i64(query, "worst_fair_s");
}

enum err_code store_quality_put(struct store *store, const struct call_stretch *stretch, struct err *e)
{
    const struct call_quality *quality = &stretch->quality;
    struct query q = query_begin(store, Q_QUALITY_PUT);

    query_text(&q, stretch->participant_id);
    query_i64(&q, stretch->began_ms);
    query_text(&q, stretch->room_id);
    query_text(&q, stretch->name);
    query_i64(&q, stretch->role);
    query_i64(&q, stretch->at_ms);
    query_i64(&q, quality->good_s);
    query_i64(&q, quality->fair_s);
    query_i64(&q, quality->poor_s);
    query_i64(&q, quality->lost_s);
    query_i64(&q, quality->rtt_ms);
    query_i64(&q, quality->loss);
    query_i64(&q, quality->concealed);
    query_i64(&q, quality->frozen_ms);
    query_text(&q, quality->path);
    query_i64(&q, stretch->visit_ms);
    query_i64(&q, quality->worst_ms);
    query_i64(&q, quality->worst_bad_s);
    query_i64(&q, quality->worst_fair_s);
    return not_found_without_reference(query_end(&q, e), e);
}

enum err_code store_quality_list(struct store *store, const char *room_id, int visits, struct call_stretch_list *out,
                                 struct err *e)
{
    struct query q = query_begin(store, Q_QUALITY_LIST);
    enum err_code rc;

    out->count = 0;
    out->items = mem_new_array(QUALITY_ROWS_MAX, sizeof *out->items);
    query_text(&q, room_id);
    query_i64(&q, visits);
    query_i64(&q, QUALITY_ROWS_MAX);
    while (out->count < QUALITY_ROWS_MAX && query_next(&q))
        stretch_from_row(&q, &out->items[out->count++]);
    rc = query_end(&q, e);
    if (rc != ERR_OK)
        call_stretch_list_clear(out);
    return rc;
}

void call_stretch_list_clear(struct call_stretch_list *list)
{
    mem_free(list->items);
    *list = (struct call_stretch_list){ 0 };
}
