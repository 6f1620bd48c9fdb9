/* api_quality.c - how well the people in the calls of a room received each other. */
#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/api_json.h"
#include "store/store_quality.h"
#include "util/arena.h"

static json_t *stretch(const struct call_stretch *t)
{
    const struct call_quality *q = &t->quality;

    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:f, s:f, s:I, s:o}", "participant",
                     t->participant_id, "name", t->name, "role", t->role == SEAT_HOST ? "host" : "guest", "began_at",
                     api_json_time(t->began_ms), "last_at", api_json_time(t->at_ms), "quality",
                     api_json_text_or_null(call_quality_word(q)), "good_s", (json_int_t)q->good_s, "fair_s",
                     (json_int_t)q->fair_s, "poor_s", (json_int_t)q->poor_s, "lost_s", (json_int_t)q->lost_s, "rtt_ms",
                     (json_int_t)q->rtt_ms, "loss", (double)q->loss / 1000, "concealed", (double)q->concealed / 1000,
                     "frozen_ms", (json_int_t)q->frozen_ms, "path", api_json_text_or_null(q->path));
}

static enum err_code api_quality_list(struct call *c, struct err *e)
{
    struct room_rules *rules = arena_new(http_request_arena(c->request), sizeof *rules);
    struct call_stretch_list list;
    const char *after;
    json_t *items;
    int limit;
    enum err_code rc = api_room(c, rules, e);

    if (rc == ERR_OK)
        rc = api_may(c, rules, MAY_EDIT_ROOM, e);
    if (rc == ERR_OK)
        rc = http_request_page(c->request, &limit, &after, e);
    if (rc == ERR_OK)
        rc = store_quality_list(c->store, rules->id, limit, &list, e);
    if (rc != ERR_OK)
        return rc;
    items = json_array();
    for (size_t i = 0; i < list.count; i++)
        json_array_append_new(items, stretch(&list.items[i]));
    api_reply_list(c, items, NULL);
    call_stretch_list_clear(&list);
    return ERR_OK;
}

/* ---- the table ---- */

/* clang-format off */
const struct route ROUTES_QUALITY[] = {
    { "GET", V1 "/rooms/:room/quality", ACCESS_USER, .reads_only = true, .run = api_quality_list,
      .help = "How well the people in the calls of a room received each other, the newest first (at most `limit`, up to 200): administrators and hosts of the room",
      .answer = "{items: [{participant, name, role, began_at, last_at, quality, good_s, fair_s, poor_s, lost_s, rtt_ms, loss, concealed, frozen_ms, path}], next: null}" },
    { 0 },
};
/* clang-format on */
