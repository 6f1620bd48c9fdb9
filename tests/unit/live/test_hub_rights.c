/* The right to a seat, over sockets: sign-ins, tokens, links and tickets that end, and the number of sockets that have not joined. */
#include "tests/unit/live/house.h"

static void the_end_of_a_sign_in_closes_its_sockets(void)
{
    struct house h;
    struct token_claims claims = claims_of("host", "r1", SEAT_HOST);
    struct visitor *host;
    int64_t before;

    house_open(&h, 3);
    snprintf(claims.session_id, ID_SIZE, "session-one");
    house_sign_in(&h, claims.session_id, "u1");
    host = visitor_join(&h, &claims, NULL);
    hub_session_ended(h.hub, "session-two");
    hub_session_ended(h.hub, "session-one");
    before = clock_mono_ms();
    CHECK_INT(visitor_closed(host), 4401);
    CHECK(clock_mono_ms() - before < 1000);
    visitor_free(host);
    house_close(&h);
}

static void a_ticket_is_valid_no_longer_than_its_sign_in(void)
{
    struct house h;
    struct token_claims claims = claims_of("host", "r1", SEAT_HOST);
    struct visitor *host, *back, *late;
    json_t *m;

    house_open(&h, 1);
    snprintf(claims.session_id, ID_SIZE, "session-one");
    house_sign_in(&h, claims.session_id, "u1");
    host = visitor_join(&h, &claims, NULL);
    back = resume(&h, "r1", host, host->ticket, &m);
    json_decref(m);
    CHECK_INT(WRITE(h.store, store_session_end(h.store.s, "session-one", "u1", &h.store.e)), ERR_OK);
    hub_session_ended(h.hub, "session-one");
    CHECK_INT(visitor_closed(back), 4401); /* also a connection that came by ticket */
    late = visitor_open(&h, "r1");
    visitor_show_ticket(late, back->ticket, 0);
    CHECK_INT(visitor_closed(late), 4401);
    visitor_free(late);
    late = visitor_open(&h, "r1");
    visitor_token(&h, late, &claims); /* nor is an earlier token valid */
    CHECK_INT(visitor_closed(late), 4401);
    visitor_free(late);
    visitor_free(host);
    visitor_free(back);
    house_close(&h);
}

static void a_host_taken_off_the_room_loses_seat_ticket_and_token(void)
{
    struct house h;
    struct token_claims claims = claims_of("second", "r1", SEAT_HOST);
    struct visitor *host, *second, *late;
    struct room_rules rules;
    int64_t before;
    json_t *m;

    house_open(&h, 1);
    CHECK_INT(store_room_find(h.store.s, "r1", &rules, NULL), ERR_OK);
    snprintf(rules.cohosts[rules.cohost_count++], ID_SIZE, "u2");
    CHECK_INT(WRITE(h.store, store_room_update(h.store.s, &rules, &h.store.e)), ERR_OK);
    host = host_in(&h, "r1");
    snprintf(claims.user_id, ID_SIZE, "u2");
    second = visitor_join(&h, &claims, NULL);
    rules.cohost_count = 0;
    CHECK_INT(WRITE(h.store, store_room_update(h.store.s, &rules, &h.store.e)), ERR_OK);
    before = clock_mono_ms();
    hub_room_changed(h.hub, &rules);
    CHECK_INT(visitor_closed(second), 4403);
    CHECK(clock_mono_ms() - before < 1000);
    late = visitor_open(&h, "r1");
    visitor_show_ticket(late, second->ticket, 0);
    CHECK_INT(visitor_closed(late), 4401);
    visitor_free(late);
    snprintf(claims.sub, ID_SIZE, "second-again"); /* a token that was made before and not used yet */
    late = visitor_open(&h, "r1");
    visitor_token(&h, late, &claims);
    visitor_hears(late, "error", "code", "not_host");
    CHECK_INT(visitor_closed(late), 4401);
    visitor_free(late);
    visitor_say(host, "{\"type\":\"room\",\"locked\":true}"); /* the owner's rights stay as they were */
    m = visitor_expect(host, "participant");
    while (m && strcmp(member(m, "event"), "left") != 0) {
        json_decref(m);
        m = visitor_expect(host, "participant");
    }
    CHECK_STR(member(m, "reason"), "removed");
    json_decref(m);
    while ((m = visitor_expect(host, "room")) && !json_is_true(json_object_get(json_object_get(m, "room"), "locked")))
        json_decref(m);
    CHECK(m != NULL);
    json_decref(m);
    visitor_free(host);
    visitor_free(second);
    house_close(&h);
}

static void a_token_of_a_revoked_link_takes_no_seat(void)
{
    struct house h;
    struct token_claims claims = claims_of("gina", "r1", SEAT_GUEST);
    struct invitation invitation = make_invitation("i1", "r1", "code");
    struct visitor *seated, *again, *late;

    house_open(&h, 1);
    CHECK_INT(WRITE(h.store, store_invitation_add(h.store.s, &invitation, &h.store.e)), ERR_OK);
    snprintf(claims.invitation_id, ID_SIZE, "i1");
    claims.invitation_gen = 1;
    seated = visitor_join(&h, &claims, NULL);
    CHECK_INT(WRITE(h.store, store_invitation_revoke(h.store.s, "i1", NOW_MS, &h.store.e)), ERR_OK);
    again = visitor_join(&h, &claims, NULL); /* a seat goes on */
    CHECK_INT(visitor_closed(seated), 4409);
    snprintf(claims.sub, ID_SIZE, "greta");
    late = visitor_open(&h, "r1");
    visitor_token(&h, late, &claims);
    visitor_hears(late, "error", "code", "invitation_revoked");
    CHECK_INT(visitor_closed(late), 4401);
    visitor_free(seated);
    visitor_free(again);
    visitor_free(late);
    house_close(&h);
}

/* One of several who came by a link was blocked while another had lost the connection. */
static void a_block_on_a_shared_link_keeps_out_no_returning_guest(void)
{
    struct house h;
    struct token_claims claims = claims_of("gina", "r1", SEAT_GUEST);
    struct invitation invitation = make_invitation("i1", "r1", "code");
    struct seat lost = make_seat("gina", "r1", SEAT_ENDED);
    struct visitor *host, *back, *late;
    json_t *m;

    house_open(&h, 1);
    invitation.max_uses = 3;
    lost.end = END_EXPIRED;
    lost.ended_ms = clock_wall_ms() - 1000;
    lost.admitted_ms = lost.ended_ms - 1000;
    CHECK_INT(WRITE(h.store, store_invitation_add(h.store.s, &invitation, &h.store.e)), ERR_OK);
    CHECK_INT(WRITE(h.store, store_seat_put(h.store.s, &lost, &h.store.e)), ERR_OK);
    CHECK_INT(WRITE(h.store, store_block_add(h.store.s, "r1", "bad", "i1", clock_wall_ms() + 60000, &h.store.e)),
              ERR_OK);
    host = host_in(&h, "r1");
    snprintf(claims.invitation_id, ID_SIZE, "i1");
    claims.invitation_gen = claims.gen = 1;
    back = visitor_join(&h, &claims, &m);
    CHECK_STR(member(m, "state"), "inside");
    json_decref(m);
    snprintf(claims.sub, ID_SIZE, "greta");
    claims.gen = 0;
    late = visitor_open(&h, "r1");
    visitor_token(&h, late, &claims);
    visitor_hears(late, "error", "code", "blocked");
    visitor_free(host);
    visitor_free(back);
    visitor_free(late);
    house_close(&h);
}

/* Each device had its token before any of them took a seat; the person the link belongs to always comes in. */
static void a_one_person_link_takes_three_seats_of_others_at_most(void)
{
    struct house h;
    struct invitation invitation = make_invitation("i1", "r1", "code");
    struct visitor *c[5];
    json_t *m;

    house_open(&h, 1);
    CHECK_INT(WRITE(h.store, store_invitation_add(h.store.s, &invitation, &h.store.e)), ERR_OK);
    for (int i = 0; i < 5; i++) {
        char id[8];
        struct token_claims claims;

        snprintf(id, sizeof id, "jar%d", i);
        claims = claims_of(id, "r1", SEAT_GUEST);
        snprintf(claims.invitation_id, ID_SIZE, "i1");
        claims.invitation_gen = 1;
        claims.another_jar = i < 4;
        c[i] = visitor_open(&h, "r1");
        visitor_token(&h, c[i], &claims);
        m = visitor_expect(c[i], i == 3 ? "error" : "welcome");
        CHECK_STR(member(m, "code"), i == 3 ? "invitation_used" : "");
        json_decref(m);
    }
    CHECK_INT(visitor_closed(c[3]), 4401);
    for (int i = 0; i < 5; i++)
        visitor_free(c[i]);
    house_close(&h);
}

static void tokens_are_for_their_room_and_their_seat(void)
{
    struct house h;
    struct visitor *c;
    struct token_claims claims = claims_of("gina", "r2", SEAT_GUEST);

    house_open(&h, 1);
    c = visitor_open(&h, "r1");
    visitor_token(&h, c, &claims);
    CHECK_INT(visitor_closed(c), 4401);
    visitor_free(c);
    c = visitor_open(&h, "r1");
    visitor_say(c, "{\"type\":\"join\",\"token\":\"abc\"}");
    CHECK_INT(visitor_closed(c), 4401);
    visitor_free(c);
    c = visitor_open(&h, "r2"); /* a valid token for a room that does not exist */
    visitor_token(&h, c, &claims);
    CHECK_INT(visitor_closed(c), 4404);
    visitor_free(c);
    claims = claims_of("gina", "r1", SEAT_GUEST);
    claims.gen = 1;
    c = visitor_open(&h, "r1");
    visitor_token(&h, c, &claims);
    visitor_hears(c, "error", "code", "seat_over");
    CHECK_INT(visitor_closed(c), 4401);
    visitor_free(c);
    house_close(&h);
}

static void sockets_without_a_join_are_counted_and_cut(void)
{
    struct house h;
    struct visitor *c[17], *other;
    int64_t start;

    house_open(&h, 1);
    start = clock_mono_ms();
    for (int i = 0; i < 16; i++)
        c[i] = visitor_open_from(&h, "r1", "192.0.2.1");
    CHECK((c[16] = visitor_open_from(&h, "r1", "192.0.2.1")) == NULL);
    CHECK((other = visitor_open_from(&h, "r1", "192.0.2.2")) != NULL);
    CHECK_INT(visitor_closed(c[0]), 4408);
    CHECK(clock_mono_ms() - start >= 4900);
    for (int i = 0; i < 16; i++)
        visitor_free(c[i]);
    visitor_free(other);
    house_close(&h);
}

/* Otherwise one address could fill the table with sockets that it never closes. */
static void sockets_whose_join_was_refused_count_until_they_are_gone(void)
{
    struct house h;
    struct visitor *c[16], *again = NULL;
    struct hub_stats stats;

    house_open(&h, 1);
    for (int i = 0; i < 16; i++) {
        c[i] = visitor_open_from(&h, "r1", "192.0.2.1");
        visitor_say(c[i], "{\"type\":\"chat\"}");
        CHECK(visitor_read(c[i], WAIT_MS)); /* the refusal */
    }
    hub_stats(h.hub, &stats);
    CHECK_INT(stats.unjoined, 16);
    CHECK(visitor_open_from(&h, "r1", "192.0.2.1") == NULL);
    CHECK_INT(visitor_closed(c[0]), 4401);
    for (int64_t until = clock_mono_ms() + WAIT_MS; !again && clock_mono_ms() < until;)
        again = visitor_open_from(&h, "r1", "192.0.2.1");
    CHECK(again != NULL);
    for (int i = 0; i < 16; i++)
        visitor_free(c[i]);
    if (again)
        visitor_free(again);
    house_close(&h);
}

/* Otherwise one line with a /56 of its own could take all the places. */
static void a_site_of_ipv6_has_as_many_unjoined_sockets_as_four_addresses(void)
{
    struct house h;
    struct visitor *c[64], *other;
    char address[40];

    house_open(&h, 1);
    for (int i = 0; i < 64; i++) {
        snprintf(address, sizeof address, "2001:db8:1:%x::", i);
        CHECK((c[i] = visitor_open_from(&h, "r1", address)) != NULL);
    }
    CHECK(visitor_open_from(&h, "r1", "2001:db8:1:ff::") == NULL);
    CHECK((other = visitor_open_from(&h, "r1", "2001:db8:2:ff::")) != NULL);
    for (int i = 0; i < 64; i++)
        visitor_free(c[i]);
    visitor_free(other);
    for (int64_t until = clock_mono_ms() + WAIT_MS; clock_mono_ms() < until;)
        if ((other = visitor_open_from(&h, "r1", "2001:db8:1:ff::")))
            break;
    if (CHECK(other != NULL))
        visitor_free(other);
    house_close(&h);
}

static const struct check_test TESTS[] = {
    TEST(the_end_of_a_sign_in_closes_its_sockets),
    TEST(a_ticket_is_valid_no_longer_than_its_sign_in),
    TEST(a_host_taken_off_the_room_loses_seat_ticket_and_token),
    TEST(a_token_of_a_revoked_link_takes_no_seat),
    TEST(a_block_on_a_shared_link_keeps_out_no_returning_guest),
    TEST(a_one_person_link_takes_three_seats_of_others_at_most),
    TEST(tokens_are_for_their_room_and_their_seat),
    TEST(sockets_without_a_join_are_counted_and_cut),
    TEST(sockets_whose_join_was_refused_count_until_they_are_gone),
    TEST(a_site_of_ipv6_has_as_many_unjoined_sockets_as_four_addresses),
    { 0 },
};
CHECK_MAIN(TESTS)
