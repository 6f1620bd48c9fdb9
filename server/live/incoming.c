#include "live/incoming.h"

#include <string.h>

#include "live/chat.h"
#include "live/coalesce.h"
#include "live/dashboard.h"
#include "live/join.h"
#include "live/live_tell.h"
#include "live/messages.h"
#include "live/picture.h"
#include "live/presence.h"
#include "live/quality.h"
#include "live/relay.h"
#include "live/room_queue.h"
#include "live/work_decide.h"
#include "live/work_lock.h"
#include "util/json_fields.h"
#include "util/str.h"

#define ICE_PER_MINUTE 10

/* ---- fields ---- */

#define AN_ID(name)                                                                                                    \
    {                                                                                                                  \
        name, FIELD_TEXT, .required = true, .min = 1, .max = ID_SIZE - 1                                               \
    }
#define HOST_TEXT                                                                                                      \
    {                                                                                                                  \
        "text", FIELD_LINES, .nullable = true, .max = HOST_TEXT_MAX                                                    \
    }

static const struct field NO_FIELDS[] = { { 0 } };
static const struct field FIELDS_CHAT[] = {
    { "text", FIELD_LINES, .required = true, .min = 1, .max = CHAT_MAX },
    { "id", FIELD_TEXT, .max = CHAT_ID_MAX },
    { "to", FIELD_TEXT, .max = ID_SIZE - 1 },
    { 0 },
};
static const struct field FIELDS_STATUS[] = {
    { "mic", FIELD_BOOL },
    { "cam", FIELD_BOOL },
    { "screen", FIELD_BOOL },
    { "hand", FIELD_BOOL },
    { "background", FIELD_BOOL },
    { "quality", FIELD_TEXT, .max = 16 },
    { "path", FIELD_TEXT, .max = 16 },
    { "check", FIELD_TEXT, .max = 16 },
    { "ready", FIELD_INT, .max = INT32_MAX },
    { 0 },
};
static const struct field FIELDS_ADMIT[] = {
    AN_ID("participant"),
    { "beside", FIELD_BOOL },
    { "instead", FIELD_BOOL },
    { 0 },
};
static const struct field FIELDS_ABOUT[] = {
    AN_ID("participant"),
    HOST_TEXT,
    { 0 },
};
static const struct field FIELDS_AWAY[] = {
    AN_ID("participant"),
    HOST_TEXT,
    { "block", FIELD_BOOL },
    { 0 },
};
static const struct field FIELDS_MUTE[] = {
    AN_ID("participant"),
    { "kind", FIELD_CHOICE, .required = true, .choices = "audio|video|screen" },
    { 0 },
};
static const struct field FIELDS_SEEN[] = {
    AN_ID("participant"),
    { "seen", FIELD_BOOL, .required = true },
    { 0 },
};
#define SECONDS(name)                                                                                                  \
    {                                                                                                                  \
        name, FIELD_INT, .max = CALL_QUALITY_REPORT_S                                                                  \
    }
static const struct field FIELDS_QUALITY[] = {
    SECONDS("good"),
    SECONDS("fair"),
    SECONDS("poor"),
    SECONDS("lost"),
    { "rtt_ms", FIELD_INT, .max = CALL_QUALITY_RTT_MS },
    { "loss", FIELD_INT, .max = 1000 },
    { "concealed", FIELD_INT, .max = 1000 },
    { "frozen_ms", FIELD_INT, .max = CALL_QUALITY_REPORT_S * 1000 },
    { "path", FIELD_TEXT, .max = CALL_QUALITY_PATH_SIZE - 1 },
    { 0 },
};
static const struct field FIELDS_ROOM[] = {
    { "kind", FIELD_TEXT, .later = true, .choices = "meeting" },
    { "topology", FIELD_TEXT, .later = true, .choices = "auto|p2p" },
    { "e2ee", FIELD_BOOL, .later = true },
    { "recording", FIELD_TEXT, .later = true, .choices = "off" },
    { "locked", FIELD_BOOL },
    { 0 },
};

static const struct field FIELDS_DASHBOARD_ADMIT[] = {
    AN_ID("room"), AN_ID("participant"), { "beside", FIELD_BOOL }, { "instead", FIELD_BOOL }, { 0 },
};
static const struct field FIELDS_DASHBOARD_ABOUT[] = {
    AN_ID("room"),
    AN_ID("participant"),
    HOST_TEXT,
    { 0 },
};
static const struct field FIELDS_DASHBOARD_AWAY[] = {
    AN_ID("room"), AN_ID("participant"), HOST_TEXT, { "block", FIELD_BOOL }, { 0 },
};
static const struct field FIELDS_DASHBOARD_CHAT[] = {
    AN_ID("room"),
    AN_ID("to"),
    { "text", FIELD_LINES, .required = true, .min = 1, .max = CHAT_MAX },
    { "id", FIELD_TEXT, .max = CHAT_ID_MAX },
    { 0 },
};
static const struct field FIELDS_DASHBOARD_ROOM[] = {
    AN_ID("room"),
    { 0 },
};

/* No value of these is harmless: ignoring one beside `locked` would look as if it had taken effect. */
#define NAME(name, ...) #name,
static const char *const RULES_OF_THE_API[] = { "name", "slug",         "access",  "max_participants",
                                                "pin",  "consent_text", "cohosts", ROOM_SWITCHES(NAME) };
#undef NAME

static bool is_changed_here(const char *rule)
{
    const struct field *f = FIELDS_ROOM;

    while (f->name && strcmp(f->name, rule) != 0)
        f++;
    return f->name != NULL;
}

static enum err_code check_room(const json_t *m, struct err *e)
{
    for (size_t i = 0; i < sizeof RULES_OF_THE_API / sizeof *RULES_OF_THE_API; i++)
        if (json_given(m, RULES_OF_THE_API[i]) && !is_changed_here(RULES_OF_THE_API[i]))
            return err_set(e, ERR_INVALID, "not_available", "In this version %s is changed in the dashboard.",
                           RULES_OF_THE_API[i]);
    for (const struct field *f = FIELDS_ROOM; f->name; f++)
        if (json_given(m, f->name))
            return ERR_OK;
    return err_field(e, "locked", "name a rule to change, such as locked");
}

static enum err_code check_admit(const json_t *m, struct err *e)
{
    if (json_bool(m, "beside", false) && json_bool(m, "instead", false))
        return err_field(e, "instead", "use either beside or instead, not both");
    return ERR_OK;
}

/* ---- handlers ---- */

/* Work that this seat asks of its room; an error is told to the seat. */
static struct room_work *work_of_seat(const struct speaker *speaker, const struct room_work_kind *kind,
                                      const struct incoming *rule)
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
static void ask_room(struct speaker *speaker, const json_t *m, const struct incoming *rule)
{
    struct room_work *work = work_of_seat(speaker, &WORK_DECIDE, rule);
    struct room_request *q = &work->request;

    q->verb = room_verb_of(rule->may);
    q->block = json_bool(m, "block", false);
    q->beside = json_bool(m, "beside", false);
    q->instead = json_bool(m, "instead", false);
    (void)str_copy(q->participant, ID_SIZE, q->verb == ROOM_LEAVE ? q->by : json_text(m, "participant", ""));
    room_work_set_text(work, json_text(m, "text", ""));
    room_queue_ask(speaker->seat->room, work);
}

/* Both ways at once leave open who should stay. */
static void admit(struct speaker *speaker, const json_t *m, const struct incoming *rule)
{
    struct err e = { 0 };
    enum err_code rc = check_admit(m, &e);

    if (rc != ERR_OK)
        speaker_answer(speaker, rc, &e, rule->type);
    else if (speaker->dashboard)
        dashboard_ask(speaker->dashboard, rule->may, m, rule->type, speaker->n);
    else
        ask_room(speaker, m, rule);
}

static void lock_room(struct speaker *speaker, const json_t *m, const struct incoming *rule)
{
    struct room_work *work = work_of_seat(speaker, &WORK_LOCK, rule);

    work->lock = json_bool(m, "locked", false);
    room_queue_ask(speaker->seat->room, work);
}

/* Without `locked`, or with its current value, it changes nothing: only the sender gets the rules. */
static void change_room(struct speaker *speaker, const json_t *m, const struct incoming *rule)
{
    struct err e = { 0 };
    enum err_code rc = check_room(m, &e);

    if (rc != ERR_OK)
        speaker_answer(speaker, rc, &e, rule->type);
    else if (json_has(m, "locked") && !live_room_is_locked(speaker->seat->room, json_bool(m, "locked", false)))
        lock_room(speaker, m, rule);
    else
        seat_session_say(speaker->seat, messages_room(&speaker->seat->room->room.view));
}

static void chat(struct speaker *speaker, const json_t *m, const struct incoming *rule)
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
        speaker_error(speaker, "too_fast", "Too many messages at once; this one was not sent. Try again in a moment.",
                      rule->type);
    else
        speaker_answer(speaker, chat_from_seat(speaker->seat, &words, &e), &e, rule->type);
}

static void status(struct speaker *speaker, const json_t *m, const struct incoming *rule)
{
    const struct seat_status before = speaker->seat->status;
    struct err e = { 0 };
    enum err_code rc = messages_read_status(m, &speaker->seat->status, &e);

    if (rc == ERR_OK)
        presence_status_changed(speaker->seat, &before);
    speaker_answer(speaker, rc, &e, rule->type);
}

/* A host asks something of a person inside, or of all (`*`); their page decides. */
static void ask_people(struct speaker *speaker, const json_t *m, const struct incoming *rule)
{
    struct seat_session *seat = speaker->seat;
    const char *id = json_text(m, "participant", "");
    const struct room_member *to = room_find(&seat->room->room, id);
    bool all = strcmp(id, "*") == 0;
    struct payload *said;

    if (!all && (!to || to == seat->member || !seat_is_inside(to->seat.state))) {
        speaker_error(speaker, "not_found", "Nobody else in the call has this id.", rule->type);
        return;
    }
    if ((!all || room_inside(&seat->room->room) > 1) && !pace_chat_allowed(&speaker->client->pace)) {
        speaker_error(speaker, "too_fast", "You can make at most five requests a second; nobody was asked this time.",
                      rule->type);
        return;
    }
    said = messages_request(rule->type, seat->member->seat.id, json_text(m, "kind", ""));
    if (all)
        live_tell_inside(seat->room, seat, false, said);
    else
        seat_session_say(seat_session_of(to), payload_ref(said));
    payload_unref(said);
}

static void seen(struct speaker *speaker, const json_t *m, const struct incoming *rule)
{
    const struct room_member *to = room_find(&speaker->seat->room->room, json_text(m, "participant", ""));

    if (!to || !presence_seen(speaker->seat, seat_session_of(to), json_bool(m, "seen", false)))
        speaker_error(speaker, "not_found", "Nobody with this id has lost the connection.", rule->type);
}

static void quality(struct speaker *speaker, const json_t *m, const struct incoming *rule)
{
    struct call_quality report;
    struct err e = { 0 };
    enum err_code rc = messages_read_quality(m, &report, &e);

    if (rc == ERR_OK)
        rc = quality_reported(speaker->seat, &report, &e);
    speaker_answer(speaker, rc, &e, rule->type);
}

/* Each answer is a credential for the relay. */
static void ice(struct speaker *speaker, const json_t *m, const struct incoming *rule)
{
    struct seat_session *seat = speaker->seat;

    (void)m;
    if (!minute_allows(&seat->ice, ICE_PER_MINUTE, live_shard_mono_ms(speaker->shard))) {
        speaker_error(speaker, "too_fast", "You can ask at most ten times a minute.", rule->type);
        return;
    }
    seat_session_say(seat, picture_ice(seat));
}

/* Its fields are checked where it is refused, since there is no seat yet to answer. */
static void join(struct speaker *speaker, const json_t *m, const struct incoming *rule)
{
    (void)rule;
    join_message(speaker->shard, speaker->client, m);
}

/* Measures the line of somebody who may never join. */
static void echo(struct speaker *speaker, const json_t *m, const struct incoming *rule)
{
    (void)rule;
    if (!client_echo(speaker->client, messages_echo(json_int(m, "n", 0))))
        live_shard_refuse(speaker->shard, speaker->client, "join_first",
                          "Enough echoes; the next message must be join.");
}

static void ask_dashboard(struct speaker *speaker, const json_t *m, const struct incoming *rule)
{
    if (room_verb_of(rule->may) == ROOM_VERBS && !pace_chat_allowed(&speaker->client->pace))
        speaker_error(speaker, "too_fast", "You can send at most five messages a second.", rule->type);
    else
        dashboard_ask(speaker->dashboard, rule->may, m, rule->type, speaker->n);
}

/* ---- the table ---- */

const struct incoming INCOMING[] = {
    { NEWCOMER, "join", .handle = join },
    { NEWCOMER, "echo", .handle = echo },
    { SEAT, "signal", MAY_SIGNAL, .pass = relay_signal },
    { SEAT, "chat", MAY_CHAT_WAITING, FIELDS_CHAT, .handle = chat },
    { SEAT, "status", MAY_STATUS, FIELDS_STATUS, .handle = status },
    { SEAT, "leave", MAY_LEAVE, NO_FIELDS, .handle = ask_room },
    { SEAT, "ice", MAY_ICE, NO_FIELDS, .handle = ice },
    { SEAT, "admit", MAY_ADMIT, FIELDS_ADMIT, .handle = admit },
    { SEAT, "deny", MAY_DENY, FIELDS_AWAY, .handle = ask_room },
    { SEAT, "hold", MAY_HOLD, FIELDS_ABOUT, .handle = ask_room },
    { SEAT, "return", MAY_RETURN, FIELDS_ABOUT, .handle = ask_room },
    { SEAT, "remove", MAY_REMOVE, FIELDS_AWAY, .handle = ask_room },
    { SEAT, "end", MAY_END, NO_FIELDS, .handle = ask_room },
    { SEAT, "mute", MAY_MUTE, FIELDS_MUTE, .handle = ask_people },
    { SEAT, "quality", MAY_QUALITY, FIELDS_QUALITY, .handle = quality },
    { SEAT, "seen", MAY_SEEN, FIELDS_SEEN, .handle = seen },
    { SEAT, "room", MAY_CHANGE_RULES, FIELDS_ROOM, .handle = change_room },
    { SEAT, "call", .fields = NO_FIELDS },
    { SEAT, "transfer", .fields = NO_FIELDS },
    { SEAT, "recording", .fields = NO_FIELDS },
    { SEAT, "watch", .fields = NO_FIELDS },
    { DASHBOARD, "admit", MAY_ADMIT, FIELDS_DASHBOARD_ADMIT, .handle = admit },
    { DASHBOARD, "deny", MAY_DENY, FIELDS_DASHBOARD_AWAY, .handle = ask_dashboard },
    { DASHBOARD, "hold", MAY_HOLD, FIELDS_DASHBOARD_ABOUT, .handle = ask_dashboard },
    { DASHBOARD, "return", MAY_RETURN, FIELDS_DASHBOARD_ABOUT, .handle = ask_dashboard },
    { DASHBOARD, "remove", MAY_REMOVE, FIELDS_DASHBOARD_AWAY, .handle = ask_dashboard },
    { DASHBOARD, "end", MAY_END, FIELDS_DASHBOARD_ROOM, .handle = ask_dashboard },
    { DASHBOARD, "chat", MAY_CHAT_WAITING, FIELDS_DASHBOARD_CHAT, .handle = ask_dashboard },
    { DASHBOARD, "call", .fields = NO_FIELDS },
    { DASHBOARD, "transfer", .fields = NO_FIELDS },
    { 0 },
};

const struct incoming *incoming_find(enum side side, const char *type)
{
    for (const struct incoming *rule = INCOMING; rule->type; rule++)
        if (rule->side == side && strcmp(rule->type, type) == 0)
            return rule;
    return NULL;
}
