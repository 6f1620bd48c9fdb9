#include "api/guest.h"

#include <string.h>

#include "api/api_call.h"
#include "api/api_json.h"
#include "api/room_fields.h"
#include "domain/crypto.h"
#include "domain/name_claim.h"
#include "domain/room.h"
#include "http/http_session.h"
#include "store/store_invites.h"
#include "store/store_seats.h"
#include "store/store_users.h"
#include "util/arena.h"
#include "util/json_fields.h"
#include "util/str.h"

#define ASK_AGAIN_MS 60000       /* after a refusal without a block */
#define PIN_TRIES 5              /* wrong ones within an hour, by one link from one site */
#define PIN_TRIES_WHEN_PRESSED 1 /* the same while the room is guessed at from many places */
#define PIN_PRESSED 20           /* wrong ones within an hour at one room */
#define PIN_GUESSED_AT 100       /* the same: then only a link leads in for an hour, not the room's address */
#define PIN_LOCK_S 3600

static enum err_code unknown_code(struct err *e)
{
    return err_set(e, ERR_NOT_FOUND, "unknown_code",
                   "No invitation has this code. Please open the whole link from your message.");
}

enum err_code guest_invite_by_code(struct store *s, const char *code, struct invite *out, struct err *e)
{
    char lower[INVITE_CODE_SIZE];
    uint8_t hash[HASH_BYTES];
    enum err_code rc = ERR_NOT_FOUND;

    if (str_copy(lower, sizeof lower, code)) {
        for (char *p = lower; *p; p++)
            if (*p >= 'A' && *p <= 'Z')
                *p = (char)(*p + 32);
        if (invite_code_plausible(lower)) {
            invite_code_hash(lower, hash);
            rc = store_invite_by_code(s, hash, out, e);
        }
    }
    return rc == ERR_NOT_FOUND ? unknown_code(e) : rc;
}

static bool seated(const struct entry *x)
{
    return seat_is_open(x->seat.state);
}

enum err_code entry_find_seat(struct call *c, struct entry *x, struct err *e)
{
    int inside, hosts = 0;
    int64_t host_lost_ms = 0;
    enum err_code rc = store_seat_find(c->store, x->participant, &x->seat, e);

    if (rc == ERR_NOT_FOUND) {
        memset(&x->seat, 0, sizeof x->seat);
        return ERR_OK;
    }
    if (rc == ERR_OK)
        rc = store_seat_count_inside(c->store, x->seat.room_id, &inside, &hosts, e);
    if (rc == ERR_OK)
        rc = store_seat_host_lost(c->store, x->seat.room_id, &host_lost_ms, e);
    x->goes_on = rc == ERR_OK && (seated(x) || room_may_reenter(&x->seat, hosts, host_lost_ms, c->now_ms));
    return rc;
}

static enum err_code wrong_member(struct err *e, enum err_code kind, const char *code, const char *field,
                                  const char *detail)
{
    err_set(e, kind, code, "%s", detail);
    if (e)
        str_copy(e->field, sizeof e->field, field);
    return kind;
}

/* --- the invitation ------------------------------------------------------------------------------------------------ */

static enum err_code find_use(struct call *c, struct entry *x, struct err *e)
{
    enum err_code rc = ERR_OK;

    if (x->invite.id[0])
        rc = store_invite_known(c->store, x->invite.id, x->guest_hash, &x->known, e);
    if (rc == ERR_OK && x->invite.max_uses == 1)
        rc = store_invite_is_anothers(c->store, x->invite.id, x->guest_hash, &x->another_jar, e);
    return rc;
}

static enum invite_holder holder_of(const struct entry *x)
{
    return x->goes_on ? HOLDER_SEATED : x->known ? HOLDER_KNOWN : HOLDER_NEW;
}

enum err_code guest_invite_state(struct call *c, const struct invite *i, enum invite_state *out, struct err *e)
{
    struct entry *x = arena_new(http_request_arena(c->request), sizeof *x);
    enum err_code rc = ERR_OK;

    x->invite = *i;
    if (http_guest_known(c, x->guest_hash)) {
        seat_id_of_guest(api_of(c)->keys->participant, i->room_id, i->id, x->guest_hash, x->participant);
        rc = entry_find_seat(c, x, e);
        if (rc == ERR_OK)
            rc = find_use(c, x, e);
    }
    *out = invite_state_at(i, c->now_ms, holder_of(x));
    return rc;
}

/* A one-person link also lets another jar in, as one more who waits and is marked; the host decides who is the right one. */
static bool takes_jar(const struct entry *x)
{
    return x->another_jar && x->invite.uses < INVITE_JARS_EVER;
}

static enum err_code check_invite(const struct call *c, const struct entry *x, struct err *e)
{
    enum invite_holder holder = holder_of(x);

    if (holder == HOLDER_NEW && takes_jar(x))
        holder = HOLDER_KNOWN;
    switch (invite_state_at(&x->invite, c->now_ms, holder)) {
    case INVITE_VALID: return ERR_OK;
    case INVITE_EARLY: return err_set(e, ERR_FORBIDDEN, "invitation_early", "It is too early; this link works later.");
    case INVITE_EXPIRED:
        return err_set(e, ERR_FORBIDDEN, "invitation_expired", "This link has expired; ask for a new one.");
    case INVITE_USED:
        return err_set(e, ERR_FORBIDDEN, "invitation_used",
                       "Everybody whom this link is for has come; ask for a new one.");
    case INVITE_REVOKED: break;
    }
    return err_set(e, ERR_FORBIDDEN, "invitation_revoked", "This link was taken back; ask for a new one.");
}

static enum err_code check_jars(struct call *c, const struct entry *x, struct err *e)
{
    struct seat_list list;
    int open = 0;
    enum err_code rc;

    if (!x->another_jar || x->known)
        return ERR_OK;
    rc = store_seat_list_room(c->store, x->room.id, &list, e);
    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < list.count; i++)
        open += strcmp(list.items[i].invitation_id, x->invite.id) == 0;
    seat_list_clear(&list);
    if (open >= INVITE_JARS_MAX)
        return err_set(e, ERR_FORBIDDEN, "invitation_used", "This link is in use on other devices; ask for a new one.");
    return ERR_OK;
}

/* --- refusals by hosts --------------------------------------------------------------------------------------------- */

/* A cookie jar has another participant id with each link and at the room's address; all of them are one person. Whoever comes back
 * is refused for what they did themselves, not for what another did by a link that they share. */
static bool is_blocked_by(const struct call *c, const struct entry *x, const struct block *b)
{
    char id[ID_SIZE];

    if (!x->goes_on && x->invite.id[0] && strcmp(b->invitation_id, x->invite.id) == 0)
        return true;
    seat_id_of_guest(api_of(c)->keys->participant, x->room.id, b->invitation_id, x->guest_hash, id);
    return strcmp(b->participant_id, id) == 0;
}

static enum err_code check_blocks(struct call *c, const struct entry *x, struct err *e)
{
    struct block_list list;
    bool blocked = x->seat.blocked_until_ms > c->now_ms;
    enum err_code rc = store_block_list(c->store, x->room.id, c->now_ms, &list, e);

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < list.count && !blocked; i++)
        blocked = is_blocked_by(c, x, &list.items[i]);
    block_list_clear(&list);
    if (blocked)
        return err_set(e, ERR_FORBIDDEN, "blocked", "The host has decided that you cannot come in.");
    return ERR_OK;
}

static enum err_code check_refused(struct call *c, const struct entry *x, struct err *e)
{
    int64_t again_ms = x->seat.ended_ms + ASK_AGAIN_MS;
    bool refused = x->seat.state == SEAT_ENDED && (x->seat.end == END_DENIED || x->seat.end == END_REMOVED);
    enum err_code rc = check_blocks(c, x, e);

    if (rc != ERR_OK || !refused || c->now_ms >= again_ms)
        return rc;
    err_set(e, ERR_LIMIT, "too_soon", "The host could not let you in. You can ask again in a minute.");
    if (e)
        e->retry_after_s = (int)((again_ms - c->now_ms + 999) / 1000);
    return ERR_LIMIT;
}

/* --- the room ------------------------------------------------------------------------------------------------------ */

/* Who waits takes a place of the waiting room. Only the room itself knows who is gone, but while few are there it need not be asked. */
static enum err_code check_places(struct call *c, const struct entry *x, struct err *e)
{
    struct hub_newcomer n = { .crowd = x->invite.max_uses != 1 };
    int open = 0;
    enum err_code rc = store_seat_count_open(c->store, x->room.id, n.crowd, &open, e);

    if (rc != ERR_OK || open < ROOM_SITE_MAX)
        return rc;
    memcpy(n.room_id, x->room.id, sizeof n.room_id);
    memcpy(n.invitation_id, x->invite.id, sizeof n.invitation_id);
    (void)str_copy(n.address, sizeof n.address, http_request_address(c->request));
    if (hub_has_place(api_of(c)->hub, &n))
        return ERR_OK;
    return err_set(e, ERR_CONFLICT, "room_full", "Too many people are waiting; please try again in a few minutes.");
}

static enum err_code check_room(struct call *c, const struct entry *x, struct err *e)
{
    int inside = 0, hosts = 0;
    enum err_code rc;

    if (x->room.locked)
        return err_set(e, ERR_LOCKED, "room_locked", "The room is locked for newcomers; please try again later.");
    if (x->room.waiting_room || x->another_jar)
        return check_places(c, x, e);
    rc = store_seat_count_inside(c->store, x->room.id, &inside, &hosts, e);
    if (rc == ERR_OK && hosts > 0 && inside >= room_rules_capacity(&x->room))
        return err_set(e, ERR_CONFLICT, "room_full", "The room is full; please try again when somebody has left.");
    return rc == ERR_OK && hosts == 0 ? check_places(c, x, e) : rc;
}

/* --- the name ------------------------------------------------------------------------------------------------------ */

static enum err_code check_not_a_hosts(struct call *c, const struct entry *x, struct err *e)
{
    bool taken = name_taken_for(x->name, x->room.owner_name);

    for (int i = 0; i < x->room.cohost_count && !taken; i++) {
        struct user u;
        enum err_code rc = store_user_by_id(c->store, x->room.cohosts[i], &u, e);

        if (rc != ERR_OK && rc != ERR_NOT_FOUND)
            return rc;
        taken = rc == ERR_OK && name_taken_for(x->name, u.name);
    }
    if (taken)
        return wrong_member(e, ERR_INVALID, "name_taken", "name",
                            "A host of this room has this name; please use another.");
    return ERR_OK;
}

/* What was typed, else the name of the seat that goes on, else the invitation's. */
static enum err_code check_name(struct call *c, struct entry *x, struct err *e)
{
    const json_t *body = api_body(c);
    enum err_code rc = ERR_OK;

    x->name_from = NAME_FROM_SELF;
    if (json_has(body, "name")) {
        rc = user_clean_name("name", json_text(body, "name", ""), x->name, e);
        if (rc == ERR_OK && strcmp(x->name, x->invite.guest_name) == 0)
            x->name_from = NAME_FROM_INVITATION;
        else if (rc == ERR_OK && name_claims_role(x->name))
            rc = wrong_member(e, ERR_INVALID, "name_claims_role", "name",
                              "Only hosts and the front desk are called that here; please enter your own name.");
    } else if (x->goes_on) {
        memcpy(x->name, x->seat.name, sizeof x->name);
        x->name_from = x->seat.name_from;
    } else if (x->invite.guest_name[0]) {
        memcpy(x->name, x->invite.guest_name, sizeof x->name);
        x->name_from = NAME_FROM_INVITATION;
    } else {
        return wrong_member(e, ERR_INVALID, "name_required", "name", "Please say who you are.");
    }
    return rc == ERR_OK ? check_not_a_hosts(c, x, e) : rc;
}

/* --- consent and PIN ----------------------------------------------------------------------------------------------- */

/* Pages that keep the version as text are understood too. */
static int64_t given_version(const json_t *body)
{
    const json_t *consent = json_object_get(body, "consent");
    int64_t version = json_int(consent, "version", 0);

    if (version == 0)
        (void)str_to_i64(json_text(consent, "version", "0"), 0, INT64_MAX, &version);
    return version;
}

static enum err_code check_consent(struct call *c, const struct entry *x, struct err *e)
{
    int64_t version = given_version(api_body(c));

    if (!x->room.consent_text[0] || version == x->room.consent_version)
        return ERR_OK;
    /* who comes by the address of an open room has no invitation to read it in */
    http_reply_facts(c->reply, json_pack("{s:o}", "consent", api_json_consent(&x->room)));
    if (version == 0)
        return wrong_member(e, ERR_INVALID, "consent_required", "consent",
                            "Please read and accept the practice's text first.");
    return wrong_member(e, ERR_INVALID, "consent_outdated", "consent",
                        "The practice's text has changed; please read it again.");
}

enum pin_result { PIN_RIGHT, PIN_WRONG, PIN_LOCKED };

struct pin_try {
    const struct entry *entry;
    const char *pin;
    /* Which link, and from which site: no stranger's wrong PIN is counted for the right person. */
    uint8_t from[HASH_BYTES];
    enum pin_result result;
};

/* Not by the cookie: whoever guesses leaves it out. */
static void find_origin(struct call *c, struct pin_try *t)
{
    char site[IP_SITE_SIZE];
    const char *const parts[] = { t->entry->room.id, t->entry->invite.id, site };

    api_site(c, site);
    crypto_keyed(api_of(c)->keys->pin, parts, 3, t->from, sizeof t->from);
}

static enum err_code find_lock(struct call *c, struct pin_try *t, struct err *e)
{
    const struct entry *x = t->entry;
    bool by_address = !x->invite.id[0];
    int of_origin = 0, of_room = 0;
    enum err_code rc = store_pin_failures(c->store, x->room.id, t->from, c->now_ms, &of_origin, &of_room, e);

    if (of_origin >= (of_room >= PIN_PRESSED ? PIN_TRIES_WHEN_PRESSED : PIN_TRIES) ||
        (by_address && of_room >= PIN_GUESSED_AT))
        t->result = PIN_LOCKED;
    return rc;
}

/* Counting and comparing are one write, so that many tries at once are many tries. A wrong one is committed as well. */
static enum err_code try_pin(struct call *c, void *arg, struct err *e)
{
    struct pin_try *t = arg;
    const struct entry *x = t->entry;
    uint8_t hash[HASH_BYTES];
    enum err_code rc = find_lock(c, t, e);

    if (rc != ERR_OK || t->result == PIN_LOCKED)
        return rc;
    room_pin_hash(api_of(c)->keys->pin, x->room.id, t->pin, hash);
    t->result = crypto_equal(hash, x->room.pin_hash, sizeof hash) ? PIN_RIGHT : PIN_WRONG;
    return t->result == PIN_WRONG ? store_pin_failed(c->store, x->room.id, t->from, c->now_ms, e) : ERR_OK;
}

static enum err_code check_pin(struct call *c, const struct entry *x, struct err *e)
{
    struct pin_try t = { .entry = x, .pin = json_text(api_body(c), "pin", NULL) };
    enum err_code rc;

    if (!x->room.has_pin)
        return ERR_OK;
    if (!t.pin)
        return wrong_member(e, ERR_FORBIDDEN, "pin_required", "pin", "This room asks for a PIN.");
    find_origin(c, &t);
    rc = find_lock(c, &t, e); /* a read: tries at a locked PIN must not hold up those who write */
    if (rc == ERR_OK && t.result != PIN_LOCKED)
        rc = api_write(c, try_pin, &t, e);
    if (rc != ERR_OK || t.result == PIN_RIGHT)
        return rc;
    if (t.result == PIN_WRONG)
        return wrong_member(e, ERR_FORBIDDEN, "wrong_pin", "pin", "This PIN is wrong.");
    err_set(e, ERR_LIMIT, "pin_locked", "Too many wrong PINs. Try again in an hour, or ask the practice.");
    if (e)
        e->retry_after_s = PIN_LOCK_S;
    return ERR_LIMIT;
}

/* --- all of it ----------------------------------------------------------------------------------------------------- */

/* Not asked of a seat that goes on: also who lost it a moment ago has shown the PIN and agreed to the text, was inside when the
 * room was locked, and waits for the next place when it is full. */
static enum err_code check_newcomer(struct call *c, struct entry *x, struct err *e)
{
    enum err_code rc = x->invite.id[0] ? check_jars(c, x, e) : ERR_OK;

    if (rc == ERR_OK)
        rc = check_room(c, x, e);
    if (rc == ERR_OK)
        rc = check_name(c, x, e);
    if (rc == ERR_OK)
        rc = check_consent(c, x, e);
    if (rc == ERR_OK)
        rc = check_pin(c, x, e);
    if (rc == ERR_OK && !x->invite.id[0])
        rc = call_limit_address(c, LIMIT_NEWCOMER, x->room.id, e);
    return rc;
}

enum err_code guest_check(struct call *c, struct entry *x, struct err *e)
{
    enum err_code rc = find_use(c, x, e);

    if (rc == ERR_OK && x->invite.id[0])
        rc = check_invite(c, x, e);
    if (rc == ERR_OK && !seated(x))
        rc = check_refused(c, x, e);
    if (rc == ERR_OK && !x->goes_on && x->seat.state == SEAT_ENDED)
        rc = call_limit_address(c, LIMIT_AGAIN, x->participant, e);
    if (rc == ERR_OK)
        rc = x->goes_on ? check_name(c, x, e) : check_newcomer(c, x, e);
    return rc;
}

enum err_code guest_count_use(struct call *c, struct entry *x, struct err *e)
{
    int64_t gen = x->invite.generation; /* of the code that was shown */
    enum err_code rc = store_invite_by_id(c->store, x->invite.id, &x->invite, e);

    if (rc == ERR_OK && x->invite.generation != gen)
        return unknown_code(e);
    if (rc == ERR_OK)
        rc = find_use(c, x, e);
    if (rc == ERR_OK)
        rc = check_invite(c, x, e);
    if (rc != ERR_OK || x->known)
        return rc;
    rc = store_invite_use(c->store, x->invite.id, x->guest_hash, c->now_ms, e);
    return rc == ERR_OK ? api_audit_arrival(c, AUDIT_INVITE_USE, x->participant, x->invite.id, "", e) : rc;
}
