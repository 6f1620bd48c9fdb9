/* Messages from plain values: no room is in motion here, nobody is connected. */
#include "live/messages.h"

#include <stdlib.h>

#include "tests/support/check.h"

static json_t *read_all(struct payload *p)
{
    char *frame = malloc(p->len + PAYLOAD_HEAD_MAX);
    json_t *m = json_loadb(frame, payload_frame(p, 0, frame), JSON_REJECT_DUPLICATES, NULL);

    CHECK(m != NULL);
    free(frame);
    payload_unref(p);
    return m;
}

static const char *text(const json_t *m, const char *name)
{
    const char *value = json_string_value(json_object_get(m, name));

    return value ? value : "";
}

static const struct seat_status NOTHING_SAID;
static const struct room_member GUEST = {
    .seat = { .id = "gina", .name = "Gina \"G\"", .role = SEAT_GUEST, .state = SEAT_WAITING, .instance = 2 },
    .position = 3,
};
static const struct room_member HOST = {
    .seat = { .id = "ada", .user_id = "u1", .name = "Ada", .role = SEAT_HOST, .state = SEAT_INSIDE, .instance = 1 },
};

static void a_participant_is_shown_to_a_seat_without_the_account_and_to_a_dashboard_with_it(void)
{
    struct participant_view shown = { &HOST, &NOTHING_SAID, .offerer = 1 };
    json_t *m = read_all(messages_participant(&shown, NEWS_JOINED, NULL, NULL)), *p;

    p = json_object_get(m, "participant");
    CHECK_STR(text(p, "id"), "ada");
    CHECK(json_object_get(p, "user") == NULL);
    CHECK(json_is_true(json_object_get(m, "offerer")));
    CHECK(json_object_get(m, "room") == NULL);
    json_decref(m);
    shown = (struct participant_view){ &HOST, &NOTHING_SAID, .offerer = -1, .user = true };
    m = read_all(messages_participant(&shown, NEWS_JOINED, "again", "r1"));
    CHECK_STR(text(json_object_get(m, "participant"), "user"), "u1");
    CHECK_STR(text(m, "room"), "r1");
    CHECK_STR(text(m, "reason"), "again");
    CHECK(json_object_get(m, "offerer") == NULL);
    json_decref(m);
}

static void a_waiting_guest_is_welcomed_with_a_place_in_the_queue_and_without_a_relay(void)
{
    static const char *const URLS[] = { "turn:192.0.2.1:3478", NULL };
    struct participant_view host = { &HOST, &NOTHING_SAID, .offerer = 0 };
    const struct room_view room = { .id = "r1", .capacity = 2 };
    const struct welcome_view v = {
        .self = &GUEST,
        .room = &room,
        .others = { &host, 1 },
        .ice = { .inside = false, .urls = URLS },
        .epoch = "e",
        .ticket = "t",
        .seq = 9,
        .n = 4,
    };
    json_t *m = read_all(messages_welcome(&v));

    CHECK_STR(text(m, "state"), "waiting");
    CHECK_INT(json_integer_value(json_object_get(m, "position")), 3);
    CHECK_INT(json_array_size(json_object_get(m, "participants")), 1);
    CHECK_INT(json_array_size(json_object_get(m, "ice_servers")), 0);
    CHECK_INT(json_integer_value(json_object_get(m, "ice_ttl_s")), 0);
    CHECK_STR(text(json_object_get(m, "resume"), "ticket"), "t");
    json_decref(m);
}

static void a_person_inside_gets_the_relay_with_a_state(void)
{
    static const char *const URLS[] = { "turn:192.0.2.1:3478", "turns:192.0.2.1:5349", NULL };
    const struct participant_list nobody = { 0 };
    const struct ice_view ice = { .inside = true, .urls = URLS, .credential = { .username = "u", .credential = "c" } };
    const permission_set may = 1u << MAY_ADMIT | 1u << MAY_SEE_ROOM | 1u << MAY_LEAVE;
    json_t *m = read_all(messages_state(&HOST, may, &nobody, &ice, "not said inside")), *server;

    CHECK_STR(text(m, "state"), "inside");
    CHECK(json_object_get(m, "reason") == NULL);
    CHECK_INT(json_array_size(json_object_get(m, "may")), 2); /* the rights that have a name */
    CHECK_STR(json_string_value(json_array_get(json_object_get(m, "may"), 0)), "admit");
    server = json_array_get(json_object_get(m, "ice_servers"), 0);
    CHECK_INT(json_array_size(json_object_get(server, "urls")), 2);
    CHECK_STR(text(server, "username"), "u");
    CHECK_INT(json_integer_value(json_object_get(m, "ice_ttl_s")), TURN_TTL_S);
    json_decref(m);
}

static const struct check_test TESTS[] = {
    TEST(a_participant_is_shown_to_a_seat_without_the_account_and_to_a_dashboard_with_it),
    TEST(a_waiting_guest_is_welcomed_with_a_place_in_the_queue_and_without_a_relay),
    TEST(a_person_inside_gets_the_relay_with_a_state),
    { 0 },
};
CHECK_MAIN(TESTS)
