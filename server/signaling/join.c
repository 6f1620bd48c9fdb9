#include "signaling/join.h"

#include <string.h>

#include "signaling/desk.h"
#include "signaling/floor.h"
#include "signaling/place.h"
#include "signaling/protocol.h"
#include "signaling/work.h"
#include "util/str.h"

#define DESK_PATH "@desk"
#define AGAIN_PER_MINUTE 120 /* a page that flaps comes back once a second or so */

/* The connection waits for what this comes to. */
static void ask(struct peer *p, struct work *w)
{
    ip_home(p->address ? p->address : "", w->site);
    w->peer = p;
    p->work = w;
    p->phase = PEER_JOINING;
    place_ask(place_open(p->floor, p->room), w);
}

/* Each time is written, and each fresh start makes everybody inside connect anew. */
static bool comes_too_often(struct peer *p, const struct room_member *m)
{
    struct seat_link *l = m ? link_of(m) : NULL;

    if (!l || minute_allows(&l->again, AGAIN_PER_MINUTE, p->floor->env.mono_ms(p->floor->env.ctx)))
        return false;
    peer_refuse(p, "busy", "This seat was taken again too often; try again in a moment.");
    return true;
}

static void take_seat(struct peer *p, const struct token_claims *c, int64_t instance)
{
    struct work *w = work_new(p->floor, WORK_JOIN, p->room, "join");
    struct seat *s = &w->join.as;

    memcpy(s->id, c->sub, ID_SIZE);
    memcpy(s->room_id, c->room, ID_SIZE);
    memcpy(s->user_id, c->user_id, ID_SIZE);
    memcpy(s->invitation_id, c->invitation_id, ID_SIZE);
    memcpy(s->session_id, c->session_id, ID_SIZE);
    memcpy(s->name, c->name, NAME_SIZE);
    s->role = c->role;
    s->name_from = c->name_from;
    s->gen = c->gen;
    w->invitation_gen = c->invitation_gen;
    w->join.another_jar = c->another_jar;
    w->join.back = c->back;
    w->join.instance = instance;
    crypto_new_secret(w->ticket, s->ticket_hash);
    ask(p, w);
}

/* `instance`: the page says that it goes on as this one; 0: it begins anew. */
static void by_token(struct peer *p, const char *token, int64_t instance)
{
    const struct floor *f = p->floor;
    const struct place *place;
    struct token_claims c;
    struct err e = { 0 };

    if (token_verify(f->settings->ring, f->settings->public_url, token, strlen(token), f->env.wall_ms(f->env.ctx), &c,
                     &e) != ERR_OK) {
        peer_refuse(p, e.code[0] ? e.code : "bad_token", "This token is not accepted; ask for a new one.");
        return;
    }
    if (strcmp(c.room, p->room) != 0) {
        peer_refuse(p, "wrong_room", "This token is for another room.");
        return;
    }
    memcpy(p->session_id, c.session_id, ID_SIZE);
    place = place_find(p->floor, p->room);
    if (strcmp(p->room, DESK_PATH) == 0)
        desk_join(p, &c);
    else if (!comes_too_often(p, place ? room_find(&place->room, c.sub) : NULL))
        take_seat(p, &c, instance);
}

/* Whose ticket this is; tickets name their seat and say nothing. */
static const struct room_member *holder(const struct peer *p, const uint8_t hash[HASH_BYTES])
{
    const struct place *place = place_find(p->floor, p->room);

    for (size_t i = 0; place && i < place->room.count; i++)
        if (room_ticket_fits(&place->room.members[i]->seat, hash))
            return place->room.members[i];
    return NULL;
}

static void by_ticket(struct peer *p, const char *ticket, int64_t seq)
{
    const struct room_member *m;
    uint8_t hash[HASH_BYTES];
    struct work *w;

    crypto_digest(ticket, strlen(ticket), hash);
    m = holder(p, hash);
    if (!m || place_was_host(link_of(m)->place, &m->seat)) {
        peer_refuse(p, "bad_ticket", "This ticket is no longer good; join again.");
        return;
    }
    if (comes_too_often(p, m))
        return;
    memcpy(p->session_id, m->seat.session_id, ID_SIZE); /* may end while this is under way */
    w = work_new(p->floor, WORK_RESUME, p->room, "join");
    w->resume_seq = seq;
    w->request = (struct room_request){ .verb = ROOM_RESUME, .right = RIGHT_SYSTEM };
    memcpy(w->request.by, m->seat.id, ID_SIZE);
    memcpy(w->request.participant, m->seat.id, ID_SIZE);
    memcpy(w->request.presented_hash, hash, HASH_BYTES);
    crypto_new_secret(w->ticket, w->request.ticket_hash);
    ask(p, w);
}

void join_message(struct peer *p, const json_t *m)
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
        peer_refuse(p, e.code, e.detail);
    else if (json_has(m, "token"))
        by_token(p, json_text(m, "token", ""), json_int(m, "instance", 0));
    else if (resume)
        by_ticket(p, json_text(resume, "ticket", ""), json_int(resume, "seq", 0));
    else
        peer_refuse(p, "invalid_field", "join needs a token or a ticket.");
}
