/* A whole hub over sockets: joining, deciding, relaying, lost connections, restarts, ends. */
#include "store/store_audit.h"
#include "tests/unit/signaling/house.h"

/* Host and guest inside. */
static void call_in(struct house *h, const char *room, struct client **host, struct client **guest)
{
    *host = host_in(h, room);
    *guest = guest_at(h, room, "gina");
    json_decref(client_expect(*host, "participant"));
    client_decide(*host, "admit", "gina");
    json_decref(client_expect(*guest, "state"));
    json_decref(client_expect(*host, "participant"));
}

static struct client *resume(struct house *h, const char *room, const struct client *old, const char *ticket,
                             json_t **welcome)
{
    struct client *c = client_open(h, room);
    char text[200];

    if (!CHECK(c != NULL))
        exit(1);
    snprintf(text, sizeof text, "{\"type\":\"join\",\"resume\":{\"ticket\":\"%s\",\"seq\":%lld}}", ticket,
             (long long)old->seq);
    client_say(c, text);
    *welcome = client_welcomed(c);
    return c;
}

static void a_guest_waits_is_admitted_and_signals(void)
{
    struct house h;
    struct client *host, *guest;
    json_t *m;

    house_open(&h, 1);
    host = host_in(&h, "r1");
    guest = guest_at(&h, "r1", "gina");
    m = client_expect(host, "participant");
    CHECK_STR(member(m, "event"), "waiting");
    json_decref(m);
    client_decide(host, "admit", "gina");
    m = client_expect(guest, "state");
    CHECK_STR(member(m, "state"), "inside");
    CHECK_STR(member(m, "topology"), "p2p");
    CHECK_INT(json_array_size(json_object_get(m, "participants")), 1);
    CHECK(json_is_true(json_object_get(json_array_get(json_object_get(m, "participants"), 0), "offerer")));
    CHECK_INT(json_array_size(json_object_get(m, "ice_servers")), 1);
    json_decref(m);
    m = client_expect(host, "participant");
    CHECK_STR(member(m, "event"), "admitted");
    CHECK(json_is_false(json_object_get(m, "offerer")));
    json_decref(m);
    client_say(guest, "{\"type\":\"signal\",\"to\":\"host\",\"data\":{\"pc\" : \"main\", \"x\":[1.50]}}");
    m = client_expect(host, "signal");
    CHECK_STR(member(m, "from"), "gina");
    CHECK_INT(json_integer_value(json_object_get(m, "from_instance")), 1);
    json_decref(m);
    client_say(host, "{\"type\":\"signal\",\"to\":\"gina\",\"to_instance\":7,\"data\":{}}");
    m = client_expect(host, "error");
    CHECK_STR(member(m, "code"), "stale_instance");
    json_decref(m);
    client_free(host);
    client_free(guest);
    house_close(&h);
}

static void a_waiting_guest_gets_no_relay_credentials(void)
{
    struct house h;
    struct client *guest;
    struct token_claims claims = claims_of("gina", "r1", SEAT_GUEST);
    json_t *m;

    house_open(&h, 1);
    guest = client_join(&h, &claims, &m);
    CHECK_STR(member(m, "state"), "waiting");
    CHECK_INT(json_array_size(json_object_get(m, "ice_servers")), 0);
    CHECK_INT(json_integer_value(json_object_get(m, "position")), 1);
    CHECK_INT(json_integer_value(json_object_get(json_object_get(m, "resume"), "window_s")), 900);
    json_decref(m);
    client_say(guest, "{\"type\":\"ice\"}");
    m = client_expect(guest, "error");
    CHECK_STR(member(m, "code"), "forbidden");
    json_decref(m);
    client_free(guest);
    house_close(&h);
}

static void after_a_lost_connection_nothing_is_lost_and_nothing_comes_twice(void)
{
    struct house h;
    struct client *host, *guest, *back;
    json_t *m;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    shutdown(guest->fd, SHUT_RDWR);
    m = client_expect(host, "participant");
    CHECK_STR(member(m, "event"), "away");
    json_decref(m);
    for (int i = 0; i < 5; i++) {
        char text[100];

        snprintf(text, sizeof text, "{\"type\":\"signal\",\"to\":\"gina\",\"data\":{\"i\":%d}}", i);
        client_say(host, text);
    }
    client_say(host, "{\"type\":\"chat\",\"text\":\"still there?\"}");
    client_say(
        host,
        "{\"type\":\"admit\",\"participant\":\"nobody\"}"); /* answered in order: the others are in the ring now */
    json_decref(client_expect(host, "error"));
    back = resume(&h, "r1", guest, guest->ticket, &m);
    CHECK(json_is_true(json_object_get(m, "resumed")));
    CHECK_INT(json_integer_value(json_object_get(m, "seq")), guest->seq);
    CHECK(strcmp(back->ticket, guest->ticket) != 0);
    json_decref(m);
    for (int i = 0; i < 5; i++) {
        m = client_expect(back, "signal");
        CHECK_INT(json_integer_value(json_object_get(json_object_get(m, "data"), "i")), i);
        json_decref(m);
    }
    m = client_expect(back, "chat");
    CHECK_STR(member(m, "text"), "still there?");
    json_decref(m);
    m = client_expect(host, "participant");
    CHECK_STR(member(m, "event"), "back");
    json_decref(m);
    CHECK(!back->seq_broken);
    client_free(host);
    client_free(guest);
    client_free(back);
    house_close(&h);
}

static void an_old_ticket_is_good_until_the_first_message(void)
{
    struct house h;
    struct client *host, *guest, *second, *third, *late;
    char text[200];
    json_t *m;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    second = resume(&h, "r1", guest, guest->ticket, &m);
    json_decref(m);
    CHECK_INT(client_closed(guest), 4409);
    third = resume(&h, "r1", guest, guest->ticket, &m); /* as if the second welcome had been lost */
    json_decref(m);
    CHECK_INT(client_closed(second), 4409);
    client_say(third, "{\"type\":\"status\",\"mic\":true}");
    m = client_expect(host, "participant");
    while (strcmp(member(m, "event"), "changed") != 0) {
        json_decref(m);
        m = client_expect(host, "participant");
    }
    CHECK(json_is_true(json_object_get(json_object_get(json_object_get(m, "participant"), "status"), "mic")));
    json_decref(m);
    client_say(third, "{\"type\":\"leave\",\"n\":9}"); /* a gap: answered after the confirmation was asked for */
    json_decref(client_expect(third, "error"));
    client_say(third, "{\"type\":\"ice\"}");
    json_decref(client_expect(third, "ice"));
    client_decide(host, "hold", "nobody"); /* decisions come in order, so the confirmation is committed */
    json_decref(client_expect(host, "error"));
    late = client_open(&h, "r1");
    snprintf(text, sizeof text, "{\"type\":\"join\",\"resume\":{\"ticket\":\"%s\",\"seq\":0}}", guest->ticket);
    client_say(late, text);
    m = client_expect(late, "error");
    CHECK_STR(member(m, "code"), "bad_ticket");
    json_decref(m);
    CHECK_INT(client_closed(late), 4401);
    client_free(host);
    client_free(guest);
    client_free(second);
    client_free(third);
    client_free(late);
    house_close(&h);
}

static void numbered_messages_are_handled_once_and_in_order(void)
{
    struct house h;
    struct client *host, *guest, *back;
    json_t *m;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    client_say(guest, "{\"type\":\"chat\",\"text\":\"one\",\"n\":1}");
    client_say(guest, "{\"type\":\"chat\",\"text\":\"one again\",\"n\":1}");
    client_say(guest, "{\"type\":\"chat\",\"text\":\"three\",\"n\":3}");
    client_say(guest, "{\"type\":\"chat\",\"text\":\"two\",\"n\":2}");
    m = client_expect(host, "chat");
    CHECK_STR(member(m, "text"), "one");
    json_decref(m);
    m = client_expect(host, "chat");
    CHECK_STR(member(m, "text"), "two");
    json_decref(m);
    m = client_expect(guest, "error");
    CHECK_STR(member(m, "code"), "gap");
    json_decref(m);
    back = resume(&h, "r1", guest, guest->ticket, &m);
    CHECK_INT(json_integer_value(json_object_get(m, "n")), 2);
    json_decref(m);
    client_free(host);
    client_free(guest);
    client_free(back);
    house_close(&h);
}

static void a_restart_of_the_server_keeps_the_seats_and_says_so(void)
{
    struct house h;
    struct client *host, *guest, *host_back, *guest_back;
    json_t *m;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    house_stop(&h);
    CHECK_INT(client_closed(host), 1012);
    CHECK_INT(client_closed(guest), 1012);
    house_start(&h);
    host_back = resume(&h, "r1", host, host->ticket, &m);
    CHECK(json_is_false(json_object_get(m, "resumed")));
    CHECK_INT(json_integer_value(json_object_get(m, "instance")), 1);
    CHECK_INT(json_integer_value(json_object_get(m, "seq")), 0);
    CHECK_STR(member(json_array_get(json_object_get(m, "participants"), 0), "state"), "away");
    json_decref(m);
    guest->seq = 0; /* even one who had seen nothing yet is told that numbers start anew */
    guest_back = resume(&h, "r1", guest, guest->ticket, &m);
    CHECK(json_is_false(json_object_get(m, "resumed")));
    CHECK_STR(member(m, "state"), "inside");
    CHECK_INT(json_array_size(json_object_get(m, "ice_servers")), 1);
    json_decref(m);
    client_say(guest_back, "{\"type\":\"signal\",\"to\":\"host\",\"data\":{}}");
    json_decref(client_expect(host_back, "signal"));
    client_free(host);
    client_free(guest);
    client_free(host_back);
    client_free(guest_back);
    house_close(&h);
}

static void a_reload_counts_the_instance_and_replaces_the_connection(void)
{
    struct house h;
    struct client *host, *guest, *again;
    struct token_claims claims = claims_of("gina", "r1", SEAT_GUEST);
    json_t *m;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    again = client_join(&h, &claims, &m);
    CHECK_STR(member(m, "state"), "inside");
    CHECK_INT(json_integer_value(json_object_get(m, "instance")), 2);
    CHECK(json_is_true(json_object_get(json_array_get(json_object_get(m, "participants"), 0), "offerer")));
    json_decref(m);
    m = client_expect(guest, "bye");
    CHECK_STR(member(m, "reason"), "replaced");
    json_decref(m);
    CHECK_INT(client_closed(guest), 4409);
    m = client_expect(host, "participant");
    CHECK_STR(member(m, "event"), "changed");
    CHECK_INT(json_integer_value(json_object_get(json_object_get(m, "participant"), "instance")), 2);
    json_decref(m);
    client_free(host);
    client_free(guest);
    client_free(again);
    house_close(&h);
}

static void ends_close_with_their_codes(void)
{
    struct house h;
    struct client *host, *guest, *next;
    json_t *m;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    client_decide(host, "remove", "gina");
    m = client_expect(guest, "bye");
    CHECK_STR(member(m, "reason"), "removed");
    json_decref(m);
    CHECK_INT(client_closed(guest), 4403);
    next = guest_at(&h, "r1", "next");
    client_say(next, "{\"type\":\"leave\"}");
    CHECK_INT(client_closed(next), 1000);
    client_say(host, "{\"type\":\"end\"}");
    CHECK_INT(client_closed(host), 4404);
    client_free(host);
    client_free(guest);
    client_free(next);
    house_close(&h);
}

static void a_lock_is_stored_and_told(void)
{
    struct house h;
    struct client *host, *guest, *late;
    struct room_rules rules;
    struct token_claims claims = claims_of("late", "r1", SEAT_GUEST);
    json_t *m;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    client_say(host, "{\"type\":\"room\",\"locked\":true}");
    m = client_expect(guest, "room");
    CHECK(json_is_true(json_object_get(json_object_get(m, "room"), "locked")));
    json_decref(m);
    CHECK_INT(store_room_find(h.store.s, "r1", &rules, NULL), ERR_OK);
    CHECK(rules.locked);
    late = client_open(&h, "r1");
    client_token(&h, late, &claims);
    m = client_expect(late, "error");
    CHECK_STR(member(m, "code"), "room_locked");
    json_decref(m);
    CHECK_INT(client_closed(late), 1008);
    rules.locked = false;
    CHECK_INT(WRITE(h.store, store_room_update(h.store.s, &rules, &h.store.e)), ERR_OK);
    hub_room_changed(h.hub, &rules);
    m = client_expect(guest, "room");
    CHECK(json_is_false(json_object_get(json_object_get(m, "room"), "locked")));
    json_decref(m);
    client_free(host);
    client_free(guest);
    client_free(late);
    house_close(&h);
}

static void the_end_of_a_sign_in_closes_its_sockets(void)
{
    struct house h;
    struct token_claims claims = claims_of("host", "r1", SEAT_HOST);
    struct client *host;
    int64_t before;

    house_open(&h, 3);
    snprintf(claims.session_id, ID_SIZE, "session-one");
    house_sign_in(&h, claims.session_id, "u1");
    host = client_join(&h, &claims, NULL);
    hub_session_ended(h.hub, "session-two");
    hub_session_ended(h.hub, "session-one");
    before = clock_mono_ms();
    CHECK_INT(client_closed(host), 4401);
    CHECK(clock_mono_ms() - before < 1000);
    client_free(host);
    house_close(&h);
}

static void a_ticket_is_worth_no_more_than_its_sign_in(void)
{
    struct house h;
    struct token_claims claims = claims_of("host", "r1", SEAT_HOST);
    struct client *host, *back, *late;
    json_t *m;
    char text[200];

    house_open(&h, 1);
    snprintf(claims.session_id, ID_SIZE, "session-one");
    house_sign_in(&h, claims.session_id, "u1");
    host = client_join(&h, &claims, NULL);
    back = resume(&h, "r1", host, host->ticket, &m);
    json_decref(m);
    CHECK_INT(WRITE(h.store, store_session_end(h.store.s, "session-one", "u1", &h.store.e)), ERR_OK);
    hub_session_ended(h.hub, "session-one");
    CHECK_INT(client_closed(back), 4401); /* also a connection that came by ticket */
    late = client_open(&h, "r1");
    snprintf(text, sizeof text, "{\"type\":\"join\",\"resume\":{\"ticket\":\"%s\",\"seq\":0}}", back->ticket);
    client_say(late, text);
    CHECK_INT(client_closed(late), 4401);
    client_free(late);
    late = client_open(&h, "r1");
    client_token(&h, late, &claims); /* nor is a token that was made before */
    CHECK_INT(client_closed(late), 4401);
    client_free(late);
    client_free(host);
    client_free(back);
    house_close(&h);
}

static void who_no_longer_hosts_the_room_loses_seat_ticket_and_token(void)
{
    struct house h;
    struct token_claims claims = claims_of("second", "r1", SEAT_HOST);
    struct client *host, *second, *late;
    struct room_rules rules;
    int64_t before;
    json_t *m;
    char text[200];

    house_open(&h, 1);
    CHECK_INT(store_room_find(h.store.s, "r1", &rules, NULL), ERR_OK);
    snprintf(rules.cohosts[rules.cohost_count++], ID_SIZE, "u2");
    CHECK_INT(WRITE(h.store, store_room_update(h.store.s, &rules, &h.store.e)), ERR_OK);
    host = host_in(&h, "r1");
    snprintf(claims.user_id, ID_SIZE, "u2");
    second = client_join(&h, &claims, NULL);
    rules.cohost_count = 0;
    CHECK_INT(WRITE(h.store, store_room_update(h.store.s, &rules, &h.store.e)), ERR_OK);
    before = clock_mono_ms();
    hub_room_changed(h.hub, &rules);
    CHECK_INT(client_closed(second), 4403);
    CHECK(clock_mono_ms() - before < 1000);
    late = client_open(&h, "r1");
    snprintf(text, sizeof text, "{\"type\":\"join\",\"resume\":{\"ticket\":\"%s\",\"seq\":0}}", second->ticket);
    client_say(late, text);
    CHECK_INT(client_closed(late), 4401);
    client_free(late);
    snprintf(claims.sub, ID_SIZE, "second-again"); /* a token that was made before and not used yet */
    late = client_open(&h, "r1");
    client_token(&h, late, &claims);
    m = client_expect(late, "error");
    CHECK_STR(member(m, "code"), "not_host");
    json_decref(m);
    CHECK_INT(client_closed(late), 4401);
    client_free(late);
    client_say(host, "{\"type\":\"room\",\"locked\":true}"); /* the owner stays what they were */
    m = client_expect(host, "participant");
    while (m && strcmp(member(m, "event"), "left") != 0) {
        json_decref(m);
        m = client_expect(host, "participant");
    }
    CHECK_STR(member(m, "reason"), "removed");
    json_decref(m);
    while ((m = client_expect(host, "room")) && !json_is_true(json_object_get(json_object_get(m, "room"), "locked")))
        json_decref(m);
    CHECK(m != NULL);
    json_decref(m);
    client_free(host);
    client_free(second);
    house_close(&h);
}

static void a_token_of_a_link_taken_back_takes_no_seat(void)
{
    struct house h;
    struct token_claims claims = claims_of("gina", "r1", SEAT_GUEST);
    struct invite invite = make_invite("i1", "r1", "code");
    struct client *seated, *again, *late;
    json_t *m;

    house_open(&h, 1);
    CHECK_INT(WRITE(h.store, store_invite_add(h.store.s, &invite, &h.store.e)), ERR_OK);
    snprintf(claims.invitation_id, ID_SIZE, "i1");
    claims.invitation_gen = 1;
    seated = client_join(&h, &claims, NULL);
    CHECK_INT(WRITE(h.store, store_invite_revoke(h.store.s, "i1", NOW_MS, &h.store.e)), ERR_OK);
    again = client_join(&h, &claims, NULL); /* a seat goes on */
    CHECK_INT(client_closed(seated), 4409);
    snprintf(claims.sub, ID_SIZE, "greta");
    late = client_open(&h, "r1");
    client_token(&h, late, &claims);
    m = client_expect(late, "error");
    CHECK_STR(member(m, "code"), "invitation_revoked");
    json_decref(m);
    CHECK_INT(client_closed(late), 4401);
    client_free(seated);
    client_free(again);
    client_free(late);
    house_close(&h);
}

/* Each device had its token before the first of them took a seat. */
static void a_one_person_link_takes_three_seats_at_most(void)
{
    struct house h;
    struct invite invite = make_invite("i1", "r1", "code");
    struct client *c[4];
    json_t *m;

    house_open(&h, 1);
    CHECK_INT(WRITE(h.store, store_invite_add(h.store.s, &invite, &h.store.e)), ERR_OK);
    for (int i = 0; i < 4; i++) {
        char id[8];
        struct token_claims claims;

        snprintf(id, sizeof id, "jar%d", i);
        claims = claims_of(id, "r1", SEAT_GUEST);
        snprintf(claims.invitation_id, ID_SIZE, "i1");
        claims.invitation_gen = 1;
        c[i] = client_open(&h, "r1");
        client_token(&h, c[i], &claims);
        m = client_expect(c[i], i < 3 ? "welcome" : "error");
        CHECK_STR(member(m, "code"), i < 3 ? "" : "invitation_used");
        json_decref(m);
    }
    CHECK_INT(client_closed(c[3]), 4401);
    for (int i = 0; i < 4; i++)
        client_free(c[i]);
    house_close(&h);
}

static void a_deleted_room_ends_who_waits(void)
{
    struct house h;
    struct client *guest;

    house_open(&h, 1);
    guest = guest_at(&h, "r1", "gina");
    CHECK_INT(WRITE(h.store, store_room_delete(h.store.s, "r1", 0, &h.store.e)), ERR_OK);
    hub_room_deleted(h.hub, "r1");
    CHECK_INT(client_closed(guest), 4404);
    client_free(guest);
    house_close(&h);
}

static void tokens_are_for_their_room_and_their_seat(void)
{
    struct house h;
    struct client *c;
    struct token_claims claims = claims_of("gina", "r2", SEAT_GUEST);
    json_t *m;

    house_open(&h, 1);
    c = client_open(&h, "r1");
    client_token(&h, c, &claims);
    CHECK_INT(client_closed(c), 4401);
    client_free(c);
    c = client_open(&h, "r1");
    client_say(c, "{\"type\":\"join\",\"token\":\"abc\"}");
    CHECK_INT(client_closed(c), 4401);
    client_free(c);
    c = client_open(&h, "r2"); /* a good token for a room that is not there */
    client_token(&h, c, &claims);
    CHECK_INT(client_closed(c), 4404);
    client_free(c);
    claims = claims_of("gina", "r1", SEAT_GUEST);
    claims.gen = 1;
    c = client_open(&h, "r1");
    client_token(&h, c, &claims);
    m = client_expect(c, "error");
    CHECK_STR(member(m, "code"), "seat_over");
    json_decref(m);
    CHECK_INT(client_closed(c), 4401);
    client_free(c);
    house_close(&h);
}

static void what_is_acknowledged_is_stored_and_recorded(void)
{
    struct house h;
    struct client *host, *guest;
    struct seat seat;
    struct audit_check check;

    house_open(&h, 1);
    call_in(&h, "r1", &host, &guest);
    CHECK_INT(store_seat_find(h.store.s, "gina", &seat, NULL), ERR_OK);
    CHECK_INT(seat.state, SEAT_INSIDE);
    CHECK(seat.admitted_ms > 0);
    CHECK_INT(store_audit_verify(h.store.s, NULL, &check, NULL), ERR_OK);
    CHECK_INT(check.rows, 3); /* two joins, one admission */
    client_free(host);
    client_free(guest);
    house_close(&h);
}

static void sockets_without_a_join_are_counted_and_cut(void)
{
    struct house h;
    struct client *c[17], *other;
    int64_t start;

    house_open(&h, 1);
    start = clock_mono_ms();
    for (int i = 0; i < 16; i++)
        c[i] = client_open_from(&h, "r1", "192.0.2.1");
    CHECK((c[16] = client_open_from(&h, "r1", "192.0.2.1")) == NULL);
    CHECK((other = client_open_from(&h, "r1", "192.0.2.2")) != NULL);
    CHECK_INT(client_closed(c[0]), 4408);
    CHECK(clock_mono_ms() - start >= 4900);
    for (int i = 0; i < 16; i++)
        client_free(c[i]);
    client_free(other);
    house_close(&h);
}

/* Or one address would fill the table with sockets that it never closes. */
static void sockets_whose_join_was_refused_count_until_they_are_gone(void)
{
    struct house h;
    struct client *c[16], *again = NULL;
    struct hub_stats stats;

    house_open(&h, 1);
    for (int i = 0; i < 16; i++) {
        c[i] = client_open_from(&h, "r1", "192.0.2.1");
        client_say(c[i], "{\"type\":\"chat\"}");
        CHECK(client_read(c[i], WAIT_MS)); /* the refusal */
    }
    hub_stats(h.hub, &stats);
    CHECK_INT(stats.unjoined, 16);
    CHECK(client_open_from(&h, "r1", "192.0.2.1") == NULL);
    CHECK_INT(client_closed(c[0]), 4401);
    for (int64_t until = clock_mono_ms() + WAIT_MS; !again && clock_mono_ms() < until;)
        again = client_open_from(&h, "r1", "192.0.2.1");
    CHECK(again != NULL);
    for (int i = 0; i < 16; i++)
        client_free(c[i]);
    if (again)
        client_free(again);
    house_close(&h);
}

/* Or one line with a /56 of its own would take the places of all. */
static void a_site_of_ipv6_has_as_many_unjoined_sockets_as_four_addresses(void)
{
    struct house h;
    struct client *c[64], *other;
    char address[40];

    house_open(&h, 1);
    for (int i = 0; i < 64; i++) {
        snprintf(address, sizeof address, "2001:db8:1:%x::", i);
        CHECK((c[i] = client_open_from(&h, "r1", address)) != NULL);
    }
    CHECK(client_open_from(&h, "r1", "2001:db8:1:ff::") == NULL);
    CHECK((other = client_open_from(&h, "r1", "2001:db8:2:ff::")) != NULL);
    for (int i = 0; i < 64; i++)
        client_free(c[i]);
    client_free(other);
    for (int64_t until = clock_mono_ms() + WAIT_MS; clock_mono_ms() < until;)
        if ((other = client_open_from(&h, "r1", "2001:db8:1:ff::")))
            break;
    if (CHECK(other != NULL))
        client_free(other);
    house_close(&h);
}

static const struct check_test TESTS[] = {
    TEST(a_guest_waits_is_admitted_and_signals),
    TEST(a_waiting_guest_gets_no_relay_credentials),
    TEST(after_a_lost_connection_nothing_is_lost_and_nothing_comes_twice),
    TEST(an_old_ticket_is_good_until_the_first_message),
    TEST(numbered_messages_are_handled_once_and_in_order),
    TEST(a_restart_of_the_server_keeps_the_seats_and_says_so),
    TEST(a_reload_counts_the_instance_and_replaces_the_connection),
    TEST(ends_close_with_their_codes),
    TEST(a_lock_is_stored_and_told),
    TEST(the_end_of_a_sign_in_closes_its_sockets),
    TEST(a_ticket_is_worth_no_more_than_its_sign_in),
    TEST(who_no_longer_hosts_the_room_loses_seat_ticket_and_token),
    TEST(a_token_of_a_link_taken_back_takes_no_seat),
    TEST(a_one_person_link_takes_three_seats_at_most),
    TEST(a_deleted_room_ends_who_waits),
    TEST(tokens_are_for_their_room_and_their_seat),
    TEST(what_is_acknowledged_is_stored_and_recorded),
    TEST(sockets_without_a_join_are_counted_and_cut),
    TEST(sockets_whose_join_was_refused_count_until_they_are_gone),
    TEST(a_site_of_ipv6_has_as_many_unjoined_sockets_as_four_addresses),
    { 0 },
};
CHECK_MAIN(TESTS)
