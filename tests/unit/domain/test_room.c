/* Connections that are lost and taken up again, tickets, and seats from before a restart. */
#include "tests/unit/domain/room_scene.h"

/* ---- together ---- */

static void put(struct scene *s, const char *id, enum seat_role role, enum seat_state state, int64_t since_ms)
{
    struct seat row = { .role = role, .state = state, .since_ms = since_ms };

    snprintf(row.id, ID_SIZE, "%s", id);
    (void)room_restore(&s->room, &row, T0);
}

static void people_are_together_since_the_second_came_in_and_with_a_guest_since_the_first_guest_did(void)
{
    struct scene *s = scene_new(true);

    CHECK_INT(room_together_ms(&s->room), 0);
    put(s, "guest", SEAT_GUEST, SEAT_INSIDE, T0 + 5);
    put(s, "waits", SEAT_GUEST, SEAT_WAITING, T0 + 1);
    CHECK_INT(room_together_ms(&s->room), 0);
    put(s, "host", SEAT_HOST, SEAT_INSIDE, T0 + 3);
    CHECK_INT(room_together_ms(&s->room), T0 + 5);
    put(s, "colleague", SEAT_HOST, SEAT_INSIDE, T0 + 2); /* two hosts talked before the guest came */
    CHECK_INT(room_together_ms(&s->room), T0 + 5);
    put(s, "other", SEAT_GUEST, SEAT_INSIDE, T0 + 9);
    CHECK_INT(room_together_ms(&s->room), T0 + 5);
    scene_free(s);
    s = scene_new(true);
    put(s, "guest", SEAT_GUEST, SEAT_INSIDE, T0); /* stayed when the host left */
    put(s, "host", SEAT_HOST, SEAT_INSIDE, T0 + 7);
    CHECK_INT(room_together_ms(&s->room), T0 + 7);
    scene_free(s);
}

/* ---- lost connections ---- */

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

static void a_waiting_guest_is_kept_for_a_quarter_of_an_hour(void)
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
    struct room_request q = { ROOM_ADMIT, HOST_SEAT, "host", "guest", false, NULL };
    struct room_decision d;

    CHECK_INT(room_decide(&s->room, &q, T0, &d, &s->e), ERR_OK);
    lose(s, "guest", T0 + 5); /* while the decision is being written */
    commit(s, &d);
    room_decision_clear(&d);
    CHECK_INT(state_of(s, "guest"), SEAT_AWAY);
    CHECK_INT(row_of(s, "guest")->state, SEAT_INSIDE);
    CHECK_INT(room_away_deadline_ms(room_find(&s->room, "guest")), T0 + 5 + ROOM_AWAY_MS);
    scene_free(s);
}

static void shortly_after_a_loss_a_guest_is_back_inside_without_a_new_admission(void)
{
    struct scene *s = call_scene();

    lose(s, "guest", T0);
    CHECK_INT(times_out(s, "guest", T0 + ROOM_AWAY_MS), ERR_OK);
    s->room.view.locked = true; /* for newcomers */
    CHECK_INT(join(s, "guest", SEAT_GUEST, T0 + ROOM_AWAY_MS + ROOM_REENTRY_MS), ERR_OK);
    s->room.view.locked = false;
    CHECK_INT(state_of(s, "guest"), SEAT_INSIDE);
    lose(s, "guest", T0);
    CHECK_INT(times_out(s, "guest", T0 + ROOM_AWAY_MS), ERR_OK);
    CHECK_INT(join(s, "guest", SEAT_GUEST, T0 + ROOM_AWAY_MS + ROOM_REENTRY_MS + 1), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_WAITING);
    scene_free(s);
}

static enum err_code time_passes(struct scene *s, int64_t now_ms)
{
    return ask(s, (struct room_request){ .verb = ROOM_HOST_GONE, .by_system = true, .by = "system" }, now_ms);
}

/* The host at T0 + ROOM_AWAY_MS. */
static struct scene *host_lost_scene(void)
{
    struct scene *s = call_scene();

    lose(s, "host", T0);
    CHECK_INT(times_out(s, "host", T0 + ROOM_AWAY_MS), ERR_OK);
    return s;
}

static void guests_stay_while_a_host_who_was_lost_may_come_back(void)
{
    struct scene *s = host_lost_scene();
    int64_t last_ms = T0 + ROOM_AWAY_MS + ROOM_REENTRY_MS;

    CHECK_INT(state_of(s, "host"), SEAT_NONE);
    CHECK_INT(state_of(s, "guest"), SEAT_INSIDE);
    CHECK(!room_host_gone(&s->room, last_ms));
    CHECK_INT(time_passes(s, last_ms), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_INSIDE);
    CHECK(room_host_gone(&s->room, last_ms + 1));
    CHECK_INT(time_passes(s, last_ms + 1), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_WAITING);
    CHECK_STR(own(s, EVENT_STATE, "guest")->reason, "host_left");
    CHECK(!room_host_gone(&s->room, last_ms + 1));
    scene_free(s);
}

static void a_host_who_came_back_was_not_lost_for_good(void)
{
    struct scene *s = host_lost_scene();

    CHECK_INT(join(s, "host", SEAT_HOST, T0 + ROOM_AWAY_MS + 1), ERR_OK);
    CHECK(!room_host_gone(&s->room, T0 + 10 * ROOM_REENTRY_MS));
    CHECK_INT(leaves(s, "host"), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_WAITING);
    scene_free(s);
}

static void guests_who_may_stay_do_so_for_as_long_as_they_like(void)
{
    struct scene *s = host_lost_scene();

    s->room.view.guests_may_stay = true;
    CHECK(!room_host_gone(&s->room, T0 + 10 * ROOM_REENTRY_MS));
    scene_free(s);
}

/* They may well see and hear the missing host. */
static void a_host_who_leaves_takes_nobody_from_another_who_was_just_lost(void)
{
    struct scene *s = call_scene();

    CHECK_INT(join(s, "cohost", SEAT_HOST, T0), ERR_OK);
    lose(s, "host", T0 - ROOM_AWAY_MS);
    CHECK_INT(times_out(s, "host", T0), ERR_OK);
    CHECK_INT(leaves(s, "cohost"), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_INSIDE);
    CHECK(room_host_gone(&s->room, T0 + ROOM_REENTRY_MS + 1));
    scene_free(s);
}

/* A server that was away took both seats; whoever is back first finds the other's picture. */
static void a_guest_comes_back_to_a_host_who_was_lost_as_well_also_when_it_is_locked(void)
{
    int64_t lost_ms = T0 + ROOM_AWAY_MS;

    for (int late = 0; late <= 1; late++) {
        struct scene *s = host_lost_scene();

        lose(s, "guest", T0);
        CHECK_INT(times_out(s, "guest", lost_ms), ERR_OK);
        s->room.view.locked = true;
        CHECK_INT(join(s, "stranger", SEAT_GUEST, lost_ms), ERR_LOCKED);
        CHECK_INT(join(s, "guest", SEAT_GUEST, lost_ms + ROOM_REENTRY_MS + late), late ? ERR_LOCKED : ERR_OK);
        CHECK_INT(state_of(s, "guest"), late ? SEAT_NONE : SEAT_INSIDE);
        CHECK_INT(room_host_gone(&s->room, lost_ms + ROOM_REENTRY_MS + 1), !late);
        scene_free(s);
    }
}

/* As a worker decides: it knows more of the host than the room does. */
static enum err_code join_after(struct scene *s, const char *id, int64_t host_lost_ms, int64_t now_ms)
{
    struct room_join j = joining(s, id, SEAT_GUEST);
    struct room_facts facts;
    struct room_decision d;
    enum err_code rc;

    room_facts(&s->room, id, &facts);
    facts.host_lost_ms = host_lost_ms;
    j.has_row = true;
    j.row = *row_of(s, id);
    rc = room_decide_join(&facts, &j, now_ms, &d, &s->e);
    if (rc == ERR_OK)
        commit(s, &d);
    room_decision_clear(&d);
    return rc;
}

/* The room itself had been forgotten when its last seat ended; the stored host row keeps the fact. */
static void a_room_that_was_forgotten_learns_of_the_lost_host_from_the_guest_who_comes_back(void)
{
    struct scene *s = host_lost_scene();

    lose(s, "guest", T0);
    CHECK_INT(times_out(s, "guest", T0 + ROOM_AWAY_MS), ERR_OK);
    s->room.host_lost_ms = 0;
    CHECK(!room_may_reenter(row_of(s, "guest"), 0, 0, T0 + ROOM_AWAY_MS + 1));
    CHECK(room_may_reenter(row_of(s, "guest"), 0, row_of(s, "host")->ended_ms, T0 + ROOM_AWAY_MS + 1));
    CHECK_INT(join_after(s, "guest", row_of(s, "host")->ended_ms, T0 + ROOM_AWAY_MS + 1), ERR_OK);
    CHECK_INT(state_of(s, "guest"), SEAT_INSIDE);
    CHECK(room_host_gone(&s->room, T0 + ROOM_AWAY_MS + ROOM_REENTRY_MS + 1));
    scene_free(s);
}

static void after_an_end_no_host_is_waited_for_any_more(void)
{
    struct scene *s = call_scene();

    CHECK_INT(join(s, "cohost", SEAT_HOST, T0), ERR_OK);
    lose(s, "cohost", T0 - ROOM_AWAY_MS);
    CHECK_INT(times_out(s, "cohost", T0), ERR_OK);
    CHECK_INT(s->room.host_lost_ms, T0);
    CHECK_INT(host_asks(s, ROOM_END, ""), ERR_OK);
    CHECK_INT(s->room.host_lost_ms, 0);
    scene_free(s);
}

static bool host_left(struct scene *s)
{
    struct room_request q = { .verb = ROOM_LEAVE, .may = GUEST_SEAT, .by = "host", .participant = "host" };
    struct room_decision d;
    bool left;

    CHECK_INT(room_decide(&s->room, &q, T0, &d, &s->e), ERR_OK);
    left = d.host_left;
    room_decision_clear(&d);
    return left;
}

static void the_last_host_who_leaves_is_the_end_of_admissions_and_no_other(void)
{
    struct scene *s = call_scene();

    CHECK(host_left(s));
    s->room.view.guests_may_stay = true;
    CHECK(!host_left(s));
    s->room.view.guests_may_stay = false;
    CHECK_INT(join(s, "cohost", SEAT_HOST, T0), ERR_OK);
    CHECK(!host_left(s));
    scene_free(s);
}

/* ---- tickets ---- */

static void ticket(uint8_t hash[HASH_BYTES], int n)
{
    memset(hash, n, HASH_BYTES);
}

static struct room_request resuming(int shown, int next)
{
    struct room_request q = { .verb = ROOM_RESUME, .by_system = true, .by = "guest", .participant = "guest" };

    ticket(q.presented_hash, shown);
    ticket(q.ticket_hash, next);
    return q;
}

static void a_ticket_is_valid_until_the_first_message_after_the_next_one(void)
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
    CHECK_INT(ask(s, (struct room_request){ ROOM_CONFIRM, 0, "guest", "guest", .by_system = true }, T0), ERR_OK);
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
    CHECK_INT(ask(s, resuming(1, 2), T0), ERR_AUTH);
    CHECK_STR(s->e.code, "bad_ticket");
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
    TEST(people_are_together_since_the_second_came_in_and_with_a_guest_since_the_first_guest_did),
    TEST(a_lost_connection_keeps_the_seat_for_its_time),
    TEST(a_waiting_guest_is_kept_for_a_quarter_of_an_hour),
    TEST(a_decision_in_between_does_not_bring_a_connection_back),
    TEST(shortly_after_a_loss_a_guest_is_back_inside_without_a_new_admission),
    TEST(guests_stay_while_a_host_who_was_lost_may_come_back),
    TEST(a_host_who_came_back_was_not_lost_for_good),
    TEST(guests_who_may_stay_do_so_for_as_long_as_they_like),
    TEST(a_host_who_leaves_takes_nobody_from_another_who_was_just_lost),
    TEST(a_guest_comes_back_to_a_host_who_was_lost_as_well_also_when_it_is_locked),
    TEST(a_room_that_was_forgotten_learns_of_the_lost_host_from_the_guest_who_comes_back),
    TEST(after_an_end_no_host_is_waited_for_any_more),
    TEST(the_last_host_who_leaves_is_the_end_of_admissions_and_no_other),
    TEST(a_ticket_is_valid_until_the_first_message_after_the_next_one),
    TEST(an_ended_seat_refuses_its_ticket),
    TEST(stored_seats_come_back_away),
    { 0 },
};
CHECK_MAIN(TESTS)
