#include "live/dispatch.h"

#include <string.h>

#include "live/dashboard.h"
#include "live/incoming.h"
#include "live/last_word.h"
#include "live/presence.h"
#include "live/room_queue.h"
#include "live/work_decide.h"
#include "util/json_fields.h"
#include "ws/envelope.h"
#include "ws/notice.h"
#include "ws/numbers.h"

static enum err_code allowed(const struct speaker *speaker, const struct incoming *rule, struct err *e)
{
    const struct seat_session *seat = speaker->seat;

    if (!seat || permission_seat_allows(live_room_is_host(seat), seat_is_inside(seat->member->seat.state), rule->may))
        return ERR_OK;
    return err_set(e, ERR_FORBIDDEN, "forbidden", "Your role or state does not allow this.");
}

static void dispatch_tree(struct speaker *speaker, const struct incoming *rule, const struct client_message *whole)
{
    struct err e = { 0 };
    json_t *m = NULL;
    enum err_code rc = json_parse_object(whole->bytes, whole->len, ENVELOPE_DEPTH, &m, &e);

    if (rc == ERR_OK)
        rc = json_fields_check(m, rule->fields, false, &e);
    if (rc == ERR_OK && !rule->handle)
        rc = err_set(&e, ERR_FORBIDDEN, "not_available", "This version cannot do that.");
    else if (rc == ERR_OK)
        rc = allowed(speaker, rule, &e);
    if (rc == ERR_OK)
        rule->handle(speaker, m, rule);
    else
        speaker_answer(speaker, rc, &e, rule->type);
    json_decref(m);
}

static void dispatch_type(struct speaker *speaker, const char *type, const struct client_message *m)
{
    const struct incoming *rule = incoming_find(speaker->dashboard ? DASHBOARD : SEAT, type);
    struct err e = { 0 };
    enum err_code rc;

    if (!rule) {
        speaker_error(speaker, "unknown_type", "There is no message of this type here.", type);
    } else if (rule->pass) {
        rc = allowed(speaker, rule, &e);
        speaker_answer(speaker, rc == ERR_OK ? rule->pass(speaker->seat, &m->envelope, &e) : rc, &e, rule->type);
    } else {
        dispatch_tree(speaker, rule, m);
    }
}

/* The numbering of the client. True: it must be handled, and counts as handled. */
static bool take_number(struct speaker *speaker, struct span written)
{
    switch (numbers_take(speaker->own, written, &speaker->n)) {
    case NUMBER_NONE:
    case NUMBER_NEXT: return true;
    case NUMBER_KNOWN: break;
    case NUMBER_GAP:
        speaker_error_n(speaker, "gap", "A number was skipped; nothing was done.", NULL,
                        numbers_expected(speaker->own));
        break;
    case NUMBER_WRONG: speaker_fault(speaker, "invalid_field", "n must be a whole number from 1", NULL); break;
    }
    return false;
}

/* The first message on a resumed connection: it has its new ticket, so the old one becomes void. */
static void confirm(struct speaker *speaker)
{
    struct seat_session *seat = speaker->seat;
    struct room_work *work;

    if (!seat || !seat->confirm_due)
        return;
    seat->confirm_due = false;
    work = work_by_system(seat->room, ROOM_CONFIRM, seat->member->seat.id);
    memcpy(work->request.by, seat->member->seat.id, ID_SIZE);
    room_queue_ask(seat->room, work);
}

/* Whether it may be handled at this pace; a client that is too fast is warned once. `type` may be "". */
static bool in_pace(struct speaker *speaker, enum pace_verdict pace, const char *type)
{
    if (pace == PACE_TOO_FAST) {
        speaker->client->pace.told = true;
        speaker_error(speaker, "too_fast",
                      "Too many messages; this one was dropped, and so is every other that comes too fast.",
                      type[0] ? type : NULL);
    }
    return pace == PACE_OK;
}

static void whole_message(struct speaker *speaker, const struct client_message *m)
{
    const struct envelope *env = &m->envelope;
    char type[32];
    bool typed = envelope_text(env->type, type, sizeof type);

    confirm(speaker);
    if (!take_number(speaker, env->n) || !in_pace(speaker, m->pace, type))
        return;
    if (strcmp(type, "ping") == 0) { /* a page asks by itself, so it is no use of a sign-in */
        client_say_aside(speaker->client, notice_pong());
        return;
    }
    if (speaker->dashboard)
        dashboard_used(speaker->dashboard);
    if (!typed && env->type.at && env->type.at[0] == '"') /* longer than any type */
        speaker_error(speaker, "unknown_type", "There is no message of this type here.", NULL);
    else if (!typed)
        speaker_fault(speaker, "missing_type", "Every message needs a type.", NULL);
    else
        dispatch_type(speaker, type, m);
}

static void take_message(struct speaker *speaker, const struct client_message *m)
{
    if (!m->broken) {
        whole_message(speaker, m);
        return;
    }
    speaker->n = numbers_unread(speaker->own); /* at any pace: it may have had a number */
    if (in_pace(speaker, m->pace, ""))
        speaker_fault(speaker, "invalid_json", "This is not a JSON object that the protocol accepts.", NULL);
}

static void from_seat(struct seat_session *seat, struct client *client, const struct client_message *m)
{
    take_message(&(struct speaker){ .shard = seat->room->shard, .client = client, .seat = seat, .own = &seat->own }, m);
}

static void from_dashboard(struct dashboard *dashboard, struct client *client, const struct client_message *m)
{
    take_message(&(struct speaker){ .shard = dashboard_shard(dashboard),
                                    .client = client,
                                    .dashboard = dashboard,
                                    .own = dashboard_numbers(dashboard) },
                 m);
}

static void from_newcomer(struct live_shard *shard, struct client *client, const struct client_message *m)
{
    char type[32] = "";
    const struct incoming *rule;
    json_t *tree = NULL;

    (void)envelope_text(m->envelope.type, type, sizeof type);
    rule = incoming_find(NEWCOMER, type);
    if (rule && json_parse_object(m->bytes, m->len, ENVELOPE_DEPTH, &tree, NULL) == ERR_OK)
        rule->handle(&(struct speaker){ .shard = shard, .client = client }, tree, rule);
    else
        live_shard_refuse(shard, client, "join_first", "The first message must be join.");
    json_decref(tree);
}

/* One message counts; the rest was on its way before the bye was heard. Nothing is answered. */
static void from_last_word(struct last_word *word, const struct client_message *m)
{
    static const char QUALITY[] = "quality";
    struct call_quality report;
    json_t *tree = NULL;
    char type[32] = "";

    (void)envelope_text(m->envelope.type, type, sizeof type);
    if (m->pace == PACE_OK && strcmp(type, QUALITY) == 0 &&
        json_parse_object(m->bytes, m->len, ENVELOPE_DEPTH, &tree, NULL) == ERR_OK &&
        json_fields_check(tree, incoming_find(SEAT, QUALITY)->fields, false, NULL) == ERR_OK &&
        messages_read_quality(tree, &report, NULL) == ERR_OK)
        last_word_reported(word, &report);
    json_decref(tree);
}

const struct live_handlers DISPATCH = { from_newcomer, from_seat, presence_lost, from_last_word, from_dashboard };
