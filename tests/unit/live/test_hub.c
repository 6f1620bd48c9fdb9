/* A whole hub over sockets: joining, deciding, relaying, lost connections, restarts, ends. */
#include "store/store_audit.h"
#include "tests/unit/live/house.h"

static void a_guest_waits_is_admitted_and_signals(void)
{
    struct house h;
    struct visitor *host, *guest;
    json_t *m;

    house_open(&h, 1);
    host = host_in(&h, "r1");
    guest = guest_at(&h, "r1", "gina");
    visitor_hears(host, "participant", "event", "waiting");
    visitor_decide(host, "admit", "gina");
    m = visitor_expect(guest, "state");
    CHECK_STR(member(m, "state"), "inside");
    CHECK_STR(member(m, "topology"), "p2p");
    CHECK_INT(json_array_size(json_object_get(m, "participants")), 1);
    CHECK(json_is_true(json_object_get(json_array_get(json_object_get(m, "participants"), 0), "offerer")));
    CHECK_INT(json_array_size(json_object_get(m, "ice_servers")), 1);
    json_decref(m);
    m = visitor_expect(host, "participant");
    CHECK_STR(member(m, "event"), "admitted");
    CHECK(json_is_false(json_object_get(m, "offerer")));
    json_decref(m);
    visitor_say(guest, "{\"type\":\"signal\",\"to\":\"host\",\"data\":{\"pc\" : \"main\", \"x\":[1.50]}}");
    m = visitor_expect(host, "signal");
    CHECK_STR(member(m, "from"), "gina");
    CHECK_INT(json_integer_value(json_object_get(m, "from_instance")), 1);
    json_decref(m);
    visitor_say(host, "{\"type\":\"signal\",\"to\":\"gina\",\"to_instance\":7,\"data\":{}}");
    visitor_hears(host, "error", "code", "stale_instance");
    visitor_free(host);
    visitor_free(guest);
    house_close(&h);
}

static void a_waiting_guest_gets_no_relay_credentials(void)
{
    struct house h;
    struct visitor *guest;
    struct token_claims claims = claims_of("gina", "r1", SEAT_GUEST);
    json_t *m;

    house_open(&h, 1);
    guest = visitor_join(&h, &claims, &m);
    CHECK_STR(member(m, "state"), "waiting");
    CHECK_INT(json_array_size(json_object_get(m, "ice_servers")), 0);
    CHECK_INT(json_integer_value(json_object_get(m, "position")), 1);
    CHECK_INT(json_integer_value(json_object_get(json_object_get(m, "resume"), "window_s")), 900);
    json_decref(m);
    visitor_say(guest, "{\"type\":\"ice\"}");
    visitor_hears(guest, "error", "code", "forbidden");
    visitor_free(guest);
    house_close(&h);
}

static void after_a_lost_connection_nothing_is_lost_and_nothing_comes_twice(void)
{
    struct house h;
    struct visitor *host, *guest, *back;
    json_t *m;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    shutdown(guest->fd, SHUT_RDWR);
    visitor_hears(host, "participant", "event", "away");
    for (int i = 0; i < 5; i++) {
        char text[100];

        snprintf(text, sizeof text, "{\"type\":\"signal\",\"to\":\"gina\",\"data\":{\"i\":%d}}", i);
        visitor_say(host, text);
    }
    visitor_say(host, "{\"type\":\"chat\",\"text\":\"still there?\"}");
    visitor_decide(host, "admit", "nobody"); /* answered in order: the others are in the ring now */
    json_decref(visitor_expect(host, "error"));
    back = resume(&h, "r1", guest, guest->ticket, &m);
    CHECK(json_is_true(json_object_get(m, "resumed")));
    CHECK_INT(json_integer_value(json_object_get(m, "seq")), guest->seq);
    CHECK(strcmp(back->ticket, guest->ticket) != 0);
    json_decref(m);
    for (int i = 0; i < 5; i++) {
        m = visitor_expect(back, "signal");
        CHECK_INT(json_integer_value(json_object_get(json_object_get(m, "data"), "i")), i);
        json_decref(m);
    }
    visitor_hears(back, "chat", "text", "still there?");
    visitor_hears(host, "participant", "event", "back");
    CHECK(!back->seq_broken);
    visitor_free(host);
    visitor_free(guest);
    visitor_free(back);
    house_close(&h);
}

static void an_old_ticket_is_valid_until_the_first_message(void)
{
    struct house h;
    struct visitor *host, *guest, *second, *third, *late;
    json_t *m;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    second = resume(&h, "r1", guest, guest->ticket, &m);
    json_decref(m);
    CHECK_INT(visitor_closed(guest), 4409);
    third = resume(&h, "r1", guest, guest->ticket, &m); /* as if the second welcome had been lost */
    json_decref(m);
    CHECK_INT(visitor_closed(second), 4409);
    visitor_say(third, "{\"type\":\"status\",\"mic\":true}");
    m = visitor_expect(host, "participant");
    while (strcmp(member(m, "event"), "changed") != 0) {
        json_decref(m);
        m = visitor_expect(host, "participant");
    }
    CHECK(json_is_true(json_object_get(json_object_get(json_object_get(m, "participant"), "status"), "mic")));
    json_decref(m);
    visitor_say(third, "{\"type\":\"leave\",\"n\":9}"); /* a gap: answered after the confirmation was asked for */
    json_decref(visitor_expect(third, "error"));
    visitor_say(third, "{\"type\":\"ice\"}");
    json_decref(visitor_expect(third, "ice"));
    visitor_decide(host, "hold", "nobody"); /* decisions come in order, so the confirmation is committed */
    json_decref(visitor_expect(host, "error"));
    late = visitor_open(&h, "r1");
    visitor_show_ticket(late, guest->ticket, 0);
    visitor_hears(late, "error", "code", "bad_ticket");
    CHECK_INT(visitor_closed(late), 4401);
    visitor_free(host);
    visitor_free(guest);
    visitor_free(second);
    visitor_free(third);
    visitor_free(late);
    house_close(&h);
}

static void numbered_messages_are_handled_once_and_in_order(void)
{
    struct house h;
    struct visitor *host, *guest, *back;
    json_t *m;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    visitor_say(guest, "{\"type\":\"chat\",\"text\":\"one\",\"n\":1}");
    visitor_say(guest, "{\"type\":\"chat\",\"text\":\"one again\",\"n\":1}");
    visitor_say(guest, "{\"type\":\"chat\",\"text\":\"three\",\"n\":3}");
    visitor_say(guest, "{\"type\":\"chat\",\"text\":\"two\",\"n\":2}");
    visitor_hears(host, "chat", "text", "one");
    visitor_hears(host, "chat", "text", "two");
    visitor_hears(guest, "error", "code", "gap");
    back = resume(&h, "r1", guest, guest->ticket, &m);
    CHECK_INT(json_integer_value(json_object_get(m, "n")), 2);
    json_decref(m);
    visitor_free(host);
    visitor_free(guest);
    visitor_free(back);
    house_close(&h);
}

static void a_restart_of_the_server_keeps_the_seats_and_is_announced(void)
{
    struct house h;
    struct visitor *host, *guest, *host_back, *guest_back;
    json_t *m;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    house_stop(&h);
    CHECK_INT(visitor_closed(host), 1012);
    CHECK_INT(visitor_closed(guest), 1012);
    house_start(&h);
    host_back = resume(&h, "r1", host, host->ticket, &m);
    CHECK(json_is_false(json_object_get(m, "resumed")));
    CHECK_INT(json_integer_value(json_object_get(m, "instance")), 1);
    CHECK_INT(json_integer_value(json_object_get(m, "seq")), 0);
    CHECK_STR(member(json_array_get(json_object_get(m, "participants"), 0), "state"), "away");
    json_decref(m);
    guest->seq = 0; /* even a client that had seen nothing yet is told that numbers start anew */
    guest_back = resume(&h, "r1", guest, guest->ticket, &m);
    CHECK(json_is_false(json_object_get(m, "resumed")));
    CHECK_STR(member(m, "state"), "inside");
    CHECK_INT(json_array_size(json_object_get(m, "ice_servers")), 1);
    json_decref(m);
    visitor_say(guest_back, "{\"type\":\"signal\",\"to\":\"host\",\"data\":{}}");
    json_decref(visitor_expect(host_back, "signal"));
    visitor_free(host);
    visitor_free(guest);
    visitor_free(host_back);
    visitor_free(guest_back);
    house_close(&h);
}

static void a_reload_counts_the_instance_and_replaces_the_connection(void)
{
    struct house h;
    struct visitor *host, *guest, *again;
    struct token_claims claims = claims_of("gina", "r1", SEAT_GUEST);
    json_t *m;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    again = visitor_join(&h, &claims, &m);
    CHECK_STR(member(m, "state"), "inside");
    CHECK_INT(json_integer_value(json_object_get(m, "instance")), 2);
    CHECK(json_is_true(json_object_get(json_array_get(json_object_get(m, "participants"), 0), "offerer")));
    json_decref(m);
    visitor_hears(guest, "bye", "reason", "replaced");
    CHECK_INT(visitor_closed(guest), 4409);
    m = visitor_expect(host, "participant");
    CHECK_STR(member(m, "event"), "changed");
    CHECK_INT(json_integer_value(json_object_get(json_object_get(m, "participant"), "instance")), 2);
    json_decref(m);
    visitor_free(host);
    visitor_free(guest);
    visitor_free(again);
    house_close(&h);
}

static void ends_close_with_their_codes(void)
{
    struct house h;
    struct visitor *host, *guest, *next;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    visitor_decide(host, "remove", "gina");
    visitor_hears(guest, "bye", "reason", "removed");
    CHECK_INT(visitor_closed(guest), 4403);
    next = guest_at(&h, "r1", "next");
    visitor_say(next, "{\"type\":\"leave\"}");
    CHECK_INT(visitor_closed(next), 1000);
    visitor_say(host, "{\"type\":\"end\"}");
    CHECK_INT(visitor_closed(host), 4404);
    visitor_free(host);
    visitor_free(guest);
    visitor_free(next);
    house_close(&h);
}

static void a_lock_is_stored_and_announced(void)
{
    struct house h;
    struct visitor *host, *guest, *late;
    struct room_rules rules;
    struct token_claims claims = claims_of("late", "r1", SEAT_GUEST);
    json_t *m;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    visitor_say(host, "{\"type\":\"room\",\"locked\":true}");
    m = visitor_expect(guest, "room");
    CHECK(json_is_true(json_object_get(json_object_get(m, "room"), "locked")));
    json_decref(m);
    CHECK_INT(store_room_find(h.store.s, "r1", &rules, NULL), ERR_OK);
    CHECK(rules.locked);
    late = visitor_open(&h, "r1");
    visitor_token(&h, late, &claims);
    visitor_hears(late, "error", "code", "room_locked");
    CHECK_INT(visitor_closed(late), 1008);
    rules.locked = false;
    CHECK_INT(WRITE(h.store, store_room_update(h.store.s, &rules, &h.store.e)), ERR_OK);
    hub_room_changed(h.hub, &rules);
    m = visitor_expect(guest, "room");
    CHECK(json_is_false(json_object_get(json_object_get(m, "room"), "locked")));
    json_decref(m);
    visitor_free(host);
    visitor_free(guest);
    visitor_free(late);
    house_close(&h);
}

static void a_deleted_room_ends_waiting_seats(void)
{
    struct house h;
    struct visitor *guest;

    house_open(&h, 1);
    guest = guest_at(&h, "r1", "gina");
    CHECK_INT(WRITE(h.store, store_room_delete(h.store.s, "r1", 0, &h.store.e)), ERR_OK);
    hub_room_deleted(h.hub, "r1");
    CHECK_INT(visitor_closed(guest), 4404);
    visitor_free(guest);
    house_close(&h);
}

static void every_acknowledged_change_is_stored_and_recorded(void)
{
    struct house h;
    struct visitor *host, *guest;
    struct seat seat;
    struct audit_check check;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    CHECK_INT(store_seat_find(h.store.s, "gina", &seat, NULL), ERR_OK);
    CHECK_INT(seat.state, SEAT_INSIDE);
    CHECK(seat.admitted_ms > 0);
    CHECK_INT(store_audit_verify(h.store.s, NULL, &check, NULL), ERR_OK);
    CHECK_INT(check.rows, 3); /* two joins, one admission */
    visitor_free(host);
    visitor_free(guest);
    house_close(&h);
}

static const struct check_test TESTS[] = {
    TEST(a_guest_waits_is_admitted_and_signals),
    TEST(a_waiting_guest_gets_no_relay_credentials),
    TEST(after_a_lost_connection_nothing_is_lost_and_nothing_comes_twice),
    TEST(an_old_ticket_is_valid_until_the_first_message),
    TEST(numbered_messages_are_handled_once_and_in_order),
    TEST(a_restart_of_the_server_keeps_the_seats_and_is_announced),
    TEST(a_reload_counts_the_instance_and_replaces_the_connection),
    TEST(ends_close_with_their_codes),
    TEST(a_lock_is_stored_and_announced),
    TEST(a_deleted_room_ends_waiting_seats),
    TEST(every_acknowledged_change_is_stored_and_recorded),
    { 0 },
};
CHECK_MAIN(TESTS)
