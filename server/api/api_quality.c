/* api_quality.c - how well the people in the last visits of a room received each other. */
#include <string.h>

#include "api/api_call.h"
#include "api/api_fields.h"
#include "api/api_json.h"
#include "store/store_quality.h"
#include "util/arena.h"

static json_t *person(const struct call_stretch *t)
{
    const struct call_quality *q = &t->quality;

    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:f, s:f, s:I, s:o, s:o, s:I, s:I}",
                     "participant", t->participant_id, "name", t->name, "role", t->role == SEAT_HOST ? "host" : "guest",
                     "quality", api_json_text_or_null(call_word_name(call_quality_word(q))), "cause",
                     api_json_text_or_null(call_quality_cause(q)), "good_s", (json_int_t)q->good_s, "fair_s",
                     (json_int_t)q->fair_s, "poor_s", (json_int_t)q->poor_s, "lost_s", (json_int_t)q->lost_s, "rtt_ms",
                     (json_int_t)q->rtt_ms, "loss", (double)q->loss / 1000, "concealed", (double)q->concealed / 1000,
                     "frozen_ms", (json_int_t)q->frozen_ms, "path", api_json_text_or_null(q->path), "worst_at",
                     api_json_time(q->worst_ms), "worst_bad_s", (json_int_t)q->worst_bad_s, "worst_fair_s",
                     (json_int_t)q->worst_fair_s);
}

/* Puts the stretches of the person at `i` together; returns the next person's place. */
static size_t join_stretches(const struct call_stretch_list *list, size_t i, struct call_stretch *out)
{
    const struct call_stretch *first = &list->items[i];

    *out = *first;
    for (i++; i < list->count; i++) {
        const struct call_stretch *t = &list->items[i];

        if (t->visit_ms != first->visit_ms || strcmp(t->participant_id, first->participant_id) != 0)
            break;
        call_quality_add(&out->quality, &t->quality);
        memcpy(out->name, t->name, sizeof out->name);
        out->at_ms = t->at_ms > out->at_ms ? t->at_ms : out->at_ms;
    }
    return i;
}

/* Adds the visit at `i`; returns the next visit's place. */
static size_t add_visit(const struct call_stretch_list *list, size_t i, json_t *visits)
{
    int64_t visit_ms = list->items[i].visit_ms, last_ms = 0;
    json_t *people = json_array();

    while (i < list->count && list->items[i].visit_ms == visit_ms) {
        struct call_stretch all;

        i = join_stretches(list, i, &all);
        last_ms = all.at_ms > last_ms ? all.at_ms : last_ms;
        json_array_append_new(people, person(&all));
    }
    json_array_append_new(visits, json_pack("{s:o, s:o, s:o}", "began_at", api_json_time(visit_ms), "last_at",
                                            api_json_time(last_ms), "people", people));
    return i;
}

static enum err_code api_quality_list(struct call *c, struct err *e)
{
    struct room_rules *rules = arena_new(http_request_arena(c->request), sizeof *rules);
    struct call_stretch_list list;
    const char *after;
    json_t *visits;
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
    visits = json_array();
    for (size_t i = 0; i < list.count;)
        i = add_visit(&list, i, visits);
    api_reply_list(c, visits, NULL);
    call_stretch_list_clear(&list);
    return ERR_OK;
}

/* ---- the table ---- */

/* clang-format off */
const struct route ROUTES_QUALITY[] = {
    { "GET", V1 "/rooms/:room/quality", ACCESS_USER, .reads_only = true, .run = api_quality_list,
      .help = "How well the people in the last visits of a room received each other, the newest visit first (at most `limit`, up to 200): administrators and hosts of the room",
      .answer = "{items: [{began_at, last_at, people: [{participant, name, role, quality, cause, good_s, fair_s, poor_s, lost_s, rtt_ms, loss, concealed, frozen_ms, path, worst_at, worst_bad_s, worst_fair_s}]}], next: null}" },
    { 0 },
};
/* clang-format on */
