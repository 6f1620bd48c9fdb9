#include "live/messages.h"

#include <string.h>

#include "util/json_write.h"
#include "util/str.h"

static const char *const STATUS_BITS[] = { "mic", "cam", "screen", "hand", "background" };
#define STATUS_BIT_COUNT (sizeof STATUS_BITS / sizeof *STATUS_BITS)

/* "good", "relay/udp": a short word that is never shown unchanged. */
static bool is_word(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-/") == strlen(text);
}

static enum err_code check_words(const json_t *message, const char *const *names, struct err *e)
{
    for (; *names; names++)
        if (!is_word(json_text(message, *names, "")))
            return err_field(e, *names, "%s must be lower case letters, digits, - and /", *names);
    return ERR_OK;
}

enum err_code messages_read_quality(const json_t *message, struct call_quality *out, struct err *e)
{
    static const char *const WORDS[] = { "path", NULL };

    *out = (struct call_quality){
        .good_s = json_int(message, "good", 0),
        .fair_s = json_int(message, "fair", 0),
        .poor_s = json_int(message, "poor", 0),
        .lost_s = json_int(message, "lost", 0),
        .rtt_ms = json_int(message, "rtt_ms", 0),
        .loss = json_int(message, "loss", 0),
        .concealed = json_int(message, "concealed", 0),
        .frozen_ms = json_int(message, "frozen_ms", 0),
    };
    (void)str_copy(out->path, sizeof out->path, json_text(message, "path", ""));
    return check_words(message, WORDS, e);
}

enum err_code messages_read_status(const json_t *message, struct seat_status *s, struct err *e)
{
    static const char *const WORDS[] = { "quality", "path", "check", NULL };
    enum err_code rc = check_words(message, WORDS, e);

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < STATUS_BIT_COUNT; i++) {
        uint8_t bit = (uint8_t)(1u << i);

        if (!json_given(message, STATUS_BITS[i]))
            continue;
        s->known |= bit;
        s->set = (uint8_t)(json_bool(message, STATUS_BITS[i], false) ? s->set | bit : s->set & ~bit);
    }
    (void)str_copy(s->quality, sizeof s->quality, json_text(message, "quality", s->quality));
    (void)str_copy(s->path, sizeof s->path, json_text(message, "path", s->path));
    (void)str_copy(s->check, sizeof s->check, json_text(message, "check", s->check));
    s->ready = (int32_t)json_int(message, "ready", s->ready);
    return ERR_OK;
}

/* ---- out ---- */

static struct payload *finish(const char *type, struct buf *b)
{
    struct payload *p;

    buf_add(b, "}", 1);
    p = payload_from(type, b);
    buf_clear(b);
    return p;
}

/* Members are added with a comma before each; the first one's is dropped here. */
static struct payload *finish_list(const char *type, struct buf *b)
{
    buf_consume(b, 1);
    return finish(type, b);
}

static void add_status(struct buf *b, const struct seat_status *s)
{
    size_t start;

    buf_add_text(b, ",\"status\":");
    start = b->len;
    for (size_t i = 0; i < STATUS_BIT_COUNT; i++)
        if (s->known & 1u << i)
            json_write_bool(b, STATUS_BITS[i], s->set & 1u << i);
    if (s->quality[0])
        json_write_text(b, "quality", s->quality);
    if (s->path[0])
        json_write_text(b, "path", s->path);
    if (s->check[0])
        json_write_text(b, "check", s->check);
    if (s->ready)
        json_write_int(b, "ready", s->ready);
    if (b->len == start)
        buf_add(b, "{", 1);
    else if (!b->overflow)
        b->data[start] = '{'; /* replaces the first comma */
    buf_add(b, "}", 1);
}

static const char *name_from(enum seat_name_from from)
{
    switch (from) {
    case NAME_FROM_ACCOUNT: return "account";
    case NAME_FROM_INVITATION: return "invitation";
    case NAME_FROM_SELF: break;
    }
    return "self";
}

static const char *role_name(enum seat_role role)
{
    return role == SEAT_HOST ? "host" : "guest";
}

static const char *state_name(const struct seat *s)
{
    return s->state == SEAT_ENDED ? seat_end_name(s->end) : seat_state_name(s->state);
}

void messages_add_participant(struct buf *b, const struct participant_view *v)
{
    const struct seat *s = &v->member->seat;

    buf_add_text(b, "{\"id\":");
    json_write_string(b, s->id);
    json_write_text(b, "name", s->name);
    json_write_text(b, "kind", s->user_id[0] ? "user" : "guest");
    json_write_text(b, "name_from", name_from(s->name_from));
    json_write_text(b, "role", role_name(s->role));
    json_write_text(b, "state", state_name(s));
    json_write_int(b, "instance", s->instance);
    add_status(b, v->status);
    json_write_time(b, "since", s->since_ms);
    if (s->held)
        json_write_bool(b, "held", true);
    if (s->state == SEAT_WAITING_AWAY)
        json_write_bool(b, "away", true);
    if (s->state == SEAT_WAITING_AWAY || s->state == SEAT_AWAY)
        json_write_time(b, "away_since", s->away_ms);
    if (s->same_invitation)
        json_write_bool(b, "same_invitation", true);
    if (v->offerer >= 0)
        json_write_bool(b, "offerer", v->offerer > 0);
    if (v->user && s->user_id[0])
        json_write_text(b, "user", s->user_id);
    buf_add(b, "}", 1);
}

/* A person's permissions, so that clients need no rules of their own. */
static void add_may(struct buf *b, permission_set may)
{
    bool first = true;

    buf_add_text(b, ",\"may\":[");
    for (int p = 0; p < PERMISSIONS; p++) {
        const char *name = permission_name((enum permission)p);

        if (!name || !permission_in(may, (enum permission)p))
            continue;
        buf_add_text(b, first ? "" : ",");
        json_write_string(b, name);
        first = false;
    }
    buf_add(b, "]", 1);
}

/* `{"id":…,…` without the closing brace. */
static void add_rules(struct buf *b, const struct room_view *v)
{
    buf_add_text(b, "{\"id\":");
    json_write_string(b, v->id);
    json_write_text(b, "name", v->name ? v->name : "");
    json_write_text(b, "slug", v->slug ? v->slug : "");
    json_write_text(b, "kind", room_kind_name(v->kind));
    json_write_text(b, "topology", "p2p");
#define WRITE(name, ...) json_write_bool(b, #name, v->name);
    ROOM_SWITCHES(WRITE)
#undef WRITE
    json_write_int(b, "max_participants", v->capacity);
}

void messages_add_room(struct buf *b, const struct room_view *v, enum user_role role, const char *user_id)
{
    enum room_part part = room_view_part(v, user_id);

    add_rules(b, v);
    json_write_bool(b, "host", part != PART_NONE);
    add_may(b, permission_of_account(role, part));
}

static void add_room(struct buf *b, const struct room_view *v)
{
    buf_add_text(b, ",\"room\":");
    add_rules(b, v);
    buf_add(b, "}", 1);
}

static void add_participants(struct buf *b, const struct participant_list *others)
{
    buf_add_text(b, ",\"participants\":[");
    for (size_t i = 0; i < others->count; i++) {
        buf_add_text(b, i ? "," : "");
        messages_add_participant(b, &others->items[i]);
    }
    buf_add(b, "]", 1);
}

static void add_ice(struct buf *b, const struct ice_view *ice)
{
    if (!ice->inside || !ice->urls) {
        buf_printf(b, ",\"ice_servers\":[],\"ice_ttl_s\":%d", ice->inside ? TURN_TTL_S : 0);
        return;
    }
    buf_add_text(b, ",\"ice_servers\":[{\"urls\":[");
    for (size_t i = 0; ice->urls[i]; i++) {
        buf_add_text(b, i ? "," : "");
        json_write_string(b, ice->urls[i]);
    }
    buf_add(b, "]", 1);
    json_write_text(b, "username", ice->credential.username);
    json_write_text(b, "credential", ice->credential.credential);
    buf_printf(b, "}],\"ice_ttl_s\":%d", TURN_TTL_S);
}

/* What a waiting person is told about waiting. */
static void add_waiting(struct buf *b, const struct room_member *member)
{
    if (!seat_is_waiting(member->seat.state))
        return;
    json_write_bool(b, "held", member->seat.held);
    json_write_int(b, "position", member->position);
    if (member->text)
        json_write_text(b, "text", member->text);
}

/* The time that the seat is kept without a connection. */
static void add_window(struct buf *b, bool inside)
{
    json_write_int(b, "window_s", (inside ? ROOM_AWAY_MS : ROOM_WAIT_AWAY_MS) / 1000);
}

struct payload *messages_welcome(const struct welcome_view *v)
{
    struct buf b = { .max = MESSAGES_MAX };
    const struct seat *self = &v->self->seat;
    bool inside = seat_is_inside(self->state);

    json_write_text(&b, "self", self->id);
    json_write_text(&b, "role", role_name(self->role));
    json_write_text(&b, "state", inside ? "inside" : "waiting");
    json_write_int(&b, "instance", self->instance);
    json_write_time(&b, "since", self->since_ms);
    add_waiting(&b, v->self);
    add_may(&b, v->may);
    add_room(&b, v->room);
    add_participants(&b, &v->others);
    add_ice(&b, &v->ice);
    json_write_text(&b, "epoch", v->epoch);
    json_write_int(&b, "seq", v->seq);
    json_write_int(&b, "n", v->n);
    json_write_bool(&b, "resumed", v->resumed);
    buf_add_text(&b, ",\"resume\":{\"ticket\":");
    json_write_string(&b, v->ticket);
    add_window(&b, inside);
    buf_add(&b, "}", 1);
    return finish_list("welcome", &b);
}

struct payload *messages_participant(const struct participant_view *about, enum room_news news, const char *reason,
                                     const char *room_id)
{
    struct buf b = { .max = MESSAGES_MAX };
    struct participant_view shown = *about;

    shown.offerer = -1; /* here it is a member beside them */
    if (room_id)
        json_write_text(&b, "room", room_id);
    json_write_text(&b, "event", room_news_name(news));
    buf_add_text(&b, ",\"participant\":");
    messages_add_participant(&b, &shown);
    if (about->offerer >= 0)
        json_write_bool(&b, "offerer", about->offerer > 0);
    if (reason)
        json_write_text(&b, "reason", reason);
    return finish_list("participant", &b);
}

struct payload *messages_state(const struct room_member *self, permission_set may,
                               const struct participant_list *others, const struct ice_view *ice, const char *reason)
{
    struct buf b = { .max = MESSAGES_MAX };
    bool inside = seat_is_inside(self->seat.state);

    json_write_text(&b, "state", inside ? "inside" : "waiting");
    json_write_time(&b, "since", self->seat.since_ms);
    add_window(&b, inside);
    add_waiting(&b, self);
    add_may(&b, may);
    if (reason && !inside)
        json_write_text(&b, "reason", reason);
    add_participants(&b, others);
    if (inside) {
        json_write_text(&b, "topology", "p2p");
        add_ice(&b, ice);
    }
    return finish_list("state", &b);
}

struct payload *messages_chat(const struct chat_line *line)
{
    struct buf b = { .max = MESSAGES_MAX };

    if (line->room_id)
        json_write_text(&b, "room", line->room_id);
    json_write_text(&b, "from", line->from);
    json_write_text(&b, "name", line->name);
    if (line->to)
        json_write_text(&b, "to", line->to);
    if (line->role)
        json_write_text(&b, "role", line->role);
    if (line->role && strcmp(line->role, "desk") == 0)
        json_write_bool(&b, "desk", true);
    json_write_text(&b, "text", line->text);
    json_write_time(&b, "at", line->at_ms);
    if (line->id && line->id[0])
        json_write_text(&b, "id", line->id);
    return finish_list("chat", &b);
}

void messages_add_id(struct messages_ids *ids, const char *id)
{
    ids->list.max = MESSAGES_MAX;
    buf_add_text(&ids->list, ids->list.len ? "," : "");
    json_write_string(&ids->list, id);
}

/* `"name":[…]`, unless there is nobody; clears the list. */
static void add_ids(struct buf *b, const char *name, struct messages_ids *ids)
{
    if (ids->list.len)
        buf_printf(b, ",\"%s\":[%s]", name, buf_text(&ids->list));
    buf_clear(&ids->list);
}

struct payload *messages_ack(const char *of, int64_t n, int heard, struct messages_ids *later,
                             struct messages_ids *never)
{
    struct buf b = { .max = MESSAGES_MAX };

    json_write_text(&b, "of", of);
    json_write_int(&b, "n", n);
    json_write_int(&b, "heard", heard);
    add_ids(&b, "later", later);
    add_ids(&b, "never", never);
    return finish_list("ack", &b);
}

struct payload *messages_request(const char *type, const char *from, const char *kind)
{
    struct buf b = { .max = MESSAGES_MAX };

    json_write_text(&b, "from", from);
    if (kind[0])
        json_write_text(&b, "kind", kind);
    return finish_list(type, &b);
}

struct payload *messages_room(const struct room_view *v)
{
    struct buf b = { .max = MESSAGES_MAX };

    add_room(&b, v);
    return finish_list("room", &b);
}

struct payload *messages_ice(const struct ice_view *ice)
{
    struct buf b = { .max = MESSAGES_MAX };

    add_ice(&b, ice);
    return finish_list("ice", &b);
}

struct payload *messages_echo(int64_t n)
{
    struct buf b = { .max = MESSAGES_MAX };

    json_write_int(&b, "n", n);
    return finish_list("echo", &b);
}

struct payload *messages_guest_inside(const struct room *r, const char *participant, const char *detail, int64_t n)
{
    struct buf b = { .max = MESSAGES_MAX };
    const struct room_member *guest = room_find(r, participant);
    const char *comma = "";

    json_write_text(&b, "code", "guest_inside");
    json_write_text(&b, "detail", detail);
    json_write_text(&b, "of", "admit");
    if (n > 0)
        json_write_int(&b, "n", n);
    json_write_text(&b, "participant", participant);
    buf_add_text(&b, ",\"inside\":[");
    for (size_t i = 0; i < r->count; i++) {
        if (!room_meets(guest, r->members[i]))
            continue;
        buf_add_text(&b, comma);
        json_write_string(&b, r->members[i]->seat.id);
        comma = ",";
    }
    buf_add(&b, "]", 1);
    return finish_list("error", &b);
}
