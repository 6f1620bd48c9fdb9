/* The whole decision about taking a seat: every combination of the relevant facts, checked against a list of rules written here
 * independently, and each rule at its edge in time. */
#include "tests/unit/domain/admission_story.h"

/* ---- the rules; the first that applies refuses ---- */

static bool signed_out(const struct story *s)
{
    return s->signed_out;
}
static bool hosts_no_more(const struct story *s)
{
    return s->host && s->not_host;
}
static bool stands_outside(const struct story *s)
{
    return !s->host && s->closed && s->link == BY_ADDRESS && s->row != OPEN;
}
static bool an_admin_outside(const struct story *s)
{
    return stands_outside(s) && s->account == USER_ADMIN;
}
static bool the_desk_outside(const struct story *s)
{
    return stands_outside(s) && s->account == USER_DESK;
}
static bool renewed(const struct story *s)
{
    return s->link == RENEWED;
}
static bool revoked(const struct story *s)
{
    return s->link == REVOKED;
}
static bool renewed_for_a_newcomer(const struct story *s)
{
    return renewed(s) && s->row != OPEN;
}
static bool revoked_for_a_newcomer(const struct story *s)
{
    return revoked(s) && s->row != OPEN;
}
static bool expired(const struct story *s)
{
    return s->link == EXPIRED && s->row != OPEN && !waiting_to_return(s);
}
static bool used_up(const struct story *s)
{
    return s->link != BY_ADDRESS && (s->jar == ANOTHER_OF_A_THOUSAND || s->jar == ONE_TOO_MANY_OF_SEVERAL) &&
           s->row != OPEN && !waiting_to_return(s);
}
static bool early(const struct story *s)
{
    return s->link == EARLY && s->row != OPEN && !waiting_to_return(s);
}
static bool of_an_earlier_visit(const struct story *s)
{
    return s->old_token || (s->back && s->row != OPEN && !waiting_to_return(s));
}
static bool blocked(const struct story *s)
{
    if (s->row == OPEN)
        return false;
    return s->block == PERSON_BLOCKED || (s->block == LINK_BLOCKED && !waiting_to_return(s));
}
static bool sent_away_a_moment_ago(const struct story *s)
{
    return !s->host && s->row == DENIED_NOW;
}
static bool beside_three(const struct story *s)
{
    return !s->host && s->row != OPEN && s->link != BY_ADDRESS && s->jar == ANOTHER_BESIDE_THREE;
}
static bool locked_out(const struct story *s)
{
    return is_new(s) && s->locked;
}
static bool no_room_for_a_host(const struct story *s)
{
    return s->host && s->row != OPEN && s->full;
}
static bool no_room_to_enter(const struct story *s)
{
    return is_new(s) && !s->waiting_room && !holds_anothers(s) && s->other == HOST_INSIDE && s->full;
}
static bool nowhere_to_wait(const struct story *s)
{
    bool would_wait = s->waiting_room || holds_anothers(s) || s->taken || s->other != HOST_INSIDE || s->full;

    if (s->host || s->row == OPEN || !s->crowded)
        return false;
    return returns(s) ? s->waiting_room && s->met : would_wait;
}
static bool nameless(const struct story *s)
{
    return s->bad_form && !s->host && s->row != OPEN && !waiting_to_return(s);
}

static const struct {
    unsigned stages;
    bool (*against)(const struct story *s);
    enum admission refusal;
} RULES[] = {
    { SEAT, signed_out, ADMISSION_SIGNED_OUT },
    { JOIN | SEAT, hosts_no_more, ADMISSION_NOT_HOST_NOW },
    { JOIN, an_admin_outside, ADMISSION_NO_HOST_BY_ADMIN },
    { JOIN, the_desk_outside, ADMISSION_NO_CALL_FOR_DESK },
    { JOIN | SEAT, stands_outside, ADMISSION_CLOSED },
    { JOIN | USE, renewed, ADMISSION_UNKNOWN_LINK },
    { SEAT, renewed_for_a_newcomer, ADMISSION_UNKNOWN_LINK },
    { JOIN | USE, revoked, ADMISSION_LINK_REVOKED },
    { SEAT, revoked_for_a_newcomer, ADMISSION_LINK_REVOKED },
    { JOIN | USE, expired, ADMISSION_LINK_EXPIRED },
    { JOIN | USE, used_up, ADMISSION_LINK_USED },
    { JOIN | USE, early, ADMISSION_LINK_EARLY },
    { SEAT, of_an_earlier_visit, ADMISSION_SEAT_OVER },
    { JOIN | SEAT, blocked, ADMISSION_BLOCKED },
    { JOIN | SEAT, sent_away_a_moment_ago, ADMISSION_TOO_SOON },
    { JOIN | SEAT, beside_three, ADMISSION_LINK_IN_USE },
    { JOIN | SEAT, locked_out, ADMISSION_LOCKED },
    { JOIN | SEAT, no_room_for_a_host, ADMISSION_ROOM_FULL },
    { JOIN, no_room_to_enter, ADMISSION_ROOM_FULL },
    { JOIN | SEAT, nowhere_to_wait, ADMISSION_WAITING_FULL },
    { JOIN, nameless, ADMISSION_NAME_REQUIRED },
};

static enum admission by_the_rules(enum admission_stage stage, const struct story *s)
{
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++)
        if ((RULES[i].stages & stage) && RULES[i].against(s))
            return RULES[i].refusal;
    return ADMISSION_GRANTED;
}

/* ---- walks ---- */

static int told_off; /* so that a wrong rule does not print a million lines */

static void hold_against(enum admission_stage stage, const struct story *s)
{
    static struct facts f;
    unsigned asked;
    enum admission expected = by_the_rules(stage, s), got, slowly;

    tell(stage, s, &f);
    got = admission_ask(stage, &f.room, &f.who, T0);
    slowly = step_by_step(stage, &f, &asked);
    if ((got == expected && slowly == expected) || told_off++ > 20)
        return;
    printf("stage %d host %d row %d other %d link %d jar %d block %d account %d closed %d locked %d waiting room %d "
           "full %d "
           "crowded %d taken %d met %d back %d: %s\n",
           (int)stage, s->host, (int)s->row, (int)s->other, (int)s->link, (int)s->jar, (int)s->block, (int)s->account,
           s->closed, s->locked, s->waiting_room, s->full, s->crowded, s->taken, s->met, s->back,
           got == expected ? "step by step it comes to something else" : "all at once");
    CHECK_INT(got, expected);
    CHECK_INT(slowly, expected);
}

/* The part of a story that every stage knows; the rest of n is the stage's own. */
static bool make(unsigned *n, struct story *s)
{
    *s = (struct story){ .account = USER_ROLES };
    s->host = digit(n, 2);
    s->row = (enum row)digit(n, ROWS);
    s->other = (enum host)digit(n, HOSTS);
    s->link = (enum link)digit(n, LINKS);
    s->jar = (enum jar)digit(n, JARS);
    s->block = (enum story_block)digit(n, BLOCKS);
    s->closed = digit(n, 2);
    s->locked = digit(n, 2);
    s->waiting_room = digit(n, 2);
    s->full = digit(n, 2);
    s->crowded = digit(n, 2);
    return s->link != BY_ADDRESS ? !s->host : s->jar == FIRST && s->block != LINK_BLOCKED;
}

static void every_story_at_the_front_door_ends_as_the_first_rule_against_it_says(void)
{
    static const enum user_role ACCOUNTS[] = { USER_ROLES, USER_HOST, USER_ADMIN, USER_DESK };
    struct story s;

    for (unsigned i = 0; i < 8u * 2 * ROWS * HOSTS * LINKS * JARS * BLOCKS * 32; i++) {
        unsigned n = i;

        if (!make(&n, &s))
            continue;
        s.account = ACCOUNTS[digit(&n, 4)];
        s.bad_form = digit(&n, 2);
        if (s.account == USER_ROLES || s.closed)
            hold_against(JOIN, &s);
    }
    told_off = 0;
}

static void every_story_at_the_use_of_the_token_ends_as_the_first_rule_against_it_says(void)
{
    struct story s;

    for (unsigned i = 0; i < 64u * 2 * ROWS * HOSTS * LINKS * JARS * BLOCKS * 32; i++) {
        unsigned n = i;

        if (!make(&n, &s) || s.link == EARLY || s.link == EXPIRED)
            continue;
        s.signed_out = s.not_host = false;
        s.old_token = digit(&n, 2);
        s.back = digit(&n, 2);
        s.taken = digit(&n, 2);
        s.met = digit(&n, 2);
        s.not_host = digit(&n, 2);
        s.signed_out = digit(&n, 2);
        if ((s.taken && (s.link == BY_ADDRESS || s.jar == ONE_TOO_MANY_OF_SEVERAL)) || (s.not_host && !s.host) ||
            (s.signed_out && s.block != NO_BLOCK))
            continue;
        hold_against(SEAT, &s);
    }
    told_off = 0;
}

static void every_story_when_the_use_is_counted_asks_the_link_and_nothing_else(void)
{
    struct story s;

    for (unsigned i = 0; i < 2u * ROWS * HOSTS * LINKS * JARS * BLOCKS * 32; i++) {
        unsigned n = i;

        if (make(&n, &s) && !s.host && s.link != BY_ADDRESS)
            hold_against(USE, &s);
    }
    told_off = 0;
}

/* ---- the form ---- */

struct answers {
    enum row row;
    bool by_address;
    int name, consent, pin;
};

static const char *const NAMES[] = { "Lee", NULL, "Lee (host)", "ana osei" };

static enum admission of_answers(const struct answers *a)
{
    static const enum admission OF_NAME[] = { ADMISSION_GRANTED, ADMISSION_NAME_REQUIRED, ADMISSION_NAME_CLAIMS_ROLE,
                                              ADMISSION_NAME_TAKEN };
    static const enum admission OF_CONSENT[] = { ADMISSION_GRANTED, ADMISSION_GRANTED, ADMISSION_CONSENT_REQUIRED,
                                                 ADMISSION_CONSENT_OUTDATED };
    static const enum admission OF_PIN[] = { ADMISSION_GRANTED, ADMISSION_GRANTED, ADMISSION_PIN_REQUIRED,
                                             ADMISSION_PIN_WRONG, ADMISSION_PIN_LOCKED };
    bool goes_on = a->row == OPEN || a->row == LOST_NOW;

    if (OF_NAME[a->name] != ADMISSION_GRANTED && !(goes_on && a->name == 1))
        return OF_NAME[a->name];
    if (goes_on)
        return ADMISSION_GRANTED;
    return OF_CONSENT[a->consent] != ADMISSION_GRANTED ? OF_CONSENT[a->consent] : OF_PIN[a->pin];
}

static void every_form_is_checked_for_name_consent_and_pin_in_this_order(void)
{
    for (unsigned i = 0; i < (unsigned)ROWS * 2 * 4 * 4 * 5; i++) {
        unsigned n = i, asked;
        struct answers a = { (enum row)digit(&n, ROWS), digit(&n, 2), digit(&n, 4), digit(&n, 4), digit(&n, 5) };
        struct story s = { .row = a.row,
                           .other = HOST_INSIDE,
                           .link = a.by_address ? BY_ADDRESS : GOOD,
                           .account = USER_ROLES,
                           .waiting_room = true };
        static struct facts f;

        if (a.row == DENIED_NOW)
            continue;
        tell(JOIN, &s, &f);
        f.form.typed = NAMES[a.name];
        f.form.host_names = HOST_NAMES;
        f.link.guest_name[0] = '\0';
        f.form.asks_consent = a.consent > 0;
        f.form.consent_version = 3;
        f.form.consent_given = a.consent == 2 ? 0 : a.consent == 3 ? 2 : 3;
        f.form.has_pin = a.pin > 0;
        f.form.pin_given = a.pin != 2;
        f.form.pin_right = a.pin == 1 || a.pin == 4; /* a right one opens no lock */
        f.form.of_origin = a.pin == 4 ? 5 : 4;
        CHECK_INT(admission_ask(JOIN, &f.room, &f.who, T0), of_answers(&a));
        CHECK_INT(step_by_step(JOIN, &f, &asked), of_answers(&a));
        /* a try of the PIN and an arrival are counted of newcomers only, and only when everything else is right */
        CHECK_INT((asked & ADMISSION_BIT(ADMISSION_NEEDS_PIN)) != 0,
                  is_new(&s) && a.name == 0 && a.consent < 2 && (a.pin == 1 || a.pin > 2));
        CHECK_INT((asked & ADMISSION_BIT(ADMISSION_NEEDS_ARRIVAL)) != 0,
                  is_new(&s) && a.by_address && of_answers(&a) == ADMISSION_GRANTED);
    }
}

static void the_typed_name_comes_before_the_seats_and_that_before_the_links(void)
{
    struct story s = { .row = LEFT, .link = GOOD };
    static struct facts f;
    enum seat_name_from from;

    tell(JOIN, &s, &f);
    f.link.guest_name[0] = '\0';
    CHECK_STR(admission_name(&f.room, &f.who, T0, &from), "Lee");
    CHECK_INT(from, NAME_FROM_SELF);
    snprintf(f.link.guest_name, NAME_SIZE, "Lee");
    CHECK_STR(admission_name(&f.room, &f.who, T0, &from), "Lee");
    CHECK_INT(from, NAME_FROM_INVITATION);
    f.form.typed = NULL;
    CHECK_STR(admission_name(&f.room, &f.who, T0, &from), "Lee");
    CHECK_INT(from, NAME_FROM_INVITATION);
    f.room.has_seat = true;
    snprintf(f.room.seat.name, NAME_SIZE, "Gina");
    f.room.seat.name_from = NAME_FROM_SELF;
    CHECK_STR(admission_name(&f.room, &f.who, T0, &from), "Gina");
    CHECK_INT(from, NAME_FROM_SELF);
}

/* The maker of the link gave the name: "Front desk" is then not claimed by the guest. */
static void a_name_that_the_link_gave_claims_no_role(void)
{
    struct story s = { .link = GOOD, .account = USER_ROLES };
    static struct facts f;

    tell(JOIN, &s, &f);
    f.link.guest_name[0] = '\0';
    f.form.typed = "Front desk";
    CHECK_INT(admission_ask(JOIN, &f.room, &f.who, T0), ADMISSION_NAME_CLAIMS_ROLE);
    snprintf(f.link.guest_name, NAME_SIZE, "Front desk");
    CHECK_INT(admission_ask(JOIN, &f.room, &f.who, T0), ADMISSION_GRANTED);
}

/* Comparing names costs more than everything else, and a join asks a dozen times. */
static void a_name_that_was_judged_is_not_compared_again(void)
{
    struct story s = { .link = GOOD, .account = USER_ROLES };
    static struct facts f;

    tell(JOIN, &s, &f);
    f.link.guest_name[0] = '\0';
    f.form.typed = "Front desk";
    admission_compare_name(&f.room, &f.who, T0, &f.form);
    CHECK_INT(admission_ask(JOIN, &f.room, &f.who, T0), ADMISSION_NAME_CLAIMS_ROLE);
    f.form.typed = "Lee"; /* nobody looks */
    CHECK_INT(admission_ask(JOIN, &f.room, &f.who, T0), ADMISSION_NAME_CLAIMS_ROLE);
}

/* ---- edges ---- */

static void wrong_pins_lock_at_five_at_one_when_pressed_and_the_address_at_a_hundred(void)
{
    CHECK(!admission_pin_locked(false, 4, 19));
    CHECK(admission_pin_locked(false, 5, 5));
    CHECK(!admission_pin_locked(false, 0, 20));
    CHECK(admission_pin_locked(false, 1, 20));
    CHECK(!admission_pin_locked(true, 0, 99));
    CHECK(admission_pin_locked(true, 0, 100));
    CHECK(!admission_pin_locked(false, 0, 1000));
}

static void lately_is_five_minutes_also_when_the_clock_was_set_back(void)
{
    CHECK(admission_lately(T0 - ROOM_REENTRY_MS, T0));
    CHECK(!admission_lately(T0 - ROOM_REENTRY_MS - 1, T0));
    CHECK(admission_lately(T0 + ROOM_REENTRY_MS, T0));
    CHECK(!admission_lately(T0 + ROOM_REENTRY_MS + 1, T0));
    CHECK(!admission_lately(0, 1));
}

static void a_refusal_says_when_to_ask_again_in_whole_seconds_and_never_too_early(void)
{
    struct room_join j = { .has_row = true, .row.ended_ms = T0 };
    struct err e = { 0 };

    CHECK_INT(admission_refuse(ADMISSION_TOO_SOON, JOIN, &j, T0 + 1, &e), ERR_LIMIT);
    CHECK_INT(e.retry_after_s, 60);
    CHECK_INT(admission_refuse(ADMISSION_TOO_SOON, JOIN, &j, T0 + 59000, &e), ERR_LIMIT);
    CHECK_INT(e.retry_after_s, 1);
    CHECK_INT(admission_refuse(ADMISSION_PIN_LOCKED, JOIN, &j, T0, &e), ERR_LIMIT);
    CHECK_INT(e.retry_after_s, 3600);
    CHECK_INT(admission_refuse(ADMISSION_BLOCKED, JOIN, &j, T0, NULL), ERR_FORBIDDEN);
}

/* One person, by whichever way they come; a link, whoever comes by it. */
static void a_block_holds_for_the_link_and_for_every_way_of_the_same_cookie(void)
{
    static const uint8_t KEY[KEY_BYTES] = { 7 }, JAR[HASH_BYTES] = { 1 }, OTHER[HASH_BYTES] = { 2 },
                         NO_JAR[HASH_BYTES] = { 0 };
    static const struct {
        const char *came_by, *comes_by;
        const uint8_t *came_with, *comes_with;
        int64_t person, link;
    } CASES[] = {
        { "i1", "i1", JAR, JAR, T0, T0 }, { "i1", "i2", JAR, JAR, T0, 0 }, { "i1", "", JAR, JAR, T0, 0 },
        { "", "i1", JAR, JAR, T0, 0 },    { "", "", JAR, JAR, T0, 0 },     { "i1", "i1", JAR, OTHER, 0, T0 },
        { "i1", "i2", JAR, OTHER, 0, 0 }, { "", "", JAR, OTHER, 0, 0 },    { "i1", "i2", JAR, NO_JAR, 0, 0 },
    };

    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct block block = { .until_ms = T0 };
        struct room_join j = { .as.room_id = "r1" };

        strcpy(block.invitation_id, CASES[i].came_by);
        seat_id_of_guest(KEY, "r1", block.invitation_id, CASES[i].came_with, block.participant_id);
        strcpy(j.as.invitation_id, CASES[i].comes_by);
        seat_id_of_guest(KEY, "r1", j.as.invitation_id, CASES[i].comes_with, j.as.id);
        admission_add_block(KEY, CASES[i].comes_with, &block, &j);
        block.until_ms = T0 - 1; /* an earlier end takes nothing away */
        admission_add_block(KEY, CASES[i].comes_with, &block, &j);
        CHECK_INT(j.blocked_until_ms, CASES[i].person);
        CHECK_INT(j.link_blocked_until_ms, CASES[i].link);
    }
}

static void each_refusal_has_words_and_a_code_at_each_stage_where_it_can_occur(void)
{
    const struct room_join j = { .as.role = SEAT_GUEST };

    for (int a = ADMISSION_NEEDS_END; a < ADMISSIONS; a++) {
        bool of_the_form = a >= ADMISSION_NAME_REQUIRED;
        struct err e = { 0 };

        CHECK(admission_refuse((enum admission)a, JOIN, &j, T0, &e) != ERR_OK);
        CHECK(e.code[0] && strlen(e.detail) > 10 && e.detail[strlen(e.detail) - 1] == '.');
        CHECK_INT(e.field[0] != '\0', of_the_form && a != ADMISSION_PIN_LOCKED);
        CHECK_INT(admission_code((enum admission)a, SEAT) == NULL, of_the_form);
    }
    CHECK_STR(admission_code(ADMISSION_TOO_SOON, JOIN), "too_soon");
    CHECK_STR(admission_code(ADMISSION_TOO_SOON, SEAT), "try_later");
}

static const struct check_test TESTS[] = {
    TEST(every_story_at_the_front_door_ends_as_the_first_rule_against_it_says),
    TEST(every_story_at_the_use_of_the_token_ends_as_the_first_rule_against_it_says),
    TEST(every_story_when_the_use_is_counted_asks_the_link_and_nothing_else),
    TEST(every_form_is_checked_for_name_consent_and_pin_in_this_order),
    TEST(the_typed_name_comes_before_the_seats_and_that_before_the_links),
    TEST(a_name_that_the_link_gave_claims_no_role),
    TEST(a_name_that_was_judged_is_not_compared_again),
    TEST(wrong_pins_lock_at_five_at_one_when_pressed_and_the_address_at_a_hundred),
    TEST(lately_is_five_minutes_also_when_the_clock_was_set_back),
    TEST(a_refusal_says_when_to_ask_again_in_whole_seconds_and_never_too_early),
    TEST(a_block_holds_for_the_link_and_for_every_way_of_the_same_cookie),
    TEST(each_refusal_has_words_and_a_code_at_each_stage_where_it_can_occur),
    { 0 },
};
CHECK_MAIN(TESTS)
