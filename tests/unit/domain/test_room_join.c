/* Joining: entering, waiting and being refused. */
#include "tests/unit/domain/room_scene.h"

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
    CHECK_INT(ask(s, (struct room_request){ .verb = ROOM_LET_IN, .by_system = true, .by = "system" }, T0), ERR_OK);
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

static void a_page_that_goes_on_keeps_its_instance_and_an_older_one_does_not(void)
{
    struct scene *s = call_scene();
    struct room_join j = joining(s, "guest", SEAT_GUEST);

    j.instance = 1;
    CHECK_INT(join_with(s, &j, T0 + MINUTE), ERR_OK);
    CHECK_INT(room_find(&s->room, "guest")->seat.instance, 1);
    CHECK_INT(join(s, "guest", SEAT_GUEST, T0 + MINUTE), ERR_OK);
    CHECK_INT(join_with(s, &j, T0 + MINUTE), ERR_OK);
    CHECK_INT(room_find(&s->room, "guest")->seat.instance, 3);
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
    CHECK_INT(ask(s, (struct room_request){ ROOM_REMOVE, HOST_SEAT, "host", "guest", true, NULL }, T0), ERR_OK);
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
    CHECK_INT(adds(s, "g2"), ERR_OK);
    CHECK_INT(adds(s, "g3"), ERR_OK);
    CHECK_INT(room_inside(&s->room), ROOM_P2P_MAX);
    CHECK_INT(adds(s, "g4"), ERR_LIMIT);
    CHECK_STR(s->e.code, "room_full");
    CHECK_INT(state_of(s, "g4"), SEAT_WAITING);
    CHECK_INT(join(s, "cohost", SEAT_HOST, T0), ERR_LIMIT);
    CHECK_INT(join(s, "host", SEAT_HOST, T0), ERR_OK); /* a reload takes no further place */
    scene_free(s);
}

static void the_waiting_room_is_bounded_and_hosts_still_come_in(void)
{
    struct scene *s = scene_new(true);
    struct room_facts f;
    struct room_join j = joining(s, "one-more", SEAT_GUEST);
    struct room_decision d;

    room_facts(&s->room, "one-more", &f);
    f.door[false].full = f.door[true].full = true;
    CHECK_INT(room_decide_join(&f, &j, T0, &d, &s->e), ERR_LIMIT);
    CHECK_STR(s->e.code, "room_full");
    CHECK_INT(d.count, 0);
    room_decision_clear(&d);
    j.as.role = SEAT_HOST;
    CHECK_INT(room_decide_join(&f, &j, T0, &d, &s->e), ERR_OK);
    CHECK_INT(d.count, 1);
    room_decision_clear(&d);
    scene_free(s);
}

static void the_seat_that_gives_way_ends_in_the_decision_that_lets_the_other_wait(void)
{
    struct scene *s = waiting_scene();
    struct room_facts f;
    struct room_join j = joining(s, "one-more", SEAT_GUEST);
    struct room_decision d;

    lose(s, "guest", T0);
    room_facts(&s->room, "one-more", &f);
    f.door[true] = (struct door){ .gives_way = true, .leaver = room_find(&s->room, "guest")->seat };
    j.as.crowd = true;
    CHECK_INT(room_decide_join(&f, &j, T0 + 1, &d, &s->e), ERR_OK);
    CHECK_INT(d.count, 2);
    commit(s, &d);
    room_decision_clear(&d);
    CHECK_INT(state_of(s, "guest"), SEAT_NONE);
    CHECK_INT(row_of(s, "guest")->end, END_EXPIRED);
    CHECK_STR(told(s, "host", "guest"), "left");
    CHECK_INT(state_of(s, "one-more"), SEAT_WAITING);
    scene_free(s);
}

static void a_revoked_link_ends_the_seats_waiting_by_it_and_no_others(void)
{
    static const char *const IDS[] = { "inside", "waits", "other" };
    struct scene *s = scene_new(true);

    CHECK_INT(join(s, "host", SEAT_HOST, T0), ERR_OK);
    for (int i = 0; i < 3; i++) {
        struct room_join j = joining(s, IDS[i], SEAT_GUEST);

        snprintf(j.as.invitation_id, ID_SIZE, i == 2 ? "i2" : "i1");
        CHECK_INT(join_with(s, &j, T0), ERR_OK);
    }
    CHECK_INT(host_asks(s, ROOM_ADMIT, "inside"), ERR_OK);
    CHECK_INT(
        ask(s, (struct room_request){ .verb = ROOM_REVOKE, .by_system = true, .by = "system", .invitation_id = "i1" },
            T0),
        ERR_OK);
    CHECK_INT(state_of(s, "inside"), SEAT_INSIDE);
    CHECK_INT(state_of(s, "other"), SEAT_WAITING);
    CHECK_INT(state_of(s, "waits"), SEAT_NONE);
    CHECK(own(s, EVENT_BYE, "waits") != NULL);
    CHECK_STR(seat_end_name(row_of(s, "waits")->end), "invitation_revoked");
    CHECK_INT(host_asks(s, ROOM_REVOKE, ""), ERR_FORBIDDEN);
    scene_free(s);
}

static const struct check_test TESTS[] = {
    TEST(a_host_enters_and_a_guest_waits),
    TEST(a_guest_waits_even_when_nobody_is_there),
    TEST(without_a_waiting_room_a_guest_enters_only_while_a_host_is_inside),
    TEST(a_reload_keeps_the_state_and_counts_the_instance),
    TEST(a_page_that_goes_on_keeps_its_instance_and_an_older_one_does_not),
    TEST(a_token_of_an_earlier_visit_opens_nothing),
    TEST(the_denied_may_ask_again_after_a_minute_and_the_blocked_after_a_day),
    TEST(a_locked_room_refuses_new_guests_only),
    TEST(a_full_room_admits_nobody_and_refuses_a_host),
    TEST(the_waiting_room_is_bounded_and_hosts_still_come_in),
    TEST(the_seat_that_gives_way_ends_in_the_decision_that_lets_the_other_wait),
    TEST(a_revoked_link_ends_the_seats_waiting_by_it_and_no_others),
    { 0 },
};
CHECK_MAIN(TESTS)
