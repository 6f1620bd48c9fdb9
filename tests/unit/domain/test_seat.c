#include "domain/seat.h"

#include "tests/support/check.h"

static void an_ended_seat_is_opened_only_by_a_join(void)
{
    for (int event = 0; event < SEAT_EVENTS; event++)
        CHECK_INT(seat_next(SEAT_ENDED, (enum seat_event)event), event == ON_JOIN ? SEAT_WAITING : SEAT_NONE);
}

static void nobody_gets_inside_without_an_admission(void)
{
    for (int state = 0; state < SEAT_STATES; state++)
        for (int event = 0; event < SEAT_EVENTS; event++)
            if (!seat_is_inside((enum seat_state)state) &&
                seat_is_inside(seat_next((enum seat_state)state, (enum seat_event)event)))
                CHECK_INT(event, ON_ADMIT);
}

static void only_a_lost_connection_times_out(void)
{
    CHECK_INT(seat_next(SEAT_INSIDE, ON_TIMEOUT), SEAT_NONE);
    CHECK_INT(seat_next(SEAT_WAITING, ON_TIMEOUT), SEAT_NONE);
    CHECK_INT(seat_next(SEAT_AWAY, ON_TIMEOUT), SEAT_ENDED);
    CHECK_INT(seat_next(SEAT_WAITING_AWAY, ON_TIMEOUT), SEAT_ENDED);
}

/* Losing a connection and getting it back leads to the earlier state. */
static void away_keeps_the_place(void)
{
    CHECK_INT(seat_next(seat_next(SEAT_INSIDE, ON_SOCKET_LOST), ON_RESUME), SEAT_INSIDE);
    CHECK_INT(seat_next(seat_next(SEAT_WAITING, ON_SOCKET_LOST), ON_RESUME), SEAT_WAITING);
    CHECK_INT(seat_next(seat_next(SEAT_INSIDE, ON_SOCKET_LOST), ON_JOIN), SEAT_INSIDE);
    CHECK_INT(seat_next(SEAT_AWAY, ON_SOCKET_LOST), SEAT_NONE);
}

static void a_guest_waiting_away_can_be_admitted_and_stays_away(void)
{
    CHECK_INT(seat_next(SEAT_WAITING_AWAY, ON_ADMIT), SEAT_AWAY);
    CHECK_INT(seat_next(SEAT_AWAY, ON_RETURN), SEAT_WAITING_AWAY);
}

static void every_open_seat_can_be_ended(void)
{
    for (int state = SEAT_WAITING; state < SEAT_ENDED; state++) {
        CHECK_INT(seat_next((enum seat_state)state, ON_END), SEAT_ENDED);
        CHECK_INT(seat_next((enum seat_state)state, ON_REMOVE), SEAT_ENDED);
        CHECK_INT(seat_next((enum seat_state)state, ON_REPLACED), SEAT_ENDED);
        CHECK(seat_is_open((enum seat_state)state));
    }
    CHECK(!seat_is_open(SEAT_NONE) && !seat_is_open(SEAT_ENDED));
}

static void names_are_those_of_the_contract(void)
{
    CHECK_STR(seat_state_name(SEAT_WAITING_AWAY), "waiting");
    CHECK_STR(seat_state_name(SEAT_INSIDE), "inside");
    CHECK_STR(seat_state_name(SEAT_AWAY), "away");
    CHECK_STR(seat_end_name(END_REPLACED), "replaced");
    CHECK_STR(seat_end_name(END_EXPIRED), "expired");
}

static void the_same_person_has_the_same_id_in_a_room_and_another_elsewhere(void)
{
    const uint8_t key[KEY_BYTES] = { 5 }, jar[HASH_BYTES] = { 1 }, other_jar[HASH_BYTES] = { 2 };
    char id[ID_SIZE], other[ID_SIZE];

    seat_id_of_guest(key, "r1", "i1", jar, id);
    seat_id_of_guest(key, "r1", "i1", jar, other);
    CHECK_STR(other, id);
    seat_id_of_guest(key, "r2", "i1", jar, other);
    CHECK(strcmp(other, id) != 0);
    seat_id_of_guest(key, "r1", "", jar, other);
    CHECK(strcmp(other, id) != 0);
    seat_id_of_guest(key, "r1", "i1", other_jar, other);
    CHECK(strcmp(other, id) != 0);
    seat_id_of_user(key, "r1", "u1", id);
    seat_id_of_user(key, "r2", "u1", other);
    CHECK(strcmp(other, id) != 0);
}

static const struct check_test TESTS[] = {
    TEST(an_ended_seat_is_opened_only_by_a_join),
    TEST(nobody_gets_inside_without_an_admission),
    TEST(only_a_lost_connection_times_out),
    TEST(away_keeps_the_place),
    TEST(a_guest_waiting_away_can_be_admitted_and_stays_away),
    TEST(every_open_seat_can_be_ended),
    TEST(names_are_those_of_the_contract),
    TEST(the_same_person_has_the_same_id_in_a_room_and_another_elsewhere),
    { 0 },
};
CHECK_MAIN(TESTS)
