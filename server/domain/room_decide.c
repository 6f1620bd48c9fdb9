/* Computes the next state of a room, which it only reads. room.c applies it. */
#include <assert.h>
#include <string.h>

#include "domain/crypto.h"
#include "domain/room.h"
#include "util/mem.h"
#include "util/str.h"

typedef enum err_code (*decider)(const struct room *r, const struct room_request *request, int64_t now_ms,
                                 struct room_decision *d, struct err *e);

void room_decision_clear(struct room_decision *d)
{
    mem_free(d->text);
    mem_free(d->changes);
    *d = (struct room_decision){ 0 };
}

/* A change of `seat`, which is stored without "away". */
static struct room_change *add_change(struct room_decision *d, const struct seat *seat, enum seat_event why,
                                      const char *reason)
{
    struct room_change *c;

    if (d->count == d->cap) {
        d->cap = d->cap ? d->cap * 2 : 1;
        d->changes = mem_resize(d->changes, d->cap * sizeof *d->changes);
    }
    c = &d->changes[d->count++];
    *c = (struct room_change){ *seat, why, reason };
    c->seat.state = seat_is_inside(seat->state) ? SEAT_INSIDE : SEAT_WAITING;
    c->seat.away_ms = 0;
    return c;
}

static void add_end(struct room_decision *d, const struct seat *seat, enum seat_event why, enum seat_end end,
                    int64_t now_ms)
{
    struct seat *s = &add_change(d, seat, why, seat_end_name(end))->seat;

    s->state = SEAT_ENDED;
    s->end = end;
    s->gen++;
    s->ended_ms = now_ms;
    s->held = s->same_invitation = false;
    s->blocked_until_ms = d->block ? now_ms + ROOM_BLOCK_MS : 0;
    memset(s->ticket_hash, 0, sizeof s->ticket_hash);
    memset(s->ticket_old_hash, 0, sizeof s->ticket_old_hash);
}

static void add_admission(struct room_decision *d, const struct seat *seat, int64_t now_ms)
{
    struct seat *s = &add_change(d, seat, ON_ADMIT, NULL)->seat;

    s->state = SEAT_INSIDE;
    s->held = s->same_invitation = false;
    s->since_ms = s->admitted_ms = now_ms;
}

static void add_return(struct room_decision *d, const struct seat *seat, const char *reason, int64_t now_ms)
{
    struct seat *s = &add_change(d, seat, ON_RETURN, reason)->seat;

    s->state = SEAT_WAITING;
    s->since_ms = now_ms;
    s->admitted_ms = 0; /* coming back needs a new admission */
}

/* The member concerned, if its state allows it; otherwise ERR_NOT_FOUND. */
static enum err_code subject(const struct room *r, const struct room_request *request, enum seat_event event,
                             const struct seat **out, struct err *e)
{
    const struct room_member *m = room_find(r, request->participant);

    *out = NULL;
    if (!m || seat_next(m->seat.state, event) == SEAT_NONE)
        return err_set(e, ERR_NOT_FOUND, "not_found", "Nobody with this id is in a state that allows this.");
    *out = &m->seat;
    return ERR_OK;
}

static const struct room_change *change_of(const struct room_decision *d, const char *id)
{
    for (size_t i = 0; i < d->count; i++)
        if (strcmp(d->changes[i].seat.id, id) == 0)
            return &d->changes[i];
    return NULL;
}

static void return_guests(const struct room *r, struct room_decision *d, int64_t now_ms)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct seat *s = &r->members[i]->seat;

        if (seat_is_inside(s->state) && s->role == SEAT_GUEST && !change_of(d, s->id))
            add_return(d, s, "host_left", now_ms);
    }
}

/* When this decision takes the last host out, the remaining guests go back to waiting; but not while another host is missing, whom
 * they may still see and hear. */
static void add_host_left(const struct room *r, struct room_decision *d, int64_t now_ms)
{
    int hosts = room_hosts_inside(r), leaving = 0;

    for (size_t i = 0; i < d->count; i++)
        leaving += d->changes[i].seat.role == SEAT_HOST && d->changes[i].seat.state == SEAT_ENDED;
    d->host_left =
        leaving > 0 && leaving == hosts && !r->view.guests_may_stay && !admission_lately(r->host_lost_ms, now_ms);
    if (d->host_left)
        return_guests(r, d, now_ms);
}

/* Does admitting `s` end this seat, the other seat of the same one-person link? */
static bool replaces(const struct seat *s, const struct seat *other)
{
    return s != other && s->same_invitation && strcmp(other->invitation_id, s->invitation_id) == 0;
}

bool room_meets(const struct room_member *guest, const struct room_member *other)
{
    return other != guest && other->seat.role == SEAT_GUEST && seat_is_inside(other->seat.state) &&
           !replaces(&guest->seat, &other->seat);
}

/* Two guests see each other's faces and names only when the admitting person has said so, in this message. A decision is
 * computed when its turn comes, so when two hosts admit at the same moment, the second is asked as well. */
static enum err_code decide_admit(const struct room *r, const struct room_request *request, int64_t now_ms,
                                  struct room_decision *d, struct err *e)
{
    const struct seat *s;
    int inside = room_inside(r);
    enum err_code rc = subject(r, request, ON_ADMIT, &s, e);

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < r->count; i++) {
        const struct room_member *m = r->members[i];
        bool meets = room_meets(room_find(r, s->id), m);

        if (meets && !request->beside && !request->instead)
            return err_set(e, ERR_CONFLICT, "guest_inside", "Another guest is inside: add `beside` or `instead`.");
        if (replaces(s, &m->seat))
            add_end(d, &m->seat, ON_REPLACED, END_REPLACED, now_ms);
        else if (meets && request->instead)
            add_end(d, &m->seat, ON_END, END_ENDED, now_ms);
        else
            continue;
        d->ends_visit |= meets;
        inside -= seat_is_inside(m->seat.state);
    }
    if (inside >= r->view.capacity)
        return err_set(e, ERR_LIMIT, "room_full", "No more than %d can be inside at once.", r->view.capacity);
    add_admission(d, s, now_ms);
    return ERR_OK;
}

static enum err_code decide_deny(const struct room *r, const struct room_request *request, int64_t now_ms,
                                 struct room_decision *d, struct err *e)
{
    const struct seat *s;
    enum err_code rc = subject(r, request, ON_DENY, &s, e);

    if (rc == ERR_OK)
        add_end(d, s, ON_DENY, END_DENIED, now_ms);
    return rc;
}

static enum err_code decide_hold(const struct room *r, const struct room_request *request, int64_t now_ms,
                                 struct room_decision *d, struct err *e)
{
    const struct seat *s;
    enum err_code rc = subject(r, request, ON_HOLD, &s, e);

    (void)now_ms;
    if (rc == ERR_OK)
        add_change(d, s, ON_HOLD, "held")->seat.held = true;
    return rc;
}

static enum err_code decide_return(const struct room *r, const struct room_request *request, int64_t now_ms,
                                   struct room_decision *d, struct err *e)
{
    const struct seat *s;
    enum err_code rc = subject(r, request, ON_RETURN, &s, e);

    if (rc == ERR_OK && s->role == SEAT_HOST)
        return err_set(e, ERR_FORBIDDEN, "forbidden", "A host does not wait.");
    if (rc == ERR_OK)
        add_return(d, s, "returned", now_ms);
    return rc;
}

static enum err_code decide_remove(const struct room *r, const struct room_request *request, int64_t now_ms,
                                   struct room_decision *d, struct err *e)
{
    const struct seat *s;
    enum err_code rc = subject(r, request, ON_REMOVE, &s, e);

    if (rc == ERR_OK && strcmp(request->by, request->participant) == 0)
        return err_set(e, ERR_FORBIDDEN, "forbidden", "To leave, send leave.");
    if (rc == ERR_OK) {
        add_end(d, s, ON_REMOVE, END_REMOVED, now_ms);
        add_host_left(r, d, now_ms);
    }
    return rc;
}

static enum err_code decide_leave(const struct room *r, const struct room_request *request, int64_t now_ms,
                                  struct room_decision *d, struct err *e)
{
    const struct seat *s;
    enum err_code rc = subject(r, request, ON_LEAVE, &s, e);

    if (rc == ERR_OK) {
        add_end(d, s, ON_LEAVE, END_LEFT, now_ms);
        add_host_left(r, d, now_ms);
    }
    return rc;
}

/* Waiting people keep waiting: the next visit is not this one. */
static enum err_code decide_end(const struct room *r, const struct room_request *request, int64_t now_ms,
                                struct room_decision *d, struct err *e)
{
    (void)request, (void)e;
    for (size_t i = 0; i < r->count; i++)
        if (seat_is_inside(r->members[i]->seat.state))
            add_end(d, &r->members[i]->seat, ON_END, END_ENDED, now_ms);
    d->ends_visit = d->count > 0;
    return ERR_OK;
}

static enum err_code decide_close(const struct room *r, const struct room_request *request, int64_t now_ms,
                                  struct room_decision *d, struct err *e)
{
    (void)request, (void)e;
    for (size_t i = 0; i < r->count; i++)
        add_end(d, &r->members[i]->seat, ON_END, END_ENDED, now_ms);
    return ERR_OK;
}

/* The link is closed: people who wait by it must leave, people who were let in stay. */
static enum err_code decide_revoke(const struct room *r, const struct room_request *request, int64_t now_ms,
                                   struct room_decision *d, struct err *e)
{
    (void)e;
    for (size_t i = 0; i < r->count; i++) {
        const struct seat *s = &r->members[i]->seat;

        if (s->role == SEAT_GUEST && seat_is_waiting(s->state) && strcmp(s->invitation_id, request->invitation_id) == 0)
            add_end(d, s, ON_REVOKED, END_REVOKED, now_ms);
    }
    return ERR_OK;
}

/* Asked too early, or about a person who is back: nothing. Guests stay when it is the last host: only a socket is lost, and picture
 * and sound go on without it. */
static enum err_code decide_timeout(const struct room *r, const struct room_request *request, int64_t now_ms,
                                    struct room_decision *d, struct err *e)
{
    const struct room_member *m = room_find(r, request->participant);

    (void)e;
    if (!m || room_away_deadline_ms(m) > now_ms)
        return ERR_OK;
    add_end(d, &m->seat, ON_TIMEOUT, END_EXPIRED, now_ms);
    return ERR_OK;
}

static enum err_code decide_host_gone(const struct room *r, const struct room_request *request, int64_t now_ms,
                                      struct room_decision *d, struct err *e)
{
    (void)request, (void)e;
    if (room_host_gone(r, now_ms))
        return_guests(r, d, now_ms);
    return ERR_OK;
}

static const struct room_member *longest_waiting(const struct room *r, const struct room_decision *d)
{
    const struct room_member *best = NULL;

    for (size_t i = 0; i < r->count; i++) {
        const struct room_member *m = r->members[i];

        if (m->seat.state == SEAT_WAITING && !m->seat.held && !m->seat.same_invitation && !change_of(d, m->seat.id) &&
            (!best || m->seat.since_ms < best->seat.since_ms))
            best = m;
    }
    return best;
}

/* A room without a waiting room: people who came before the host enter with the host. */
static enum err_code decide_let_in(const struct room *r, const struct room_request *request, int64_t now_ms,
                                   struct room_decision *d, struct err *e)
{
    const struct room_member *m;
    int inside = room_inside(r);

    (void)request, (void)e;
    if (r->view.waiting_room || room_hosts_inside(r) == 0)
        return ERR_OK;
    while (inside++ < r->view.capacity && (m = longest_waiting(r, d)) != NULL)
        add_admission(d, &m->seat, now_ms);
    return ERR_OK;
}

bool room_ticket_fits(const struct seat *s, const uint8_t hash[HASH_BYTES])
{
    static const uint8_t NONE[HASH_BYTES];
    bool newest = crypto_equal(s->ticket_hash, hash, HASH_BYTES),
         older = crypto_equal(s->ticket_old_hash, hash, HASH_BYTES);

    return (newest || older) && !crypto_equal(hash, NONE, HASH_BYTES);
}

static enum err_code decide_resume(const struct room *r, const struct room_request *request, int64_t now_ms,
                                   struct room_decision *d, struct err *e)
{
    const struct seat *s;
    struct seat *to;

    (void)now_ms;
    if (subject(r, request, ON_RESUME, &s, e) != ERR_OK || !room_ticket_fits(s, request->presented_hash))
        return err_set(e, ERR_AUTH, "bad_ticket", "This ticket is no longer valid; join again.");
    to = &add_change(d, s, ON_RESUME, NULL)->seat;
    memcpy(to->ticket_hash, request->ticket_hash, sizeof to->ticket_hash);
    memcpy(to->ticket_old_hash, request->presented_hash, sizeof to->ticket_old_hash);
    return ERR_OK;
}

/* The first message on the new socket: it has its new ticket, so the old one becomes void. */
static enum err_code decide_confirm(const struct room *r, const struct room_request *request, int64_t now_ms,
                                    struct room_decision *d, struct err *e)
{
    static const uint8_t NONE[HASH_BYTES];
    const struct room_member *m = room_find(r, request->participant);
    struct seat *to;

    (void)now_ms, (void)e;
    if (!m || memcmp(m->seat.ticket_old_hash, NONE, sizeof NONE) == 0)
        return ERR_OK;
    to = &add_change(d, &m->seat, ON_HOLD, NULL)->seat;
    memset(to->ticket_old_hash, 0, sizeof to->ticket_old_hash);
    return ERR_OK;
}

static const struct {
    decider decide; /* NULL: not decided this way */
    bool by_system; /* the server decides this, also of those that people ask for */
} RULES[ROOM_VERBS] = {
    [ROOM_RESUME] = { decide_resume, .by_system = true },
    [ROOM_CONFIRM] = { decide_confirm, .by_system = true },
    [ROOM_ADMIT] = { decide_admit },
    [ROOM_DENY] = { decide_deny },
    [ROOM_HOLD] = { decide_hold },
    [ROOM_RETURN] = { decide_return },
    [ROOM_REMOVE] = { decide_remove, .by_system = true }, /* a person who no longer hosts */
    [ROOM_LEAVE] = { decide_leave },
    [ROOM_END] = { decide_end },
    [ROOM_TIMEOUT] = { decide_timeout, .by_system = true },
    [ROOM_HOST_GONE] = { decide_host_gone, .by_system = true },
    [ROOM_LET_IN] = { decide_let_in, .by_system = true },
    [ROOM_REVOKE] = { decide_revoke, .by_system = true },
    [ROOM_CLOSE] = { decide_close, .by_system = true },
};

#define ASKED(permission, verb, ...) { permission, verb },
static const struct {
    enum permission may;
    enum room_verb verb;
} ASKS[] = { PERMISSIONS_DECIDED(ASKED) };
#define ASKS_COUNT (sizeof ASKS / sizeof *ASKS)

enum room_verb room_verb_of(enum permission may)
{
    for (size_t i = 0; i < ASKS_COUNT; i++)
        if (ASKS[i].may == may)
            return ASKS[i].verb;
    return ROOM_VERBS;
}

static bool is_allowed(const struct room_request *request)
{
    if (request->by_system)
        return RULES[request->verb].by_system;
    for (size_t i = 0; i < ASKS_COUNT; i++)
        if (ASKS[i].verb == request->verb)
            return permission_in(request->may, ASKS[i].may);
    return false;
}

/* A block, and the message, are for the person that the decision is about: not for people whose seats an admission ends. */
static bool sends_away(enum room_verb verb)
{
    return verb == ROOM_DENY || verb == ROOM_REMOVE;
}

enum err_code room_decide(const struct room *r, const struct room_request *request, int64_t now_ms,
                          struct room_decision *out, struct err *e)
{
    enum err_code rc;

    *out = (struct room_decision){ .verb = request->verb, .block = request->block && sends_away(request->verb) };
    (void)str_copy(out->by, sizeof out->by, request->by);
    if (!RULES[request->verb].decide || !is_allowed(request))
        return err_set(e, ERR_FORBIDDEN, "forbidden", "Your role or state does not allow this.");
    if (request->verb == ROOM_LEAVE && strcmp(request->by, request->participant) != 0)
        return err_set(e, ERR_FORBIDDEN, "forbidden", "You can leave only for yourself.");
    rc = RULES[request->verb].decide(r, request, now_ms, out, e);
    if (rc != ERR_OK)
        room_decision_clear(out);
    else if (request->text && request->text[0] && request->verb != ROOM_ADMIT)
        out->text = mem_copy_text(request->text);
    return rc;
}

/* ---- joining ---- */

/* The others keep their connections to a page that continues; one with an older instance is not that page. */
static int64_t next_instance(int64_t last, const struct room_join *join)
{
    return last > 0 && join->instance == last ? last : last + 1;
}

/* The open seat is taken over: a reload, or another device with the same identity. */
static void rejoin(const struct room_facts *f, const struct room_join *join, struct room_decision *out)
{
    struct seat *s = &add_change(out, &f->seat, ON_JOIN, NULL)->seat;

    s->instance = next_instance(s->instance, join);
    s->name_from = join->as.name_from;
    memcpy(s->name, join->as.name, sizeof s->name);
    memcpy(s->session_id, join->as.session_id, sizeof s->session_id);
    memcpy(s->ticket_hash, join->as.ticket_hash, sizeof s->ticket_hash);
    memset(s->ticket_old_hash, 0, sizeof s->ticket_old_hash);
}

static void join_anew(const struct room_facts *f, const struct room_join *join, int64_t now_ms,
                      struct room_decision *out)
{
    struct admission_place place = admission_place(f, join, now_ms);
    const struct door *door = &f->door[join->as.crowd];
    struct seat *s;

    if (place.crowds && door->gives_way)
        add_end(out, &door->leaver, ON_TIMEOUT, END_EXPIRED, now_ms);
    out->host_lost_ms = place.enters && place.reenters && f->hosts == 0 ? f->host_lost_ms : 0;
    s = &add_change(out, &join->as, ON_JOIN, NULL)->seat;
    s->state = place.enters ? SEAT_INSIDE : SEAT_WAITING;
    s->end = END_NONE;
    s->held = false;
    s->same_invitation = place.marked;
    s->instance = next_instance(join->has_row ? join->row.instance : 0, join);
    s->since_ms = now_ms;
    s->ended_ms = s->blocked_until_ms = 0;
    s->admitted_ms = place.enters ? now_ms : 0;
    memset(s->ticket_old_hash, 0, sizeof s->ticket_old_hash);
}

enum err_code room_decide_join(const struct room_facts *f, const struct room_join *join, int64_t now_ms,
                               struct room_decision *out, struct err *e)
{
    enum admission answer = admission_ask(ADMISSION_SEAT, f, join, now_ms);

    assert(!admission_needs(answer));
    *out = (struct room_decision){ .verb = ROOM_JOIN };
    (void)str_copy(out->by, sizeof out->by, join->as.id);
    if (answer != ADMISSION_GRANTED)
        return admission_refuse(answer, ADMISSION_SEAT, join, now_ms, e);
    if (f->has_seat)
        rejoin(f, join, out);
    else
        join_anew(f, join, now_ms, out);
    return ERR_OK;
}
