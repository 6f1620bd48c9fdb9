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
static void ask_lost(struct client_owner *owner, struct client *client)
{
    struct room_work *work = list_entry(owner, struct room_work, owner);

    (void)client;
    work->client = NULL;
}

/* Its messages are ignored until it has joined. */
static const struct client_owner_ops ASKING = { .lost = ask_lost };

/* The client waits for the result. */
static void ask(struct live_shard *shard, struct client *client, struct room_work *work)
{
    ip_home(client->address ? client->address : "", work->site);
    work->client = client;
    work->owner.ops = &ASKING;
    client_joining(client, &work->owner);
    room_queue_ask(live_room_open(shard, client->path), work);
}

/* Each join is written, and each fresh start makes everybody inside connect anew. */
static bool comes_too_often(struct live_shard *shard, struct client *client, const struct room_member *member)
{
    struct seat_session *seat = member ? seat_session_of(member) : NULL;

    if (!seat || minute_allows(&seat->again, AGAIN_PER_MINUTE, live_shard_mono_ms(shard)))
        return false;
    live_shard_refuse(shard, client, "busy", "This seat has been taken again too often; try again in a moment.");
    return true;
}

static void take_seat(struct live_shard *shard, struct client *client, const struct token_claims *t, int64_t instance)
{
    struct room_work *work = room_work_new(shard, &WORK_JOIN, client->path, "join");
    struct seat *s = &work->join.as;

    memcpy(s->id, t->sub, ID_SIZE);
    memcpy(s->room_id, t->room, ID_SIZE);
    memcpy(s->user_id, t->user_id, ID_SIZE);
    memcpy(s->invitation_id, t->invitation_id, ID_SIZE);
    memcpy(s->session_id, t->session_id, ID_SIZE);
    memcpy(s->name, t->name, NAME_SIZE);
    s->role = t->role;
    s->name_from = t->name_from;
    s->gen = t->gen;
    work->invitation_gen = t->invitation_gen;
    memcpy(work->guest_hash, t->guest_hash, HASH_BYTES);
    work->join.another_jar = t->another_jar;
    work->join.back = t->back;
    work->join.instance = instance;
    crypto_new_secret(work->ticket, s->ticket_hash);
    ask(shard, client, work);
}

/* `instance`: the page says that it continues as this one; 0: it begins anew. */
static void by_token(struct live_shard *shard, struct client *client, const char *token, int64_t instance)
{
    const struct live_room *room;
    struct token_claims t;
    struct err e = { 0 };

    if (token_verify(shard->settings->ring, shard->settings->public_url, token, strlen(token),
                     shard->env.wall_ms(shard->env.ctx), &t, &e) != ERR_OK) {
        live_shard_refuse(shard, client, e.code[0] ? e.code : "bad_token",
                          "This token is not accepted; ask for a new one.");
        return;
    }
    if (strcmp(t.room, client->path) != 0) {
        live_shard_refuse(shard, client, "wrong_room", "This token is for another room.");
        return;
    }
    memcpy(client->session_id, t.session_id, ID_SIZE);
    room = live_room_find(shard, client->path);
    if (strcmp(client->path, TOKEN_DASHBOARD) == 0)
        dashboard_join(shard, client, &t);
    else if (!comes_too_often(shard, client, room ? room_find(&room->room, t.sub) : NULL))
        take_seat(shard, client, &t, instance);
}

/* The seat of this ticket; a ticket identifies its seat and carries no content. */
static const struct room_member *holder(struct live_shard *shard, const struct client *client,
                                        const uint8_t hash[HASH_BYTES])
{
    const struct live_room *room = live_room_find(shard, client->path);

    for (size_t i = 0; room && i < room->room.count; i++)
        if (room_ticket_fits(&room->room.members[i]->seat, hash))
            return room->room.members[i];
    return NULL;
}

static void by_ticket(struct live_shard *shard, struct client *client, const char *ticket, int64_t seq)
{
    const struct room_member *member;
    uint8_t hash[HASH_BYTES];
    struct room_work *work;

    crypto_digest(ticket, strlen(ticket), hash);
    member = holder(shard, client, hash);
    if (!member || live_room_was_host(seat_session_of(member)->room, &member->seat)) {
        live_shard_refuse(shard, client, "bad_ticket", "This ticket is no longer valid; join again.");
        return;
    }
    if (comes_too_often(shard, client, member))
        return;
    memcpy(client->session_id, member->seat.session_id, ID_SIZE); /* may end while the job is under way */
    work = room_work_new(shard, &WORK_RESUME, client->path, "join");
    work->resume_seq = seq;
    work->request = (struct room_request){ .verb = ROOM_RESUME, .by_system = true };
    memcpy(work->request.by, member->seat.id, ID_SIZE);
    memcpy(work->request.participant, member->seat.id, ID_SIZE);
    memcpy(work->request.presented_hash, hash, HASH_BYTES);
    crypto_new_secret(work->ticket, work->request.ticket_hash);
    ask(shard, client, work);
}

static const struct field JOIN[] = {
    { "token", FIELD_TEXT, .min = 1, .max = TOKEN_MAX },
    { "resume", FIELD_OBJECT },
    { "instance", FIELD_INT },
    { 0 },
};

void join_message(struct live_shard *shard, struct client *client, const json_t *m)
{
    static const struct field TICKET[] = {
        { "ticket", FIELD_TEXT, .required = true, .min = 1, .max = 100 },
        { "seq", FIELD_INT, .required = true },
        { 0 },
    };
    const json_t *resume = json_object_get(m, "resume");
    struct err e = { 0 };

    if (json_fields_check(m, JOIN, false, &e) != ERR_OK ||
        (resume && json_fields_check(resume, TICKET, false, &e) != ERR_OK))
        live_shard_refuse(shard, client, e.code, e.detail);
    else if (json_has(m, "token"))
        by_token(shard, client, json_text(m, "token", ""), json_int(m, "instance", 0));
    else if (resume)
        by_ticket(shard, client, json_text(resume, "ticket", ""), json_int(resume, "seq", 0));
    else
        live_shard_refuse(shard, client, "invalid_field", "join needs a token or a ticket.");
}
