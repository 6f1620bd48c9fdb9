/* Connections that are lost and taken up again, tickets, and seats of before a restart. */
#include "tests/unit/domain/room_scene.h"

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
