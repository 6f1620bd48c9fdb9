/* Decisions of hosts, the front desk and guests, and their effect on the others. */
#include "tests/unit/domain/room_scene.h"

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

static void guests_inside_learn_nothing_of_waiting_guests(void)
{
    struct scene *s = call_scene();

    CHECK_INT(join(s, "next", SEAT_GUEST, T0), ERR_OK);
    CHECK_STR(told(s, "guest", "next"), "");
    CHECK_STR(told(s, "host", "next"), "waiting");
    CHECK(room_sees(room_find(&s->room, "next"), room_find(&s->room, "host")));
    CHECK(!room_sees(room_find(&s->room, "next"), room_find(&s->room, "guest")));
    CHECK_INT(adds(s, "next"), ERR_OK);
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
        CHECK_INT(ask(s, (struct room_request){ VERBS[i], GUEST_SEAT, "guest", "host", false, NULL }, T0),
                  ERR_FORBIDDEN);
    CHECK_INT(ask(s, (struct room_request){ ROOM_LEAVE, GUEST_SEAT, "guest", "host", false, NULL }, T0), ERR_FORBIDDEN);
    CHECK_INT(room_inside(&s->room), 2);
    scene_free(s);
}

/* About nobody: a decision that is allowed finds nobody. */
static enum err_code ask_with(struct scene *s, enum room_verb verb, permission_set may, bool by_system)
{
    return ask(s, (struct room_request){ verb, may, "nobody", "nobody", .by_system = by_system }, T0);
}

static void each_decision_is_open_to_its_permission_and_to_no_other(void)
{
    struct scene *s = waiting_scene();

    for (int v = 0; v < ROOM_VERBS; v++) {
        int permissions = 0;

        for (int p = 0; p < PERMISSIONS; p++) {
            bool its_own = room_verb_of((enum permission)p) == (enum room_verb)v;

            CHECK_INT(ask_with(s, (enum room_verb)v, (permission_set)1 << p, false) != ERR_FORBIDDEN, its_own);
            permissions += its_own;
        }
        CHECK(permissions <= 1);
        if (v != ROOM_JOIN && permissions == 0)
            CHECK(ask_with(s, (enum room_verb)v, 0, true) != ERR_FORBIDDEN);
    }
    scene_free(s);
}

static void the_server_asks_for_nothing_that_only_people_decide_but_to_remove_a_person(void)
{
    struct scene *s = waiting_scene();

    for (int p = 0; p < PERMISSIONS; p++)
        if (room_verb_of((enum permission)p) != ROOM_VERBS)
            CHECK_INT(ask_with(s, room_verb_of((enum permission)p), GUEST_SEAT | HOST_SEAT, true) == ERR_FORBIDDEN,
                      p != MAY_REMOVE);
    scene_free(s);
}

static void the_front_desk_holds_but_does_not_admit(void)
{
    const permission_set desk = permission_of_account(USER_DESK, PART_NONE);
    struct scene *s = waiting_scene();

    CHECK_INT(ask(s, (struct room_request){ ROOM_ADMIT, desk, "u9", "guest", false, NULL }, T0), ERR_FORBIDDEN);
    CHECK_INT(ask(s, (struct room_request){ ROOM_HOLD, desk, "u9", "guest", false, "Five minutes." }, T0), ERR_OK);
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

static void a_guest_who_is_away_is_passed_over_and_has_the_old_place_once_back(void)
{
    struct scene *s = waiting_scene();

    CHECK_INT(join(s, "second", SEAT_GUEST, T0 + 1), ERR_OK);
    CHECK_INT(join(s, "third", SEAT_GUEST, T0 + 2), ERR_OK);
    lose(s, "guest", T0 + 3);
    CHECK(own(s, EVENT_STATE, "second") == NULL); /* not at once: the line may come and go */
    room_events_clear(&s->ev);
    room_positions(&s->room, &s->ev);
    CHECK(own(s, EVENT_STATE, "second") && own(s, EVENT_STATE, "third"));
    CHECK_INT(room_find(&s->room, "second")->position, 1);
    CHECK_INT(room_find(&s->room, "third")->position, 2);
    CHECK_INT(join(s, "guest", SEAT_GUEST, T0 + 4), ERR_OK);
    CHECK_INT(room_find(&s->room, "guest")->position, 1);
    CHECK(own(s, EVENT_STATE, "second") == NULL);
    room_events_clear(&s->ev);
    room_positions(&s->room, &s->ev);
    CHECK_INT(room_find(&s->room, "second")->position, 2);
    CHECK_INT(room_find(&s->room, "third")->position, 3);
    room_events_clear(&s->ev);
    room_positions(&s->room, &s->ev);
    CHECK(own(s, EVENT_STATE, "second") == NULL); /* nothing new */
    scene_free(s);
}

/* Without a waiting room: the one place goes to the guest who is connected, though another came first. */
static void the_room_lets_in_a_guest_who_is_connected(void)
{
    struct scene *s = scene_new(false);
    struct room_request let_in = { ROOM_LET_IN, 0, "system", "", .by_system = true };

    s->room.view.capacity = 2;
    CHECK_INT(join(s, "guest", SEAT_GUEST, T0), ERR_OK);
    CHECK_INT(join(s, "second", SEAT_GUEST, T0 + 1), ERR_OK);
    lose(s, "guest", T0 + 2);
    CHECK_INT(join(s, "host", SEAT_HOST, T0 + 3), ERR_OK);
    CHECK_INT(ask(s, let_in, T0 + 3), ERR_OK);
    CHECK_INT(state_of(s, "second"), SEAT_INSIDE);
    CHECK_INT(state_of(s, "guest"), SEAT_WAITING_AWAY);
    scene_free(s);
}

/* A guest with the one-person invitation i1. */
static struct room_join invited(struct scene *s, const char *id)
{
    struct room_join j = joining(s, id, SEAT_GUEST);

    snprintf(j.as.invitation_id, ID_SIZE, "i1");
    return j;
}

static void another_with_the_same_invitation_replaces_only_when_admitted(void)
{
    struct scene *s = scene_new(true);
    struct room_join first = invited(s, "phone"), second = invited(s, "laptop");

    second.another_jar = second.invitation_taken = true;
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

/* The first guest with a one-person invitation is gone: the next is another person all the same. */
static void another_with_the_same_invitation_waits_even_alone_and_the_first_does_not(void)
{
    struct scene *s = scene_new(false);
    struct room_join first = invited(s, "phone"), second = invited(s, "laptop");

    second.another_jar = true;
    CHECK_INT(join(s, "host", SEAT_HOST, T0), ERR_OK);
    CHECK_INT(join_with(s, &second, T0), ERR_OK);
    CHECK_INT(state_of(s, "laptop"), SEAT_WAITING);
    CHECK(room_find(&s->room, "laptop")->seat.same_invitation);
    CHECK_INT(ask(s, (struct room_request){ .verb = ROOM_LET_IN, .by_system = true, .by = "system" }, T0), ERR_OK);
    CHECK_INT(state_of(s, "laptop"), SEAT_WAITING);
    CHECK_INT(join_with(s, &first, T0), ERR_OK);
    CHECK_INT(state_of(s, "phone"), SEAT_INSIDE);
    scene_free(s);
}

/* The host's decision was for this person, whichever came first, unless another person has the place by now. */
static void a_guest_admitted_and_lost_comes_back_by_a_one_person_invitation(void)
{
    struct scene *s = scene_new(true);
    struct room_join j = invited(s, "laptop");

    j.another_jar = true;
    CHECK_INT(join(s, "host", SEAT_HOST, T0), ERR_OK);
    CHECK_INT(join_with(s, &j, T0), ERR_OK);
    CHECK_INT(host_asks(s, ROOM_ADMIT, "laptop"), ERR_OK);
    for (int taken = 0; taken <= 1; taken++) {
        lose(s, "laptop", T0);
        CHECK_INT(times_out(s, "laptop", T0 + ROOM_AWAY_MS), ERR_OK);
        j = invited(s, "laptop");
        j.another_jar = true;
        j.invitation_taken = taken;
        CHECK_INT(join_with(s, &j, T0 + ROOM_AWAY_MS + 1), ERR_OK);
        CHECK_INT(state_of(s, "laptop"), taken ? SEAT_WAITING : SEAT_INSIDE);
        CHECK_INT(room_find(&s->room, "laptop")->seat.same_invitation, taken);
    }
    scene_free(s);
}

/* A token issued without asking for PIN and consent is valid only as long as the reason for that. */
static void a_guest_let_pass_as_lost_is_not_a_newcomer_later(void)
{
    struct scene *s = scene_new(false);
    struct room_join j = joining(s, "gina", SEAT_GUEST);
    int64_t lost_ms = T0 + ROOM_AWAY_MS;

    CHECK_INT(join(s, "host", SEAT_HOST, T0), ERR_OK);
    CHECK_INT(join_with(s, &j, T0), ERR_OK);
    lose(s, "gina", T0);
    CHECK_INT(times_out(s, "gina", lost_ms), ERR_OK);
    j = joining(s, "gina", SEAT_GUEST);
    j.back = true;
    CHECK_INT(join_with(s, &j, lost_ms + ROOM_REENTRY_MS + 1), ERR_AUTH);
    CHECK_STR(s->e.code, "seat_over");
    CHECK_INT(join_with(s, &j, lost_ms - ROOM_REENTRY_MS - 1), ERR_AUTH); /* the clock was set back */
    CHECK_INT(join_with(s, &j, lost_ms + ROOM_REENTRY_MS), ERR_OK);
    CHECK_INT(state_of(s, "gina"), SEAT_INSIDE);
    scene_free(s);
}

/* ---- two guests ---- */

static void a_second_guest_is_let_in_only_with_a_decision_about_the_first(void)
{
    struct scene *s = call_scene();

    CHECK_INT(join(s, "next", SEAT_GUEST, T0), ERR_OK);
    CHECK_INT(host_asks(s, ROOM_ADMIT, "next"), ERR_CONFLICT);
    CHECK_STR(s->e.code, "guest_inside");
    CHECK_INT(state_of(s, "next"), SEAT_WAITING);
    CHECK(room_meets(room_find(&s->room, "next"), room_find(&s->room, "guest")));
    CHECK(!room_meets(room_find(&s->room, "next"), room_find(&s->room, "host")));
    lose(s, "guest", T0); /* away: the place is kept, so they would meet as soon as the line is back */
    CHECK_INT(host_asks(s, ROOM_ADMIT, "next"), ERR_CONFLICT);
    CHECK_INT(adds(s, "next"), ERR_OK);
    CHECK_INT(room_inside(&s->room), 3);
    scene_free(s);
}

static void instead_ends_the_visit_of_every_guest_inside_and_no_hosts(void)
{
    struct scene *s = call_scene();
    struct room_request q = { ROOM_ADMIT,     HOST_SEAT, "host", "next", .block = true, .text = "Not for those who go.",
                              .instead = true };

    CHECK_INT(join(s, "cohost", SEAT_HOST, T0), ERR_OK);
    CHECK_INT(join(s, "second", SEAT_GUEST, T0), ERR_OK);
    CHECK_INT(adds(s, "second"), ERR_OK);
    lose(s, "second", T0);
    CHECK_INT(join(s, "next", SEAT_GUEST, T0), ERR_OK);
    CHECK_INT(ask(s, q, T0), ERR_OK);
    CHECK_STR(own(s, EVENT_BYE, "guest")->reason, "ended");
    CHECK_INT(state_of(s, "second"), SEAT_NONE);
    CHECK_INT(state_of(s, "next"), SEAT_INSIDE);
    CHECK_INT(room_hosts_inside(&s->room), 2);
    CHECK_INT(room_inside(&s->room), 3);
    CHECK_INT(row_of(s, "guest")->blocked_until_ms, 0);
    CHECK(row_of(s, "guest")->end == END_ENDED && row_of(s, "second")->end == END_ENDED);
    scene_free(s);
}

/* The four places are taken: the guest who goes makes room for the one who comes. */
static void instead_also_finds_a_place_in_a_full_room(void)
{
    struct scene *s = call_scene();
    struct room_request q = { ROOM_ADMIT, HOST_SEAT, "host", "next", .instead = true };

    s->room.view.capacity = 2;
    CHECK_INT(join(s, "next", SEAT_GUEST, T0), ERR_OK);
    CHECK_INT(adds(s, "next"), ERR_LIMIT);
    CHECK_INT(state_of(s, "guest"), SEAT_INSIDE);
    CHECK_INT(ask(s, q, T0), ERR_OK);
    CHECK_INT(state_of(s, "next"), SEAT_INSIDE);
    scene_free(s);
}

static void a_guest_lost_for_good_waits_when_another_was_let_in_since(void)
{
    struct scene *s = call_scene();
    struct room_request q = { ROOM_ADMIT, HOST_SEAT, "host", "next" };

    CHECK_INT(join(s, "next", SEAT_GUEST, T0), ERR_OK);
    lose(s, "guest", T0);
    CHECK_INT(times_out(s, "guest", T0 + ROOM_AWAY_MS), ERR_OK);
    CHECK_INT(ask(s, q, T0 + ROOM_AWAY_MS + 1), ERR_OK); /* alone inside, as far as anybody can see */
    CHECK_INT(join(s, "guest", SEAT_GUEST, T0 + ROOM_AWAY_MS + 2), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_WAITING);
    CHECK_INT(host_asks(s, ROOM_ADMIT, "guest"), ERR_CONFLICT);
    scene_free(s);
}

/* They had been together before; the host's decision for both stands. */
static void a_lost_guest_comes_back_to_the_guest_they_were_with(void)
{
    struct scene *s = call_scene();

    CHECK_INT(join(s, "next", SEAT_GUEST, T0), ERR_OK);
    CHECK_INT(adds(s, "next"), ERR_OK);
    lose(s, "guest", T0);
    CHECK_INT(times_out(s, "guest", T0 + ROOM_AWAY_MS), ERR_OK);
    CHECK_INT(join(s, "guest", SEAT_GUEST, T0 + ROOM_AWAY_MS + 1), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_INSIDE);
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

static const struct check_test TESTS[] = {
    TEST(an_admission_shows_people_to_each_other),
    TEST(guests_inside_learn_nothing_of_waiting_guests),
    TEST(a_guest_decides_nothing),
    TEST(each_decision_is_open_to_its_permission_and_to_no_other),
    TEST(the_server_asks_for_nothing_that_only_people_decide_but_to_remove_a_person),
    TEST(the_front_desk_holds_but_does_not_admit),
    TEST(a_decision_about_nobody_changes_nothing),
    TEST(an_end_sends_those_inside_and_leaves_those_who_wait),
    TEST(places_in_the_queue_move_up),
    TEST(a_guest_who_is_away_is_passed_over_and_has_the_old_place_once_back),
    TEST(the_room_lets_in_a_guest_who_is_connected),
    TEST(another_with_the_same_invitation_replaces_only_when_admitted),
    TEST(another_with_the_same_invitation_waits_even_alone_and_the_first_does_not),
    TEST(a_guest_admitted_and_lost_comes_back_by_a_one_person_invitation),
    TEST(a_guest_let_pass_as_lost_is_not_a_newcomer_later),
    TEST(a_second_guest_is_let_in_only_with_a_decision_about_the_first),
    TEST(instead_ends_the_visit_of_every_guest_inside_and_no_hosts),
    TEST(instead_also_finds_a_place_in_a_full_room),
    TEST(a_guest_lost_for_good_waits_when_another_was_let_in_since),
    TEST(a_lost_guest_comes_back_to_the_guest_they_were_with),
    TEST(with_the_last_host_guests_go_back_to_waiting),
    TEST(guests_stay_while_another_host_is_inside_or_when_they_may),
    { 0 },
};
CHECK_MAIN(TESTS)
