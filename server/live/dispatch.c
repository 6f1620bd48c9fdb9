#include "live/dispatch.h"

#include <string.h>

#include "domain/permission.h"
#include "live/chat.h"
#include "live/coalesce.h"
#include "live/dashboard.h"
#include "live/join.h"
#include "live/live_tell.h"
#include "live/messages.h"
#include "live/picture.h"
#include "live/presence.h"
#include "live/relay.h"
#include "live/room_queue.h"
#include "live/work_decide.h"
#include "live/work_lock.h"
#include "util/str.h"
#include "ws/envelope.h"
#include "ws/notice.h"
#include "ws/numbers.h"

#define ICE_PER_MINUTE 10

/* The sender of a message: a connection that wants to join, a seat, a dashboard. */
enum side { NEWCOMER, SEAT, DASHBOARD };

/* The speaker, a seat or a dashboard, and the number of the message. */
struct speaker {
    struct live_shard *shard;
    struct client *client;
    struct seat_session *seat;   /* or NULL */
    struct dashboard *dashboard; /* or NULL */
    struct numbers *own;         /* of its messages */
    int64_t n;                   /* of this one; 0: it has none */
};

struct message {
    enum side side;
    const char *type;
    /* Checked for a seat; for a dashboard, the room's shard checks it. Admission judges newcomers. */
    enum permission may;
    const struct field *fields;
    enum room_verb verb; /* for ask_room, ask_dashboard and admit */
    void (*handle)(struct speaker *speaker, const json_t *m,
                   const struct message *rule); /* NULL: not in this version */
    /* Instead of `handle`: for messages that stay unread. */
    enum err_code (*pass)(struct seat_session *from, const struct envelope *m, struct err *e);
};

/* ---- answers ---- */

static void say_error_n(struct speaker *speaker, const char *code, const char *detail, const char *of, int64_t n)
{
    struct payload *said;

    if (speaker->client->phase == CLIENT_CLOSING)
        return;
    said = live_shard_error(speaker->shard, code, detail, of, n);
    if (speaker->seat)
        seat_session_say(speaker->seat, said);
    else
        dashboard_say(speaker->dashboard, said);
}

static void say_error(struct speaker *speaker, const char *code, const char *detail, const char *of)
{
    say_error_n(speaker, code, detail, of, speaker->n);
}

/* A fault of the client: reports it, and the third within a minute ends the connection. */
static void fault(struct speaker *speaker, const char *code, const char *detail, const char *of)
{
    say_error(speaker, code, detail, of);
    if (client_strike(speaker->client, live_shard_mono_ms(speaker->shard)))
        client_close(speaker->client, CLOSE_POLICY, "policy");
}

static void answer(struct speaker *speaker, enum err_code rc, const struct err *e, const char *of)
{
    if (rc == ERR_INVALID && strcmp(e->code, "not_available") != 0)
        fault(speaker, e->code, e->detail, of);
    else if (rc != ERR_OK)
        say_error(speaker, e->code, e->detail, of);
}

/* ---- handlers ---- */

/* Work that this seat asks of its room; an error is told to the seat. */
static struct room_work *work_of_seat(const struct speaker *speaker, const struct room_work_kind *kind,
                                      const struct message *rule)
{
    const struct seat *self = &speaker->seat->member->seat;
    struct room_work *work = room_work_new(speaker->shard, kind, speaker->seat->room->room.view.id, rule->type);

    memcpy(work->asker, self->id, ID_SIZE);
    work->n = speaker->n;
    work->may = rule->may;
    memcpy(work->request.by, self->id, ID_SIZE);
    return work;
}

/* Requests of a seat that need a decision of the room. */
static void ask_room(struct speaker *speaker, const json_t *m, const struct message *rule)
{
    struct room_work *work = work_of_seat(speaker, &WORK_DECIDE, rule);
    struct room_request *q = &work->request;

    q->verb = rule->verb;
    q->block = json_bool(m, "block", false);
    q->beside = json_bool(m, "beside", false);
    q->instead = json_bool(m, "instead", false);
    (void)str_copy(q->participant, ID_SIZE, rule->verb == ROOM_LEAVE ? q->by : json_text(m, "participant", ""));
    room_work_set_text(work, json_text(m, "text", ""));
    room_queue_ask(speaker->seat->room, work);
}

/* Both ways at once leave open who should stay. */
static void admit(struct speaker *speaker, const json_t *m, const struct message *rule)
{
    struct err e = { 0 };
    enum err_code rc = messages_check_admit(m, &e);

    if (rc != ERR_OK)
        answer(speaker, rc, &e, rule->type);
    else if (speaker->dashboard)
        dashboard_ask(speaker->dashboard, rule->may, rule->verb, m, rule->type, speaker->n);
    else
        ask_room(speaker, m, rule);
}

static void lock_room(struct speaker *speaker, const json_t *m, const struct message *rule)
{
    struct room_work *work = work_of_seat(speaker, &WORK_LOCK, rule);

    work->lock = json_bool(m, "locked", false);
    room_queue_ask(speaker->seat->room, work);
}

/* Without `locked`, or with its current value, it changes nothing: only the sender gets the rules. */
static void change_room(struct speaker *speaker, const json_t *m, const struct message *rule)
{
    struct err e = { 0 };
    enum err_code rc = messages_check_room(m, &e);

    if (rc != ERR_OK)
        answer(speaker, rc, &e, rule->type);
    else if (json_has(m, "locked") && !live_room_is_locked(speaker->seat->room, json_bool(m, "locked", false)))
        lock_room(speaker, m, rule);
    else
        seat_session_say(speaker->seat, messages_room(&speaker->seat->room->room.view));
}

static void chat(struct speaker *speaker, const json_t *m, const struct message *rule)
{
    struct chat_words words = {
        .text = json_text(m, "text", ""),
        .to = json_text(m, "to", ""),
        .id = json_text(m, "id", ""),
        .n = speaker->n,
    };
    bool inside = seat_is_inside(speaker->seat->member->seat.state);
    struct err e = { 0 };

    if (!(inside ? pace_chat_allowed(&speaker->client->pace)
                 : coalesce_chat_allowed(speaker->seat, live_shard_mono_ms(speaker->shard))))
        say_error(speaker, "too_fast", "Too many messages at once; this one was not sent. Try again in a moment.",
                  rule->type);
    else
        answer(speaker, chat_from_seat(speaker->seat, &words, &e), &e, rule->type);
}

static void status(struct speaker *speaker, const json_t *m, const struct message *rule)
{
    const struct seat_status before = speaker->seat->status;
    struct err e = { 0 };
    enum err_code rc = messages_read_status(m, &speaker->seat->status, &e);

    if (rc == ERR_OK)
        presence_status_changed(speaker->seat, &before);
    answer(speaker, rc, &e, rule->type);
}

static void mute(struct speaker *speaker, const json_t *m, const struct message *rule)
{
    struct seat_session *seat = speaker->seat;
    const char *id = json_text(m, "participant", "");
    const struct room_member *to = room_find(&seat->room->room, id);
    bool all = strcmp(id, "*") == 0;
    struct payload *said;

    if (!all && (!to || to == seat->member || !seat_is_inside(to->seat.state))) {
        say_error(speaker, "not_found", "Nobody else in the call has this id.", rule->type);
        return;
    }
    if ((!all || room_inside(&seat->room->room) > 1) && !pace_chat_allowed(&speaker->client->pace)) {
        say_error(speaker, "too_fast", "You can make at most five requests a second; nobody was asked this time.",
                  rule->type);
        return;
    }
    said = messages_mute(seat->member->seat.id, json_text(m, "kind", ""));
    if (all)
        live_tell_inside(seat->room, seat, false, said);
    else
        seat_session_say(seat_session_of(to), payload_ref(said));
    payload_unref(said);
}

static void seen(struct speaker *speaker, const json_t *m, const struct message *rule)
{
    const struct room_member *to = room_find(&speaker->seat->room->room, json_text(m, "participant", ""));

    if (!to || !presence_seen(speaker->seat, seat_session_of(to), json_bool(m, "seen", false)))
        say_error(speaker, "not_found", "Nobody with this id has lost the connection.", rule->type);
}

/* Each answer is a credential for the relay. */
static void ice(struct speaker *speaker, const json_t *m, const struct message *rule)
{
    struct seat_session *seat = speaker->seat;

    (void)m;
    if (!minute_allows(&seat->ice, ICE_PER_MINUTE, live_shard_mono_ms(speaker->shard))) {
        say_error(speaker, "too_fast", "You can ask at most ten times a minute.", rule->type);
        return;
    }
    seat_session_say(seat, picture_ice(seat));
}

/* Its fields are checked where it is refused, since there is no seat yet to answer. */
static void join(struct speaker *speaker, const json_t *m, const struct message *rule)
{
    (void)rule;
    join_message(speaker->shard, speaker->client, m);
}

static void ask_dashboard(struct speaker *speaker, const json_t *m, const struct message *rule)
{
    if (rule->verb == ROOM_VERBS && !pace_chat_allowed(&speaker->client->pace))
        say_error(speaker, "too_fast", "You can send at most five messages a second.", rule->type);
    else
        dashboard_ask(speaker->dashboard, rule->may, rule->verb, m, rule->type, speaker->n);
}

/* ---- the table ---- */

static const struct message MESSAGES[] = {
    { NEWCOMER, "join", .handle = join },
    { SEAT, "signal", MAY_SIGNAL, .pass = relay_signal },
    { SEAT, "chat", MAY_CHAT_WAITING, FIELDS_CHAT, .handle = chat },
    { SEAT, "status", MAY_STATUS, FIELDS_STATUS, .handle = status },
    { SEAT, "leave", MAY_LEAVE, FIELDS_NONE, ROOM_LEAVE, ask_room },
    { SEAT, "ice", MAY_ICE, FIELDS_NONE, .handle = ice },
    { SEAT, "admit", MAY_ADMIT, FIELDS_ADMIT, ROOM_ADMIT, admit },
    { SEAT, "deny", MAY_DENY, FIELDS_ABOUT, ROOM_DENY, ask_room },
    { SEAT, "hold", MAY_HOLD, FIELDS_ABOUT, ROOM_HOLD, ask_room },
    { SEAT, "return", MAY_RETURN, FIELDS_ABOUT, ROOM_RETURN, ask_room },
    { SEAT, "remove", MAY_REMOVE, FIELDS_ABOUT, ROOM_REMOVE, ask_room },
    { SEAT, "end", MAY_END, FIELDS_NONE, ROOM_END, ask_room },
    { SEAT, "mute", MAY_MUTE, FIELDS_MUTE, .handle = mute },
    { SEAT, "seen", MAY_SEEN, FIELDS_SEEN, .handle = seen },
    { SEAT, "room", MAY_CHANGE_RULES, FIELDS_ROOM, .handle = change_room },
    { SEAT, "call", .fields = FIELDS_NONE },
    { SEAT, "transfer", .fields = FIELDS_NONE },
    { SEAT, "recording", .fields = FIELDS_NONE },
    { SEAT, "watch", .fields = FIELDS_NONE },
    { DASHBOARD, "admit", MAY_ADMIT, FIELDS_DASHBOARD_ADMIT, ROOM_ADMIT, admit },
    { DASHBOARD, "deny", MAY_DENY, FIELDS_DASHBOARD_ABOUT, ROOM_DENY, ask_dashboard },
    { DASHBOARD, "hold", MAY_HOLD, FIELDS_DASHBOARD_ABOUT, ROOM_HOLD, ask_dashboard },
    { DASHBOARD, "return", MAY_RETURN, FIELDS_DASHBOARD_ABOUT, ROOM_RETURN, ask_dashboard },
    { DASHBOARD, "remove", MAY_REMOVE, FIELDS_DASHBOARD_ABOUT, ROOM_REMOVE, ask_dashboard },
    { DASHBOARD, "end", MAY_END, FIELDS_DASHBOARD_ROOM, ROOM_END, ask_dashboard },
    { DASHBOARD, "chat", MAY_CHAT_WAITING, FIELDS_DASHBOARD_CHAT, ROOM_VERBS, ask_dashboard },
    { DASHBOARD, "call", .fields = FIELDS_NONE },
    { DASHBOARD, "transfer", .fields = FIELDS_NONE },
};

static const struct message *find_message(enum side side, const char *type)
{
    for (size_t i = 0; i < sizeof MESSAGES / sizeof *MESSAGES; i++)
        if (MESSAGES[i].side == side && strcmp(MESSAGES[i].type, type) == 0)
            return &MESSAGES[i];
    return NULL;
}

static enum err_code allowed(const struct speaker *speaker, const struct message *rule, struct err *e)
{
    const struct seat_session *seat = speaker->seat;

    if (!seat || permission_seat_allows(live_room_is_host(seat), seat_is_inside(seat->member->seat.state), rule->may))
        return ERR_OK;
    return err_set(e, ERR_FORBIDDEN, "forbidden", "Your role or state does not allow this.");
}

/* ---- from bytes ---- */

static void dispatch_tree(struct speaker *speaker, const struct message *rule, const struct client_message *whole)
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
        answer(speaker, rc, &e, rule->type);
    json_decref(m);
}

static void dispatch_type(struct speaker *speaker, const char *type, const struct client_message *m)
{
    const struct message *rule = find_message(speaker->dashboard ? DASHBOARD : SEAT, type);
    struct err e = { 0 };
    enum err_code rc;

    if (!rule) {
        say_error(speaker, "unknown_type", "There is no message of this type here.", type);
    } else if (rule->pass) {
        rc = allowed(speaker, rule, &e);
        answer(speaker, rc == ERR_OK ? rule->pass(speaker->seat, &m->envelope, &e) : rc, &e, rule->type);
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
        say_error_n(speaker, "gap", "A number was skipped; nothing was done.", NULL, numbers_expected(speaker->own));
        break;
    case NUMBER_WRONG: fault(speaker, "invalid_field", "n must be a whole number from 1", NULL); break;
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
        say_error(speaker, "too_fast",
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
        say_error(speaker, "unknown_type", "There is no message of this type here.", NULL);
    else if (!typed)
        fault(speaker, "missing_type", "Every message needs a type.", NULL);
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
        fault(speaker, "invalid_json", "This is not a JSON object that the protocol accepts.", NULL);
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
    const struct message *rule;
    json_t *tree = NULL;

    (void)envelope_text(m->envelope.type, type, sizeof type);
    rule = find_message(NEWCOMER, type);
    if (rule && json_parse_object(m->bytes, m->len, ENVELOPE_DEPTH, &tree, NULL) == ERR_OK)
        rule->handle(&(struct speaker){ .shard = shard, .client = client }, tree, rule);
    else
        live_shard_refuse(shard, client, "join_first", "The first message must be join.");
    json_decref(tree);
}

const struct live_handlers DISPATCH = { from_newcomer, from_seat, presence_lost, from_dashboard };
