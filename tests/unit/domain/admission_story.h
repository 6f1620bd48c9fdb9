/* admission_story.h - a person who comes and the circumstances, as a story and as the facts of domain/admission.h: all at once, or
 * one after the other as they are asked for. */
#ifndef TESTS_DOMAIN_ADMISSION_STORY_H
#define TESTS_DOMAIN_ADMISSION_STORY_H

#include "domain/admission.h"
#include "tests/support/check.h"

#define T0 INT64_C(1790000000000)
#define MINUTE INT64_C(60000)

#define JOIN ADMISSION_JOIN
#define USE ADMISSION_USE
#define SEAT ADMISSION_SEAT

/* ---- a story: the person who comes, and the circumstances ---- */

enum row { NO_ROW, OPEN, LEFT, DENIED_NOW, REMOVED_BEFORE, LOST_NOW, LOST_BEFORE, ROWS };
enum host { NO_HOST, HOST_INSIDE, HOST_LOST_NOW, HOSTS };
enum link { BY_ADDRESS, GOOD, EARLY, EXPIRED, REVOKED, RENEWED, LINKS };
enum jar { FIRST, KNOWN, ANOTHER, ANOTHER_BESIDE_THREE, ANOTHER_OF_A_THOUSAND, ONE_TOO_MANY_OF_SEVERAL, JARS };
enum story_block { NO_BLOCK, PERSON_BLOCKED, LINK_BLOCKED, BLOCKS };

struct story {
    bool host;
    enum row row;
    enum host other; /* of the room's hosts */
    enum link link;
    enum jar jar;
    enum story_block block;
    enum user_role account;
    bool closed, locked, waiting_room, full, crowded;
    bool not_host, signed_out, old_token, back, taken, met; /* of the SEAT stage */
    bool bad_form;
};

static inline bool waiting_to_return(const struct story *s)
{
    return s->row == LOST_NOW && s->other != NO_HOST;
}

static inline bool returns(const struct story *s)
{
    return !s->host && waiting_to_return(s) && !s->taken;
}

static inline bool is_new(const struct story *s)
{
    return !s->host && s->row != OPEN && !returns(s);
}

static inline bool holds_anothers(const struct story *s)
{
    return s->link != BY_ADDRESS &&
           (s->jar == ANOTHER || s->jar == ANOTHER_BESIDE_THREE || s->jar == ANOTHER_OF_A_THOUSAND);
}

/* ---- the same story as facts ---- */

#define HOST_COUNT 2
static const char *const HOST_NAMES[HOST_COUNT + 1] = { "Dr Rivera", "Ana Osei", NULL };

struct facts {
    struct room_facts room;
    struct room_join who;
    struct invitation link;
    struct admission_form form;
};

static inline void tell_row(const struct story *s, struct facts *f)
{
    static const struct seat OF[ROWS] = {
        [OPEN] = { .state = SEAT_INSIDE, .gen = 1, .name = "Gina" },
        [LEFT] = { .state = SEAT_ENDED, .gen = 1, .end = END_LEFT, .ended_ms = T0 - 1 },
        [DENIED_NOW] = { .state = SEAT_ENDED, .gen = 1, .end = END_DENIED, .ended_ms = T0 - MINUTE + 1 },
        [REMOVED_BEFORE] = { .state = SEAT_ENDED, .gen = 1, .end = END_REMOVED, .ended_ms = T0 - MINUTE },
        [LOST_NOW] = { .state = SEAT_ENDED,
                       .gen = 1,
                       .end = END_EXPIRED,
                       .admitted_ms = 1,
                       .ended_ms = T0 - ROOM_REENTRY_MS,
                       .name = "Gina" },
        [LOST_BEFORE] = { .state = SEAT_ENDED,
                          .gen = 1,
                          .end = END_EXPIRED,
                          .admitted_ms = 1,
                          .ended_ms = T0 - ROOM_REENTRY_MS - 1 },
    };

    f->room.has_seat = s->row == OPEN;
    f->room.seat = OF[s->row];
    f->who.has_row = s->row != NO_ROW && s->row != OPEN;
    f->who.row = OF[s->row];
    f->who.as.gen = OF[s->row].gen + (s->old_token ? 1 : 0);
}

static inline void tell_link(const struct story *s, struct facts *f)
{
    static const int USES[JARS] = { 0, 1, 1, 1, INVITATION_JARS_EVER, 2 };
    bool several = s->jar == ONE_TOO_MANY_OF_SEVERAL;

    if (s->link == BY_ADDRESS)
        return;
    snprintf(f->who.as.invitation_id, ID_SIZE, "i1");
    f->link = (struct invitation){ .generation = 1 + (s->link == RENEWED),
                                   .max_uses = several ? 2 : 1,
                                   .uses = USES[s->jar] };
    f->link.not_before_ms = s->link == EARLY ? T0 + 1 : T0;
    f->link.expires_ms = s->link == EXPIRED ? T0 : T0 + 1;
    f->link.revoked_ms = s->link == REVOKED;
    f->who.link = &f->link;
    f->who.link_gen = 1;
    f->who.known_jar = s->jar == KNOWN;
    f->who.another_jar = holds_anothers(s);
    f->who.jars_open = s->jar == ANOTHER_BESIDE_THREE ? INVITATION_JARS_MAX : INVITATION_JARS_MAX - 1;
    f->who.invitation_taken = s->taken;
}

static inline void tell(enum admission_stage stage, const struct story *s, struct facts *f)
{
    *f = (struct facts){ 0 };
    f->room.capacity = 4;
    f->room.inside = s->full ? 4 : 3;
    f->room.hosts = s->other == HOST_INSIDE;
    f->room.host_lost_ms = s->other == HOST_LOST_NOW ? T0 - ROOM_REENTRY_MS : T0 - ROOM_REENTRY_MS - 1;
    f->room.waiting_room = s->waiting_room;
    f->room.locked = s->locked;
    f->room.guest_since_ms = s->met ? T0 - ROOM_REENTRY_MS : 0;
    f->who.as.role = s->host ? SEAT_HOST : SEAT_GUEST;
    f->who.as.crowd = s->link == BY_ADDRESS;
    f->room.door[f->who.as.crowd].full = s->crowded;
    tell_row(s, f);
    tell_link(s, f);
    f->who.not_host = s->not_host;
    f->who.closed = s->closed;
    f->who.signed_out = s->signed_out;
    f->who.back = s->back;
    f->who.account = s->account;
    f->who.blocked_until_ms = T0 + (s->block == PERSON_BLOCKED);
    f->who.link_blocked_until_ms = T0 + (s->block == LINK_BLOCKED);
    f->form = (struct admission_form){ .typed = s->bad_form ? NULL : "Lee", .host_names = &HOST_NAMES[HOST_COUNT] };
    snprintf(f->link.guest_name, NAME_SIZE, "%s", s->bad_form ? "" : "Lee");
    f->who.form = stage == JOIN ? &f->form : NULL;
}

/* ---- facts one after the other, as they are gathered ---- */

/* Copies into `seen` the facts that this need is documented to bring, and nothing else. */
static inline void find(enum admission need, const struct facts *all, struct facts *seen)
{
    const struct room_join *from = &all->who;
    struct room_join *to = &seen->who;

    if (need == ADMISSION_NEEDS_SIGN_IN)
        to->signed_out = from->signed_out;
    else if (need == ADMISSION_NEEDS_RULES)
        to->not_host = from->not_host, to->closed = from->closed;
    else if (need == ADMISSION_NEEDS_SEAT) {
        to->has_row = from->has_row, to->row = from->row;
        seen->room.has_seat = all->room.has_seat, seen->room.seat = all->room.seat;
        if (to->has_row) /* a person who never had a seat cannot have lost a host */
            seen->room.hosts = all->room.hosts, seen->room.host_lost_ms = all->room.host_lost_ms;
    } else if (need == ADMISSION_NEEDS_LINK) {
        seen->link = all->link;
        to->link = from->link ? &seen->link : NULL;
        to->known_jar = from->known_jar, to->another_jar = from->another_jar;
        to->invitation_taken = from->invitation_taken;
    } else if (need == ADMISSION_NEEDS_BLOCKS)
        to->blocked_until_ms = from->blocked_until_ms, to->link_blocked_until_ms = from->link_blocked_until_ms;
    else if (need == ADMISSION_NEEDS_JARS)
        to->jars_open = from->jars_open;
    else if (need == ADMISSION_NEEDS_INSIDE)
        seen->room.inside = all->room.inside, seen->room.hosts = all->room.hosts;
    else if (need == ADMISSION_NEEDS_PLACES)
        memcpy(seen->room.door, all->room.door, sizeof seen->room.door);
    else if (need == ADMISSION_NEEDS_NAME) {
        seen->form.typed = all->form.typed, seen->form.host_names = all->form.host_names;
        admission_compare_name(&seen->room, &seen->who, T0, &seen->form);
    } else if (need == ADMISSION_NEEDS_PIN) {
        seen->form.of_origin = all->form.of_origin, seen->form.of_room = all->form.of_room;
        seen->form.pin_right = all->form.pin_right;
    }
    to->unknown &= ~ADMISSION_BIT(need);
}

/* The facts known before anything is looked up. */
static inline void begin(enum admission_stage stage, const struct facts *all, struct facts *seen)
{
    *seen = *all;
    seen->who.unknown = ADMISSION_EVERYTHING;
    seen->who.signed_out = seen->who.not_host = seen->who.closed = false;
    seen->who.has_row = false;
    seen->who.row = (struct seat){ 0 };
    seen->who.link = NULL;
    seen->who.known_jar = seen->who.another_jar = seen->who.invitation_taken = false;
    seen->who.blocked_until_ms = seen->who.link_blocked_until_ms = 0;
    seen->who.jars_open = 0;
    seen->form.typed = NULL;
    seen->form.host_names = NULL;
    seen->form.of_origin = seen->form.of_room = 0;
    seen->form.pin_right = false;
    seen->who.form = all->who.form ? &seen->form : NULL;
    if (stage == JOIN) {
        seen->room.has_seat = false;
        seen->room.inside = seen->room.hosts = 0;
        seen->room.host_lost_ms = 0;
        memset(seen->room.door, 0, sizeof seen->room.door);
    }
}

/* `asked`: the needs, as they came. */
static inline enum admission step_by_step(enum admission_stage stage, const struct facts *all, unsigned *asked)
{
    static struct facts seen;
    enum admission answer;

    begin(stage, all, &seen);
    *asked = 0;
    while (admission_needs(answer = admission_ask(stage, &seen.room, &seen.who, T0))) {
        if (!CHECK(!(*asked & ADMISSION_BIT(answer))))
            break; /* asked twice: this would never end */
        *asked |= ADMISSION_BIT(answer);
        find(answer, all, &seen);
    }
    return answer;
}

/* Takes the next digit of a mixed-radix number. */
static inline int digit(unsigned *n, int radix)
{
    int d = (int)(*n % (unsigned)radix);

    *n /= (unsigned)radix;
    return d;
}

#endif
