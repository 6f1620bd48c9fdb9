#include "domain/admission.h"

#include <string.h>

#include "domain/name_claim.h"
#include "util/str.h"

#define PIN_TRIES 5              /* wrong PINs by one link from one site */
#define PIN_TRIES_WHEN_PRESSED 1 /* the same while many places guess at the room */
#define PIN_PRESSED 20           /* wrong PINs at one room */
#define PIN_GUESSED_AT 100       /* the same: then only a link opens the room, not its address */

/* The subject of a question. */
struct asked {
    enum admission_stage stage;
    const struct room_facts *room;
    const struct room_join *who;
    int64_t now_ms;
};

static bool unknown(const struct asked *a, enum admission need)
{
    return (a->who->unknown & ADMISSION_BIT(need)) != 0;
}

static bool is_host(const struct asked *a)
{
    return a->who->as.role == SEAT_HOST;
}

static bool is_invited(const struct asked *a)
{
    return a->who->as.invitation_id[0] != '\0';
}

/* ---- people who come back ---- */

bool admission_lately(int64_t at_ms, int64_t now_ms)
{
    int64_t ago_ms = now_ms - at_ms; /* below 0: the wall clock was set back since the server started */

    return at_ms > 0 && ago_ms <= ROOM_REENTRY_MS && ago_ms >= -ROOM_REENTRY_MS;
}

bool room_may_reenter(const struct seat *row, int hosts, int64_t host_lost_ms, int64_t now_ms)
{
    return row->end == END_EXPIRED && row->admitted_ms > 0 && admission_lately(row->ended_ms, now_ms) &&
           (hosts > 0 || admission_lately(host_lost_ms, now_ms));
}

static bool was_lost(const struct room_facts *f, const struct room_join *join, int64_t now_ms)
{
    return !f->has_seat && join->has_row && room_may_reenter(&join->row, f->hosts, f->host_lost_ms, now_ms);
}

bool admission_goes_on(const struct room_facts *f, const struct room_join *join, int64_t now_ms)
{
    return f->has_seat || was_lost(f, join, now_ms);
}

struct admission_place admission_place(const struct room_facts *f, const struct room_join *join, int64_t now_ms)
{
    bool host = join->as.role == SEAT_HOST, back = !host && was_lost(f, join, now_ms) && !join->invitation_taken;
    bool marked = !host && !back && (join->another_jar || join->invitation_taken);
    bool met = back && f->waiting_room &&
               f->guest_since_ms >= join->row.ended_ms; /* a guest was let in since: they would meet */
    bool freely = !f->waiting_room && f->hosts > 0 && !marked;
    bool enters = host || (f->inside < f->capacity && (back ? !met : freely));

    return (struct admission_place){
        .enters = enters, .reenters = back, .marked = marked, .crowds = !enters && (!back || met)
    };
}

/* A guest who is asked all questions for newcomers. */
static bool is_new(const struct asked *a)
{
    return !is_host(a) && !a->room->has_seat && !admission_place(a->room, a->who, a->now_ms).reenters;
}

/* ---- the way in ---- */

static enum admission sign_in(const struct asked *a)
{
    if (unknown(a, ADMISSION_NEEDS_SIGN_IN))
        return ADMISSION_NEEDS_SIGN_IN;
    return a->who->signed_out ? ADMISSION_SIGNED_OUT : ADMISSION_GRANTED;
}

/* To a stranger a closed room and a missing room look the same. An open seat outlives the closing. */
static enum admission way_in(const struct asked *a)
{
    if (unknown(a, ADMISSION_NEEDS_RULES))
        return ADMISSION_NEEDS_RULES;
    if (is_host(a))
        return a->who->not_host ? ADMISSION_NOT_HOST_NOW : ADMISSION_GRANTED;
    if (!a->who->closed || is_invited(a) || a->room->has_seat)
        return ADMISSION_GRANTED;
    if (a->stage == ADMISSION_JOIN && unknown(a, ADMISSION_NEEDS_SEAT))
        return ADMISSION_NEEDS_SEAT;
    if (a->stage == ADMISSION_JOIN && a->who->account == USER_ADMIN)
        return ADMISSION_NO_HOST_BY_ADMIN;
    if (a->stage == ADMISSION_JOIN && a->who->account == USER_DESK)
        return ADMISSION_NO_CALL_FOR_DESK;
    return ADMISSION_CLOSED;
}

static enum admission seat(const struct asked *a)
{
    return !a->room->has_seat && unknown(a, ADMISSION_NEEDS_SEAT) ? ADMISSION_NEEDS_SEAT : ADMISSION_GRANTED;
}

/* ---- the link ---- */

static enum invitation_holder holder(const struct room_facts *f, const struct room_join *join, int64_t now_ms)
{
    return admission_goes_on(f, join, now_ms) ? HOLDER_SEATED : join->known_jar ? HOLDER_KNOWN : HOLDER_NEW;
}

enum invitation_state admission_link_state(const struct room_facts *f, const struct room_join *join, int64_t now_ms)
{
    return invitation_state_at(join->link, now_ms, holder(f, join, now_ms));
}

/* A one-person link also lets another cookie jar in, waiting and marked; the host decides which person is the right one. */
static enum invitation_state state_at_the_door(const struct asked *a)
{
    const struct invitation *link = a->who->link;
    enum invitation_holder h = holder(a->room, a->who, a->now_ms);

    if (h == HOLDER_NEW && a->who->another_jar && link->uses < INVITATION_JARS_EVER)
        h = HOLDER_KNOWN;
    return invitation_state_at(link, a->now_ms, h);
}

/* A token is valid for its ten minutes, even if the link expires meanwhile; not if the link was revoked. */
static enum admission link(const struct asked *a)
{
    static const enum admission OF_STATE[] = {
        [INVITATION_VALID] = ADMISSION_GRANTED,        [INVITATION_EARLY] = ADMISSION_LINK_EARLY,
        [INVITATION_EXPIRED] = ADMISSION_LINK_EXPIRED, [INVITATION_USED] = ADMISSION_LINK_USED,
        [INVITATION_REVOKED] = ADMISSION_LINK_REVOKED,
    };
    const struct invitation *l = a->who->link;

    if (!is_invited(a) || (a->stage == ADMISSION_SEAT && a->room->has_seat))
        return ADMISSION_GRANTED;
    if (unknown(a, ADMISSION_NEEDS_LINK))
        return ADMISSION_NEEDS_LINK;
    if (!l)
        return ADMISSION_GRANTED;
    if (l->generation != a->who->link_gen)
        return ADMISSION_UNKNOWN_LINK;
    if (a->stage == ADMISSION_SEAT)
        return l->revoked_ms != 0 ? ADMISSION_LINK_REVOKED : ADMISSION_GRANTED;
    return OF_STATE[state_at_the_door(a)];
}

static enum admission jars(const struct asked *a)
{
    if (is_host(a) || a->room->has_seat || !a->who->another_jar)
        return ADMISSION_GRANTED;
    if (unknown(a, ADMISSION_NEEDS_JARS))
        return ADMISSION_NEEDS_JARS;
    return a->who->jars_open >= INVITATION_JARS_MAX ? ADMISSION_LINK_IN_USE : ADMISSION_GRANTED;
}

/* ---- the person ---- */

static enum admission token(const struct asked *a)
{
    const struct room_join *join = a->who;
    int64_t gen = a->room->has_seat ? a->room->seat.gen : join->has_row ? join->row.gen : 0;

    if (join->as.gen != gen || (join->back && !admission_goes_on(a->room, join, a->now_ms)))
        return ADMISSION_SEAT_OVER;
    return ADMISSION_GRANTED;
}

void admission_add_block(const uint8_t participant_key[KEY_BYTES], const uint8_t guest_hash[HASH_BYTES],
                         const struct block *block, struct room_join *join)
{
    const struct seat *as = &join->as;
    char by_this_cookie[ID_SIZE];
    bool own;

    seat_id_of_guest(participant_key, as->room_id, block->invitation_id, guest_hash, by_this_cookie);
    own = strcmp(block->participant_id, as->id) == 0 || strcmp(block->participant_id, by_this_cookie) == 0;
    if (own && block->until_ms > join->blocked_until_ms)
        join->blocked_until_ms = block->until_ms;
    if (as->invitation_id[0] && strcmp(block->invitation_id, as->invitation_id) == 0 &&
        block->until_ms > join->link_blocked_until_ms)
        join->link_blocked_until_ms = block->until_ms;
}

/* A person who comes back is refused for their own actions, not for those of another person with the same link. */
static enum admission blocks(const struct asked *a)
{
    const struct room_join *join = a->who;

    if (a->room->has_seat)
        return ADMISSION_GRANTED;
    if (unknown(a, ADMISSION_NEEDS_BLOCKS))
        return ADMISSION_NEEDS_BLOCKS;
    if (join->blocked_until_ms > a->now_ms || (join->has_row && join->row.blocked_until_ms > a->now_ms))
        return ADMISSION_BLOCKED;
    if (join->link_blocked_until_ms > a->now_ms && !was_lost(a->room, join, a->now_ms))
        return ADMISSION_BLOCKED;
    return ADMISSION_GRANTED;
}

static enum admission refused_before(const struct asked *a)
{
    const struct seat *row = &a->who->row;
    bool sent_away = a->who->has_row && (row->end == END_DENIED || row->end == END_REMOVED);

    if (is_host(a) || a->room->has_seat || !sent_away || a->now_ms - row->ended_ms >= ADMISSION_ASK_AGAIN_MS)
        return ADMISSION_GRANTED;
    return ADMISSION_TOO_SOON;
}

static enum admission pace(const struct asked *a)
{
    return is_new(a) && a->who->has_row && unknown(a, ADMISSION_NEEDS_PACE) ? ADMISSION_NEEDS_PACE : ADMISSION_GRANTED;
}

/* ---- the room ---- */

/* A person who was inside when it was locked may come back. */
static enum admission lock(const struct asked *a)
{
    return is_new(a) && a->room->locked ? ADMISSION_LOCKED : ADMISSION_GRANTED;
}

/* A guest with a token waits for the next place, but a full room without a waiting room gives out no tokens. */
static enum admission capacity(const struct asked *a)
{
    const struct room_facts *f = a->room;
    bool waits = f->waiting_room || a->who->another_jar;

    if (f->has_seat || (!is_host(a) && (a->stage == ADMISSION_SEAT || !is_new(a) || waits)))
        return ADMISSION_GRANTED;
    if (unknown(a, ADMISSION_NEEDS_INSIDE))
        return ADMISSION_NEEDS_INSIDE;
    return f->inside >= f->capacity && (is_host(a) || f->hosts > 0) ? ADMISSION_ROOM_FULL : ADMISSION_GRANTED;
}

static enum admission places(const struct asked *a)
{
    if (is_host(a) || a->room->has_seat || !admission_place(a->room, a->who, a->now_ms).crowds)
        return ADMISSION_GRANTED;
    if (unknown(a, ADMISSION_NEEDS_PLACES))
        return ADMISSION_NEEDS_PLACES;
    return a->room->door[a->who->as.crowd].full ? ADMISSION_WAITING_FULL : ADMISSION_GRANTED;
}

static enum admission arrival(const struct asked *a)
{
    return is_new(a) && !is_invited(a) && unknown(a, ADMISSION_NEEDS_ARRIVAL) ? ADMISSION_NEEDS_ARRIVAL
                                                                              : ADMISSION_GRANTED;
}

/* ---- the form ---- */

const char *admission_name(const struct room_facts *f, const struct room_join *join, int64_t now_ms,
                           enum seat_name_from *from)
{
    const char *invited = join->link && join->link->guest_name[0] ? join->link->guest_name : NULL;

    *from = NAME_FROM_SELF;
    if (join->form->typed) {
        if (invited && strcmp(join->form->typed, invited) == 0)
            *from = NAME_FROM_INVITATION;
        return join->form->typed;
    }
    if (admission_goes_on(f, join, now_ms)) {
        const struct seat *s = f->has_seat ? &f->seat : &join->row;

        *from = s->name_from;
        return s->name;
    }
    if (invited)
        *from = NAME_FROM_INVITATION;
    return invited;
}

static enum admission judge_name(const struct room_facts *f, const struct room_join *join, int64_t now_ms)
{
    enum seat_name_from from;
    const char *name = admission_name(f, join, now_ms, &from);

    if (!name)
        return ADMISSION_NAME_REQUIRED;
    if (name == join->form->typed && from == NAME_FROM_SELF && name_claims_role(name))
        return ADMISSION_NAME_CLAIMS_ROLE;
    for (const char *const *host = join->form->host_names; *host; host++)
        if (name_taken_for(name, *host))
            return ADMISSION_NAME_TAKEN;
    return ADMISSION_GRANTED;
}

void admission_compare_name(const struct room_facts *f, const struct room_join *join, int64_t now_ms,
                            struct admission_form *form)
{
    form->judged = judge_name(f, join, now_ms);
    form->compared = true;
}

static enum admission name(const struct asked *a)
{
    if (is_host(a))
        return ADMISSION_GRANTED;
    if (unknown(a, ADMISSION_NEEDS_NAME))
        return ADMISSION_NEEDS_NAME;
    return a->who->form->compared ? a->who->form->judged : judge_name(a->room, a->who, a->now_ms);
}

static enum admission consent(const struct asked *a)
{
    const struct admission_form *form = a->who->form;

    if (!is_new(a) || !form->asks_consent || form->consent_given == form->consent_version)
        return ADMISSION_GRANTED;
    return form->consent_given == 0 ? ADMISSION_CONSENT_REQUIRED : ADMISSION_CONSENT_OUTDATED;
}

bool admission_pin_locked(bool by_address, int of_origin, int of_room)
{
    return of_origin >= (of_room >= PIN_PRESSED ? PIN_TRIES_WHEN_PRESSED : PIN_TRIES) ||
           (by_address && of_room >= PIN_GUESSED_AT);
}

static enum admission pin(const struct asked *a)
{
    const struct admission_form *form = a->who->form;

    if (!is_new(a) || !form->has_pin)
        return ADMISSION_GRANTED;
    if (!form->pin_given)
        return ADMISSION_PIN_REQUIRED;
    if (unknown(a, ADMISSION_NEEDS_PIN))
        return ADMISSION_NEEDS_PIN;
    if (admission_pin_locked(!is_invited(a), form->of_origin, form->of_room))
        return ADMISSION_PIN_LOCKED;
    return form->pin_right ? ADMISSION_GRANTED : ADMISSION_PIN_WRONG;
}

/* ---- the order ---- */

#define JOIN ADMISSION_JOIN
#define USE ADMISSION_USE
#define SEAT ADMISSION_SEAT

/* Questions that cost something (a PIN attempt, an arrival) come after those that refuse at no cost. */
static const struct {
    unsigned stages;
    enum admission (*ask)(const struct asked *a);
} QUESTIONS[] = {
    { SEAT, sign_in },
    { JOIN | SEAT, way_in },
    { JOIN | USE | SEAT, seat },
    { JOIN | USE | SEAT, link },
    { SEAT, token },
    { JOIN | SEAT, blocks },
    { JOIN | SEAT, refused_before },
    { JOIN, pace },
    { JOIN | SEAT, jars },
    { JOIN | SEAT, lock },
    { JOIN | SEAT, capacity },
    { JOIN | SEAT, places },
    { JOIN, name },
    { JOIN, consent },
    { JOIN, pin },
    { JOIN, arrival },
};

enum admission admission_ask(enum admission_stage stage, const struct room_facts *f, const struct room_join *join,
                             int64_t now_ms)
{
    const struct asked a = { stage, f, join, now_ms };
    enum admission answer = ADMISSION_GRANTED;

    for (size_t i = 0; i < sizeof QUESTIONS / sizeof *QUESTIONS && answer == ADMISSION_GRANTED; i++)
        if (QUESTIONS[i].stages & stage)
            answer = QUESTIONS[i].ask(&a);
    return answer;
}

/* ---- the words ---- */

/* One line per refusal. Kind and code for a join request, then the same for its token: there the answer is the reason of a
 * closed socket, and the fault is in the token, not in the address. Clients know both, so two codes for one thing stay two. */
static const struct wording {
    enum err_code kind;
    const char *code;
    enum err_code socket_kind;
    const char *socket_code, *field, *detail;
} WORDINGS[ADMISSIONS] = {
    /* clang-format off */
    [ADMISSION_SIGNED_OUT] = { ERR_AUTH, "signed_out", ERR_AUTH, "signed_out", "",
        "This sign-in has ended; sign in again." },
    [ADMISSION_NOT_HOST_NOW] = { ERR_FORBIDDEN, "not_host", ERR_AUTH, "not_host", "",
        "This account no longer hosts the room." },
    [ADMISSION_NO_HOST_BY_ADMIN] = { ERR_FORBIDDEN, "not_host", ERR_AUTH, "not_host", "",
        "Administrators cannot enter a call as such. Make yourself a co-host of the room (this is recorded), or use an invitation." },
    [ADMISSION_NO_CALL_FOR_DESK] = { ERR_FORBIDDEN, "forbidden", ERR_AUTH, "not_host", "",
        "The front desk sees who is waiting but never enters a call." },
    [ADMISSION_CLOSED] = { ERR_NOT_FOUND, "not_found", ERR_AUTH, "not_found", "",
        "This room does not exist, or it needs an invitation. Open the link you were sent, or sign in." },
    [ADMISSION_UNKNOWN_LINK] = { ERR_NOT_FOUND, "unknown_code", ERR_AUTH, "invitation_revoked", "",
        "No invitation has this code. Please open the whole link from your message." },
    [ADMISSION_LINK_REVOKED] = { ERR_FORBIDDEN, "invitation_revoked", ERR_AUTH, "invitation_revoked", "",
        "This link was revoked; ask for a new one." },
    [ADMISSION_LINK_EXPIRED] = { ERR_FORBIDDEN, "invitation_expired", ERR_AUTH, "invitation_revoked", "",
        "This link has expired; ask for a new one." },
    [ADMISSION_LINK_USED] = { ERR_FORBIDDEN, "invitation_used", ERR_AUTH, "invitation_used", "",
        "Everyone this link was for has already used it; ask for a new one." },
    [ADMISSION_LINK_EARLY] = { ERR_FORBIDDEN, "invitation_early", ERR_AUTH, "invitation_revoked", "",
        "It is too early; this link will work later." },
    [ADMISSION_SEAT_OVER] = { ERR_AUTH, "seat_over", ERR_AUTH, "seat_over", "",
        "This token belongs to an earlier visit; ask for a new one." },
    [ADMISSION_BLOCKED] = { ERR_FORBIDDEN, "blocked", ERR_FORBIDDEN, "blocked", "",
        "The host has decided that you cannot come in." },
    [ADMISSION_TOO_SOON] = { ERR_LIMIT, "too_soon", ERR_FORBIDDEN, "try_later", "",
        "The host could not let you in. You can ask again in a minute." },
    [ADMISSION_LINK_IN_USE] = { ERR_FORBIDDEN, "invitation_used", ERR_AUTH, "invitation_used", "",
        "This link is in use on other devices; ask for a new one." },
    [ADMISSION_LOCKED] = { ERR_LOCKED, "room_locked", ERR_LOCKED, "room_locked", "",
        "The room is locked for newcomers; please try again later." },
    [ADMISSION_ROOM_FULL] = { ERR_CONFLICT, "room_full", ERR_LIMIT, "room_full", "",
        "The room is full; please try again when somebody has left." },
    [ADMISSION_WAITING_FULL] = { ERR_CONFLICT, "room_full", ERR_LIMIT, "room_full", "",
        "Too many people are waiting; please try again in a few minutes." },
    /* Not asked at the SEAT stage. */
    [ADMISSION_NAME_REQUIRED] = { ERR_INVALID, "name_required", ERR_OK, NULL, "name",
        "Please enter your name." },
    [ADMISSION_NAME_CLAIMS_ROLE] = { ERR_INVALID, "name_claims_role", ERR_OK, NULL, "name",
        "Only hosts and the front desk may use that name here; please enter your own." },
    [ADMISSION_NAME_TAKEN] = { ERR_INVALID, "name_taken", ERR_OK, NULL, "name",
        "A host of this room has this name; please use another." },
    [ADMISSION_CONSENT_REQUIRED] = { ERR_INVALID, "consent_required", ERR_OK, NULL, "consent",
        "Please read and accept the practice's text first." },
    [ADMISSION_CONSENT_OUTDATED] = { ERR_INVALID, "consent_outdated", ERR_OK, NULL, "consent",
        "The practice's text has changed; please read it again." },
    [ADMISSION_PIN_REQUIRED] = { ERR_FORBIDDEN, "pin_required", ERR_OK, NULL, "pin",
        "This room asks for a PIN." },
    [ADMISSION_PIN_LOCKED] = { ERR_LIMIT, "pin_locked", ERR_OK, NULL, "",
        "Too many wrong PINs. Try again in an hour, or ask the practice." },
    [ADMISSION_PIN_WRONG] = { ERR_FORBIDDEN, "wrong_pin", ERR_OK, NULL, "pin",
        "This PIN is wrong." },
    /* clang-format on */
};

/* 0: at once, or unknown. */
static int64_t again_after_ms(enum admission refusal, const struct room_join *join, int64_t now_ms)
{
    if (refusal == ADMISSION_TOO_SOON)
        return join->row.ended_ms + ADMISSION_ASK_AGAIN_MS - now_ms;
    return refusal == ADMISSION_PIN_LOCKED ? ADMISSION_PIN_MEMORY_MS : 0;
}

enum err_code admission_refuse(enum admission refusal, enum admission_stage stage, const struct room_join *join,
                               int64_t now_ms, struct err *e)
{
    const struct wording *w = &WORDINGS[refusal];
    enum err_code kind = stage == ADMISSION_SEAT ? w->socket_kind : w->kind;

    err_set(e, kind, admission_code(refusal, stage), "%s", w->detail);
    if (e) {
        (void)str_copy(e->field, sizeof e->field, w->field);
        e->retry_after_s = (int)((again_after_ms(refusal, join, now_ms) + 999) / 1000);
    }
    return kind;
}

const char *admission_code(enum admission refusal, enum admission_stage stage)
{
    return stage == ADMISSION_SEAT ? WORDINGS[refusal].socket_code : WORDINGS[refusal].code;
}
