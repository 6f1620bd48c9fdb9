#include "domain/room.h"

#include <stdlib.h>

#include "tests/support/check.h"
#include "util/mem.h"

#define T0 INT64_C(1790000000000)
#define MINUTE INT64_C(60000)

/* A room, the events of the last step, and the rows as a store would hold them. */
struct scene {
    struct room room;
    struct room_events ev;
    struct seat rows[16];
    int row_count;
    struct err e;
};

static struct scene *scene_new(bool waiting_room)
{
    struct scene *s = mem_new(sizeof *s);
    struct room_rules *rules = mem_new(sizeof *rules);

    snprintf(rules->id, ID_SIZE, "r1");
    snprintf(rules->owner_id, ID_SIZE, "u1");
    snprintf(rules->name, NAME_SIZE, "Dr Rivera");
    rules->max_participants = 12;
    rules->waiting_room = waiting_room;
    rules->revision = 1;
    room_init(&s->room, "r1");
    room_view_set(&s->room.view, rules);
    mem_free(rules);
    return s;
}

static void scene_free(struct scene *s)
{
    room_events_clear(&s->ev);
    room_clear(&s->room);
    mem_free(s);
}

static struct seat *row_of(struct scene *s, const char *id)
{
    for (int i = 0; i < s->row_count; i++)
        if (strcmp(s->rows[i].id, id) == 0)
            return &s->rows[i];
    return NULL;
}

static void commit(struct scene *s, const struct room_decision *d)
{
    for (size_t i = 0; i < d->count; i++) {
        struct seat *row = row_of(s, d->changes[i].seat.id);

        if (!row)
            row = &s->rows[s->row_count++];
        *row = d->changes[i].seat;
    }
    room_events_clear(&s->ev);
    room_apply(&s->room, d, &s->ev);
}

static enum err_code join_with(struct scene *s, struct room_join *j, int64_t now_ms)
{
    struct room_facts facts;
    struct room_decision d;
    const struct seat *row = row_of(s, j->as.id);
    enum err_code rc;

    room_facts(&s->room, j->as.id, &facts);
    if (row && !facts.has_seat) {
        j->has_row = true;
        j->row = *row;
    }
    rc = room_decide_join(&facts, j, now_ms, &d, &s->e);
    if (rc == ERR_OK)
        commit(s, &d);
    room_decision_clear(&d);
    return rc;
}

static struct room_join joining(struct scene *s, const char *id, enum seat_role role)
{
    struct room_join j = { .as.role = role };
    const struct seat *row = row_of(s, id);

    snprintf(j.as.id, ID_SIZE, "%s", id);
    snprintf(j.as.room_id, ID_SIZE, "r1");
    snprintf(j.as.name, NAME_SIZE, "%s", id);
    if (row)
        j.as.gen = row->gen;
    return j;
}

static enum err_code join(struct scene *s, const char *id, enum seat_role role, int64_t now_ms)
{
    struct room_join j = joining(s, id, role);

    return join_with(s, &j, now_ms);
}

static enum err_code ask(struct scene *s, struct room_request q, int64_t now_ms)
{
    struct room_decision d;
    enum err_code rc = room_decide(&s->room, &q, now_ms, &d, &s->e);

    if (rc == ERR_OK)
        commit(s, &d);
    room_decision_clear(&d);
    return rc;
}

static enum err_code host_asks(struct scene *s, enum room_verb verb, const char *about)
{
    struct room_request q = { .verb = verb, .right = RIGHT_HOST, .by = "host" };

    snprintf(q.participant, ID_SIZE, "%s", about);
    return ask(s, q, T0);
}

static enum err_code leaves(struct scene *s, const char *id)
{
    struct room_request q = { .verb = ROOM_LEAVE, .right = RIGHT_SEAT };

    snprintf(q.by, ID_SIZE, "%s", id);
    snprintf(q.participant, ID_SIZE, "%s", id);
    return ask(s, q, T0);
}

static enum seat_state state_of(struct scene *s, const char *id)
{
    const struct room_member *m = room_find(&s->room, id);

    return m ? m->seat.state : SEAT_NONE;
}

static void lose(struct scene *s, const char *id, int64_t now_ms)
{
    room_events_clear(&s->ev);
    room_lost(&s->room, room_find(&s->room, id), now_ms, &s->ev);
}

/* What `to` was told of `about` in the last step; "" nothing. `to` "desk": the front desk. */
static const char *told(struct scene *s, const char *to, const char *about)
{
    for (size_t i = 0; i < s->ev.count; i++) {
        const struct room_event *e = &s->ev.items[i];
        const char *name = e->to ? e->to->seat.id : "desk";

        if (e->kind == EVENT_PARTICIPANT && strcmp(name, to) == 0 && strcmp(e->about->seat.id, about) == 0)
            return room_news_name(e->news);
    }
    return "";
}

static const struct room_event *own(struct scene *s, enum room_event_kind kind, const char *id)
{
    for (size_t i = 0; i < s->ev.count; i++)
        if (s->ev.items[i].kind == kind && strcmp(s->ev.items[i].to->seat.id, id) == 0)
            return &s->ev.items[i];
    return NULL;
}

/* The host inside, `guest` waiting. */
static struct scene *waiting_scene(void)
{
    struct scene *s = scene_new(true);

    CHECK_INT(join(s, "host", SEAT_HOST, T0), ERR_OK);
    CHECK_INT(join(s, "guest", SEAT_GUEST, T0), ERR_OK);
    return s;
}

static struct scene *call_scene(void)
{
    struct scene *s = waiting_scene();

    CHECK_INT(host_asks(s, ROOM_ADMIT, "guest"), ERR_OK);
    return s;
}

/* ---- joining ---- */

static void a_host_enters_and_a_guest_waits(void)
{
    struct scene *s = waiting_scene();

    CHECK_INT(state_of(s, "host"), SEAT_INSIDE);
    CHECK_INT(state_of(s, "guest"), SEAT_WAITING);
    CHECK_STR(told(s, "host", "guest"), "waiting");
    CHECK_STR(told(s, "desk", "guest"), "waiting");
    CHECK_INT(room_find(&s->room, "guest")->position, 1);
    CHECK(own(s, EVENT_STATE, "guest") == NULL);
    scene_free(s);
}

static void a_guest_waits_even_when_nobody_is_there(void)
{
    struct scene *s = scene_new(true);

    CHECK_INT(join(s, "guest", SEAT_GUEST, T0), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_WAITING);
    scene_free(s);
}

static void without_a_waiting_room_a_guest_enters_only_while_a_host_is_inside(void)
{
    struct scene *s = scene_new(false);

    CHECK_INT(join(s, "early", SEAT_GUEST, T0), ERR_OK);
    CHECK_INT(state_of(s, "early"), SEAT_WAITING);
    CHECK_INT(join(s, "host", SEAT_HOST, T0), ERR_OK);
    CHECK_INT(join(s, "late", SEAT_GUEST, T0), ERR_OK);
    CHECK_INT(state_of(s, "late"), SEAT_INSIDE);
    CHECK_INT(ask(s, (struct room_request){ .verb = ROOM_LET_IN, .right = RIGHT_SYSTEM, .by = "system" }, T0), ERR_OK);
    CHECK_INT(state_of(s, "early"), SEAT_INSIDE);
    scene_free(s);
}

static void a_reload_keeps_the_state_and_counts_the_instance(void)
{
    struct scene *s = call_scene();
    int64_t order = room_find(&s->room, "guest")->order;

    CHECK_INT(join(s, "guest", SEAT_GUEST, T0 + MINUTE), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_INSIDE);
    CHECK_INT(room_find(&s->room, "guest")->seat.instance, 2);
    CHECK_INT(room_find(&s->room, "guest")->seat.since_ms, T0);
    CHECK(room_find(&s->room, "guest")->order > order);
    CHECK_STR(told(s, "host", "guest"), "changed");
    scene_free(s);
}

static void a_token_of_an_earlier_visit_opens_nothing(void)
{
    struct scene *s = call_scene();
    struct room_join j = joining(s, "guest", SEAT_GUEST);

    CHECK_INT(leaves(s, "guest"), ERR_OK);
    CHECK_INT(row_of(s, "guest")->gen, 1);
    CHECK_INT(join_with(s, &j, T0), ERR_AUTH);
    CHECK_STR(s->e.code, "seat_over");
    CHECK_INT(join(s, "guest", SEAT_GUEST, T0), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_WAITING);
    CHECK_INT(room_find(&s->room, "guest")->seat.instance, 2);
    scene_free(s);
}

static void the_denied_may_ask_again_after_a_minute_and_the_blocked_after_a_day(void)
{
    struct scene *s = waiting_scene();
    struct room_join j;

    CHECK_INT(host_asks(s, ROOM_DENY, "guest"), ERR_OK);
    CHECK_INT(row_of(s, "guest")->blocked_until_ms, 0);
    CHECK_INT(join(s, "guest", SEAT_GUEST, T0 + MINUTE - 1), ERR_FORBIDDEN);
    CHECK_STR(s->e.code, "try_later");
    CHECK_INT(join(s, "guest", SEAT_GUEST, T0 + MINUTE), ERR_OK);
    CHECK_INT(ask(s, (struct room_request){ ROOM_REMOVE, RIGHT_HOST, "host", "guest", true, NULL }, T0), ERR_OK);
    CHECK_INT(row_of(s, "guest")->blocked_until_ms, T0 + ROOM_BLOCK_MS);
    j = joining(s, "guest", SEAT_GUEST);
    j.blocked_until_ms = T0 + ROOM_BLOCK_MS;
    CHECK_INT(join_with(s, &j, T0 + 60 * MINUTE), ERR_FORBIDDEN);
    CHECK_STR(s->e.code, "blocked");
    CHECK_INT(join_with(s, &j, T0 + ROOM_BLOCK_MS), ERR_OK);
    scene_free(s);
}

static void a_locked_room_refuses_new_guests_only(void)
{
    struct scene *s = call_scene();

    s->room.view.locked = true;
    CHECK_INT(join(s, "other", SEAT_GUEST, T0), ERR_LOCKED);
    CHECK_INT(join(s, "guest", SEAT_GUEST, T0), ERR_OK);
    CHECK_INT(join(s, "cohost", SEAT_HOST, T0), ERR_OK);
    scene_free(s);
}

/* ---- capacity ---- */

static void a_full_room_admits_nobody_and_refuses_a_host(void)
{
    struct scene *s = call_scene();

    CHECK_INT(join(s, "g2", SEAT_GUEST, T0), ERR_OK);
    CHECK_INT(join(s, "g3", SEAT_GUEST, T0), ERR_OK);
    CHECK_INT(join(s, "g4", SEAT_GUEST, T0), ERR_OK);
    CHECK_INT(host_asks(s, ROOM_ADMIT, "g2"), ERR_OK);
    CHECK_INT(host_asks(s, ROOM_ADMIT, "g3"), ERR_OK);
    CHECK_INT(room_inside(&s->room), ROOM_P2P_MAX);
    CHECK_INT(host_asks(s, ROOM_ADMIT, "g4"), ERR_LIMIT);
    CHECK_STR(s->e.code, "room_full");
    CHECK_INT(state_of(s, "g4"), SEAT_WAITING);
    CHECK_INT(join(s, "cohost", SEAT_HOST, T0), ERR_LIMIT);
    CHECK_INT(join(s, "host", SEAT_HOST, T0), ERR_OK); /* a reload takes no further place */
    scene_free(s);
}

static void the_waiting_room_is_bounded(void)
{
    struct scene *s = scene_new(true);
    struct room_facts f;
    struct room_join j = joining(s, "one-more", SEAT_GUEST);
    struct room_decision d;

    room_facts(&s->room, "one-more", &f);
    f.seats = ROOM_SEATS_MAX;
    CHECK_INT(room_decide_join(&f, &j, T0, &d, &s->e), ERR_LIMIT);
    CHECK_INT(d.count, 0);
    room_decision_clear(&d);
    scene_free(s);
}

/* ---- deciding ---- */

static void an_admission_shows_people_to_each_other(void)
{
    struct scene *s = call_scene();

    CHECK_STR(told(s, "host", "guest"), "admitted");
    CHECK(own(s, EVENT_STATE, "guest") != NULL);
    CHECK_STR(told(s, "guest", "host"), ""); /* its list says it */
    CHECK(room_offers(room_find(&s->room, "guest"), room_find(&s->room, "host")));
    CHECK(!room_offers(room_find(&s->room, "host"), room_find(&s->room, "guest")));
    scene_free(s);
}

static void guests_inside_learn_nothing_of_those_who_wait(void)
{
    struct scene *s = call_scene();

    CHECK_INT(join(s, "next", SEAT_GUEST, T0), ERR_OK);
    CHECK_STR(told(s, "guest", "next"), "");
    CHECK_STR(told(s, "host", "next"), "waiting");
    CHECK(room_sees(room_find(&s->room, "next"), room_find(&s->room, "host")));
    CHECK(!room_sees(room_find(&s->room, "next"), room_find(&s->room, "guest")));
    CHECK_INT(host_asks(s, ROOM_ADMIT, "next"), ERR_OK);
    CHECK_STR(told(s, "guest", "next"), "joined");
    CHECK_INT(host_asks(s, ROOM_RETURN, "next"), ERR_OK);
    CHECK_STR(told(s, "guest", "next"), "left");
    CHECK_STR(told(s, "host", "next"), "waiting");
    CHECK_STR(own(s, EVENT_STATE, "next")->reason, "returned");
    scene_free(s);
}

static void a_guest_decides_nothing(void)
{
    static const enum room_verb VERBS[] = { ROOM_ADMIT,  ROOM_DENY, ROOM_HOLD,    ROOM_RETURN,
                                            ROOM_REMOVE, ROOM_END,  ROOM_TIMEOUT, ROOM_CLOSE };
    struct scene *s = call_scene();

    for (size_t i = 0; i < sizeof VERBS / sizeof *VERBS; i++)
        CHECK_INT(ask(s, (struct room_request){ VERBS[i], RIGHT_SEAT, "guest", "host", false, NULL }, T0),
                  ERR_FORBIDDEN);
    CHECK_INT(ask(s, (struct room_request){ ROOM_LEAVE, RIGHT_SEAT, "guest", "host", false, NULL }, T0), ERR_FORBIDDEN);
    CHECK_INT(room_inside(&s->room), 2);
    scene_free(s);
}

static void the_front_desk_holds_but_does_not_admit(void)
{
    struct scene *s = waiting_scene();

    CHECK_INT(ask(s, (struct room_request){ ROOM_ADMIT, RIGHT_DESK, "u9", "guest", false, NULL }, T0), ERR_FORBIDDEN);
    CHECK_INT(ask(s, (struct room_request){ ROOM_HOLD, RIGHT_DESK, "u9", "guest", false, "Five minutes." }, T0),
              ERR_OK);
    CHECK(room_find(&s->room, "guest")->seat.held);
    CHECK_STR(room_find(&s->room, "guest")->text, "Five minutes.");
    CHECK_STR(told(s, "host", "guest"), "changed");
    CHECK_INT(host_asks(s, ROOM_ADMIT, "guest"), ERR_OK);
    CHECK(!room_find(&s->room, "guest")->seat.held);
    CHECK(room_find(&s->room, "guest")->text == NULL);
    scene_free(s);
}

static void a_decision_about_nobody_changes_nothing(void)
{
    struct scene *s = call_scene();

    CHECK_INT(host_asks(s, ROOM_ADMIT, "nobody"), ERR_NOT_FOUND);
    CHECK_INT(host_asks(s, ROOM_ADMIT, "guest"), ERR_NOT_FOUND); /* inside already */
    CHECK_INT(host_asks(s, ROOM_DENY, "guest"), ERR_NOT_FOUND);
    CHECK_INT(host_asks(s, ROOM_RETURN, "host"), ERR_FORBIDDEN);
    CHECK_INT(host_asks(s, ROOM_REMOVE, "host"), ERR_FORBIDDEN);
    CHECK_INT(room_inside(&s->room), 2);
    scene_free(s);
}

static void an_end_sends_those_inside_and_leaves_those_who_wait(void)
{
    struct scene *s = call_scene();

    CHECK_INT(join(s, "next", SEAT_GUEST, T0), ERR_OK);
    CHECK_INT(host_asks(s, ROOM_END, ""), ERR_OK);
    CHECK_INT(room_inside(&s->room), 0);
    CHECK_INT(state_of(s, "next"), SEAT_WAITING);
    CHECK_STR(own(s, EVENT_BYE, "guest")->reason, "ended");
    CHECK_STR(told(s, "next", "host"), "left");
    CHECK_INT(row_of(s, "guest")->gen, 1);
    scene_free(s);
}

static void places_in_the_queue_move_up(void)
{
    struct scene *s = waiting_scene();

    CHECK_INT(join(s, "second", SEAT_GUEST, T0 + 1), ERR_OK);
    CHECK_INT(room_find(&s->room, "second")->position, 2);
    CHECK_INT(host_asks(s, ROOM_DENY, "guest"), ERR_OK);
    CHECK_INT(room_find(&s->room, "second")->position, 1);
    CHECK(own(s, EVENT_STATE, "second") != NULL);
    scene_free(s);
}

static void another_with_the_same_invitation_replaces_only_when_admitted(void)
{
    struct scene *s = scene_new(true);
    struct room_join first = joining(s, "phone", SEAT_GUEST), second = joining(s, "laptop", SEAT_GUEST);

    snprintf(first.as.invitation_id, ID_SIZE, "i1");
    snprintf(second.as.invitation_id, ID_SIZE, "i1");
    second.invitation_taken = true;
    CHECK_INT(join(s, "host", SEAT_HOST, T0), ERR_OK);
    CHECK_INT(join_with(s, &first, T0), ERR_OK);
    CHECK_INT(host_asks(s, ROOM_ADMIT, "phone"), ERR_OK);
    CHECK_INT(join_with(s, &second, T0), ERR_OK);
    CHECK_INT(state_of(s, "laptop"), SEAT_WAITING);
    CHECK(room_find(&s->room, "laptop")->seat.same_invitation);
    CHECK_INT(state_of(s, "phone"), SEAT_INSIDE);
    CHECK_INT(host_asks(s, ROOM_ADMIT, "laptop"), ERR_OK);
    CHECK_INT(state_of(s, "laptop"), SEAT_INSIDE);
    CHECK_INT(state_of(s, "phone"), SEAT_NONE);
    CHECK_STR(own(s, EVENT_BYE, "phone")->reason, "replaced");
    scene_free(s);
}

/* ---- the last host ---- */

static void with_the_last_host_guests_go_back_to_waiting(void)
{
    struct scene *s = call_scene();

    CHECK_INT(leaves(s, "host"), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_WAITING);
    CHECK_STR(own(s, EVENT_STATE, "guest")->reason, "host_left");
    CHECK_INT(row_of(s, "guest")->admitted_ms, 0);
    scene_free(s);
}

static void guests_stay_while_another_host_is_inside_or_when_they_may(void)
{
    struct scene *s = call_scene();

    CHECK_INT(join(s, "cohost", SEAT_HOST, T0), ERR_OK);
    CHECK_INT(leaves(s, "host"), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_INSIDE);
    s->room.view.guests_may_stay = true;
    CHECK_INT(leaves(s, "cohost"), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_INSIDE);
    scene_free(s);
}

/* ---- lost connections ---- */

static enum err_code times_out(struct scene *s, const char *id, int64_t now_ms)
{
    struct room_request q = { .verb = ROOM_TIMEOUT, .right = RIGHT_SYSTEM, .by = "system" };

    snprintf(q.participant, ID_SIZE, "%s", id);
    return ask(s, q, now_ms);
}

static void a_lost_connection_keeps_the_seat_for_its_time(void)
{
    struct scene *s = call_scene();

    lose(s, "guest", T0);
    CHECK_INT(state_of(s, "guest"), SEAT_AWAY);
    CHECK_STR(told(s, "host", "guest"), "away");
    CHECK_INT(times_out(s, "guest", T0 + ROOM_AWAY_MS - 1), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_AWAY);
    CHECK_INT(times_out(s, "guest", T0 + ROOM_AWAY_MS), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_NONE);
    CHECK_STR(told(s, "host", "guest"), "left");
    scene_free(s);
}

static void who_waits_is_kept_for_a_quarter_of_an_hour(void)
{
    struct scene *s = waiting_scene();

    lose(s, "guest", T0);
    CHECK_INT(state_of(s, "guest"), SEAT_WAITING_AWAY);
    CHECK_INT(room_away_deadline_ms(room_find(&s->room, "guest")), T0 + 15 * MINUTE);
    scene_free(s);
}

static void a_decision_in_between_does_not_bring_a_connection_back(void)
{
    struct scene *s = waiting_scene();
    struct room_request q = { ROOM_ADMIT, RIGHT_HOST, "host", "guest", false, NULL };
    struct room_decision d;

    CHECK_INT(room_decide(&s->room, &q, T0, &d, &s->e), ERR_OK);
    lose(s, "guest", T0 + 5); /* while it is being written */
    commit(s, &d);
    room_decision_clear(&d);
    CHECK_INT(state_of(s, "guest"), SEAT_AWAY);
    CHECK_INT(row_of(s, "guest")->state, SEAT_INSIDE);
    CHECK_INT(room_away_deadline_ms(room_find(&s->room, "guest")), T0 + 5 + ROOM_AWAY_MS);
    scene_free(s);
}

static void shortly_after_a_loss_one_is_back_inside_without_a_new_admission(void)
{
    struct scene *s = call_scene();

    lose(s, "guest", T0);
    CHECK_INT(times_out(s, "guest", T0 + ROOM_AWAY_MS), ERR_OK);
    CHECK_INT(join(s, "guest", SEAT_GUEST, T0 + ROOM_AWAY_MS + ROOM_REENTRY_MS), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_INSIDE);
    lose(s, "guest", T0);
    CHECK_INT(times_out(s, "guest", T0 + ROOM_AWAY_MS), ERR_OK);
    CHECK_INT(join(s, "guest", SEAT_GUEST, T0 + ROOM_AWAY_MS + ROOM_REENTRY_MS + 1), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_WAITING);
    scene_free(s);
}

static void a_host_lost_for_good_counts_as_gone(void)
{
    struct scene *s = call_scene();

    lose(s, "host", T0);
    CHECK_INT(state_of(s, "guest"), SEAT_INSIDE);
    CHECK_INT(times_out(s, "host", T0 + ROOM_AWAY_MS), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_WAITING);
    scene_free(s);
}

/* ---- tickets ---- */

static void ticket(uint8_t hash[HASH_BYTES], int n)
{
    memset(hash, n, HASH_BYTES);
}

static struct room_request resuming(int shown, int next)
{
    struct room_request q = { .verb = ROOM_RESUME, .right = RIGHT_SYSTEM, .by = "guest", .participant = "guest" };

    ticket(q.presented_hash, shown);
    ticket(q.ticket_hash, next);
    return q;
}

static void a_ticket_is_good_until_the_first_message_after_the_next_one(void)
{
    struct scene *s = call_scene();
    struct room_join j = joining(s, "guest", SEAT_GUEST);

    ticket(j.as.ticket_hash, 1);
    CHECK_INT(join_with(s, &j, T0), ERR_OK);
    CHECK_INT(ask(s, resuming(9, 2), T0), ERR_AUTH);
    CHECK_INT(ask(s, resuming(0, 2), T0), ERR_AUTH); /* no older one: the empty hash fits nobody */
    lose(s, "guest", T0);
    CHECK_INT(ask(s, resuming(1, 2), T0), ERR_OK);
    CHECK_STR(told(s, "host", "guest"), "back");
    CHECK_INT(ask(s, resuming(1, 3), T0), ERR_OK); /* its welcome never arrived */
    CHECK_INT(ask(s, (struct room_request){ ROOM_CONFIRM, RIGHT_SYSTEM, "guest", "guest", false, NULL }, T0), ERR_OK);
    CHECK_INT(s->ev.count, 0);
    CHECK_INT(ask(s, resuming(1, 4), T0), ERR_AUTH);
    CHECK_INT(ask(s, resuming(3, 4), T0), ERR_OK);
    CHECK_INT(room_find(&s->room, "guest")->seat.instance, 2);
    scene_free(s);
}

static void an_ended_seat_refuses_its_ticket(void)
{
    struct scene *s = call_scene();

    CHECK_INT(host_asks(s, ROOM_REMOVE, "guest"), ERR_OK);
    CHECK(!room_ticket_fits(row_of(s, "guest"), row_of(s, "guest")->ticket_hash));
    CHECK_INT(ask(s, resuming(1, 2), T0), ERR_NOT_FOUND);
    scene_free(s);
}

static void stored_seats_come_back_away(void)
{
    struct scene *s = call_scene(), *after = scene_new(true);

    for (int i = 0; i < s->row_count; i++)
        (void)room_restore(&after->room, &s->rows[i], T0 + 60 * MINUTE);
    CHECK_INT(state_of(after, "guest"), SEAT_AWAY);
    CHECK_INT(room_away_deadline_ms(room_find(&after->room, "guest")), T0 + 60 * MINUTE + ROOM_AWAY_MS);
    CHECK(room_offers(room_find(&after->room, "host"), room_find(&after->room, "guest")) !=
          room_offers(room_find(&after->room, "guest"), room_find(&after->room, "host")));
    scene_free(s);
    scene_free(after);
}

static const struct check_test TESTS[] = {
    TEST(a_host_enters_and_a_guest_waits),
    TEST(a_guest_waits_even_when_nobody_is_there),
    TEST(without_a_waiting_room_a_guest_enters_only_while_a_host_is_inside),
    TEST(a_reload_keeps_the_state_and_counts_the_instance),
    TEST(a_token_of_an_earlier_visit_opens_nothing),
    TEST(the_denied_may_ask_again_after_a_minute_and_the_blocked_after_a_day),
    TEST(a_locked_room_refuses_new_guests_only),
    TEST(a_full_room_admits_nobody_and_refuses_a_host),
    TEST(the_waiting_room_is_bounded),
    TEST(an_admission_shows_people_to_each_other),
    TEST(guests_inside_learn_nothing_of_those_who_wait),
    TEST(a_guest_decides_nothing),
    TEST(the_front_desk_holds_but_does_not_admit),
    TEST(a_decision_about_nobody_changes_nothing),
    TEST(an_end_sends_those_inside_and_leaves_those_who_wait),
    TEST(places_in_the_queue_move_up),
    TEST(another_with_the_same_invitation_replaces_only_when_admitted),
    TEST(with_the_last_host_guests_go_back_to_waiting),
    TEST(guests_stay_while_another_host_is_inside_or_when_they_may),
    TEST(a_lost_connection_keeps_the_seat_for_its_time),
    TEST(who_waits_is_kept_for_a_quarter_of_an_hour),
    TEST(a_decision_in_between_does_not_bring_a_connection_back),
    TEST(shortly_after_a_loss_one_is_back_inside_without_a_new_admission),
    TEST(a_host_lost_for_good_counts_as_gone),
    TEST(a_ticket_is_good_until_the_first_message_after_the_next_one),
    TEST(an_ended_seat_refuses_its_ticket),
    TEST(stored_seats_come_back_away),
    { 0 },
};
CHECK_MAIN(TESTS)
