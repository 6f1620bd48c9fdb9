#include "live/join.h"

#include <string.h>

#include "live/dashboard.h"
#include "live/live_room.h"
#include "live/live_shard.h"
#include "live/messages.h"
#include "live/room_queue.h"
#include "live/work_join.h"
#include "util/str.h"

#define AGAIN_PER_MINUTE 120 /* a page with an unstable connection comes back about once a second */

/* It went away while it waited. */
static void ask_lost(struct client_owner *owner, struct client *c)
{
    struct room_work *w = list_entry(owner, struct room_work, owner);

    (void)c;
    w->client = NULL;
}

/* Its messages are ignored until it has joined. */
static const struct client_owner_ops ASKING = { .lost = ask_lost };

/* The client waits for the result. */
static void ask(struct live_shard *f, struct client *c, struct room_work *w)
{
    ip_home(c->address ? c->address : "", w->site);
    w->client = c;
    w->owner.ops = &ASKING;
    client_joining(c, &w->owner);
    room_queue_ask(live_room_open(f, c->path), w);
}

/* Each join is written, and each fresh start makes everybody inside connect anew. */
static bool comes_too_often(struct live_shard *f, struct client *c, const struct room_member *m)
{
    struct seat_session *l = m ? seat_session_of(m) : NULL;

    if (!l || minute_allows(&l->again, AGAIN_PER_MINUTE, live_shard_mono_ms(f)))
        return false;
    live_shard_refuse(f, c, "busy", "This seat has been taken again too often; try again in a moment.");
    return true;
}

static void take_seat(struct live_shard *f, struct client *c, const struct token_claims *t, int64_t instance)
{
    struct room_work *w = room_work_new(f, &WORK_JOIN, c->path, "join");
    struct seat *s = &w->join.as;

    memcpy(s->id, t->sub, ID_SIZE);
    memcpy(s->room_id, t->room, ID_SIZE);
    memcpy(s->user_id, t->user_id, ID_SIZE);
    memcpy(s->invitation_id, t->invitation_id, ID_SIZE);
    memcpy(s->session_id, t->session_id, ID_SIZE);
    memcpy(s->name, t->name, NAME_SIZE);
    s->role = t->role;
    s->name_from = t->name_from;
    s->gen = t->gen;
    w->invitation_gen = t->invitation_gen;
    w->join.another_jar = t->another_jar;
    w->join.back = t->back;
    w->join.instance = instance;
    crypto_new_secret(w->ticket, s->ticket_hash);
    ask(f, c, w);
}

/* `instance`: the page says that it continues as this one; 0: it begins anew. */
static void by_token(struct live_shard *f, struct client *c, const char *token, int64_t instance)
{
    const struct live_room *room;
    struct token_claims t;
    struct err e = { 0 };

    if (token_verify(f->settings->ring, f->settings->public_url, token, strlen(token), f->env.wall_ms(f->env.ctx), &t,
                     &e) != ERR_OK) {
        live_shard_refuse(f, c, e.code[0] ? e.code : "bad_token", "This token is not accepted; ask for a new one.");
        return;
    }
    if (strcmp(t.room, c->path) != 0) {
        live_shard_refuse(f, c, "wrong_room", "This token is for another room.");
        return;
    }
    memcpy(c->session_id, t.session_id, ID_SIZE);
    room = live_room_find(f, c->path);
    if (strcmp(c->path, TOKEN_DASHBOARD) == 0)
        dashboard_join(f, c, &t);
    else if (!comes_too_often(f, c, room ? room_find(&room->room, t.sub) : NULL))
        take_seat(f, c, &t, instance);
}

/* The seat of this ticket; a ticket identifies its seat and carries no content. */
static const struct room_member *holder(struct live_shard *f, const struct client *c, const uint8_t hash[HASH_BYTES])
{
    const struct live_room *room = live_room_find(f, c->path);

    for (size_t i = 0; room && i < room->room.count; i++)
        if (room_ticket_fits(&room->room.members[i]->seat, hash))
            return room->room.members[i];
    return NULL;
}

static void by_ticket(struct live_shard *f, struct client *c, const char *ticket, int64_t seq)
{
    const struct room_member *m;
    uint8_t hash[HASH_BYTES];
    struct room_work *w;

    crypto_digest(ticket, strlen(ticket), hash);
    m = holder(f, c, hash);
    if (!m || live_room_was_host(seat_session_of(m)->room, &m->seat)) {
        live_shard_refuse(f, c, "bad_ticket", "This ticket is no longer valid; join again.");
        return;
    }
    if (comes_too_often(f, c, m))
        return;
    memcpy(c->session_id, m->seat.session_id, ID_SIZE); /* may end while the job is under way */
    w = room_work_new(f, &WORK_RESUME, c->path, "join");
    w->resume_seq = seq;
    w->request = (struct room_request){ .verb = ROOM_RESUME, .right = RIGHT_SYSTEM };
    memcpy(w->request.by, m->seat.id, ID_SIZE);
    memcpy(w->request.participant, m->seat.id, ID_SIZE);
    memcpy(w->request.presented_hash, hash, HASH_BYTES);
    crypto_new_secret(w->ticket, w->request.ticket_hash);
    ask(f, c, w);
}

void join_message(struct live_shard *f, struct client *c, const json_t *m)
{
    static const struct field TICKET[] = {
        { "ticket", FIELD_TEXT, .required = true, .min = 1, .max = 100 },
        { "seq", FIELD_INT, .required = true },
        { 0 },
    };
    const json_t *resume = json_object_get(m, "resume");
    struct err e = { 0 };

    if (json_fields_check(m, FIELDS_JOIN, false, &e) != ERR_OK ||
        (resume && json_fields_check(resume, TICKET, false, &e) != ERR_OK))
        live_shard_refuse(f, c, e.code, e.detail);
    else if (json_has(m, "token"))
        by_token(f, c, json_text(m, "token", ""), json_int(m, "instance", 0));
    else if (resume)
        by_ticket(f, c, json_text(resume, "ticket", ""), json_int(resume, "seq", 0));
    else
        live_shard_refuse(f, c, "invalid_field", "join needs a token or a ticket.");
}
