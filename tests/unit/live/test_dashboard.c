/* The dashboard's feed, with rooms and dashboards on several shards. */
#include "tests/unit/live/house.h"

/* Rooms on different shards: r1 of u1 is there already. */
static void add_rooms(struct house *h)
{
    for (int i = 2; i <= 6; i++) {
        char id[16], slug[24];
        struct room_rules r;

        snprintf(id, sizeof id, "r%d", i);
        snprintf(slug, sizeof slug, "room-%d", i);
        r = make_room(id, i == 6 ? "u2" : "u1", slug);
        CHECK_INT(WRITE(h->store, store_room_add(h->store.s, &r, &h->store.e)), ERR_OK);
    }
}

static void add_person(struct house *h, const char *id, enum user_role role)
{
    char email[64];
    struct user u;

    snprintf(email, sizeof email, "%s@example.org", id);
    u = make_user(id, email);
    u.role = role;
    CHECK_INT(WRITE(h->store, store_user_add(h->store.s, &u, "hash", &h->store.e)), ERR_OK);
}

static struct visitor *dashboard_in(struct house *h, const char *user, json_t **welcome)
{
    struct token_claims claims = claims_of(user, "@desk", SEAT_HOST);

    snprintf(claims.user_id, ID_SIZE, "%s", user);
    snprintf(claims.session_id, ID_SIZE, "session-of-%s", user);
    house_sign_in(h, claims.session_id, user);
    return visitor_join(h, &claims, welcome);
}

static json_t *room_in(const json_t *welcome, const char *id)
{
    json_t *rooms = json_object_get(welcome, "rooms"), *room;
    size_t i;

    json_array_foreach(rooms, i, room) if (strcmp(member(room, "id"), id) == 0) return room;
    return NULL;
}

static size_t rooms_in(const json_t *welcome)
{
    return json_array_size(json_object_get(welcome, "rooms"));
}

static void a_host_sees_own_rooms_and_the_front_desk_sees_all(void)
{
    struct house h;
    struct visitor *gina, *host, *dashboard;
    json_t *m;

    house_open(&h, 3);
    add_rooms(&h);
    add_person(&h, "u9", USER_DESK);
    gina = guest_at(&h, "r3", "gina");
    host = dashboard_in(&h, "u1", &m);
    CHECK_STR(member(m, "self"), "u1");
    CHECK_STR(member(m, "role"), "host");
    CHECK_INT(rooms_in(m), 5);
    CHECK(room_in(m, "r6") == NULL);
    CHECK_INT(json_array_size(json_object_get(room_in(m, "r3"), "participants")), 1);
    CHECK_INT(json_array_size(json_object_get(room_in(m, "r2"), "participants")), 0);
    CHECK(json_is_true(json_object_get(room_in(m, "r2"), "host")));
    json_decref(m);
    dashboard = dashboard_in(&h, "u9", &m);
    CHECK_INT(rooms_in(m), 6);
    CHECK(json_is_false(json_object_get(room_in(m, "r2"), "host")));
    json_decref(m);
    visitor_free(gina);
    visitor_free(host);
    visitor_free(dashboard);
    house_close(&h);
}

static void changes_of_every_shard_arrive_numbered(void)
{
    struct house h;
    struct visitor *dashboard, *guests[5];
    json_t *m;

    house_open(&h, 3);
    add_rooms(&h);
    dashboard = dashboard_in(&h, "u1", NULL);
    for (int i = 0; i < 5; i++) {
        char room[16], id[16];

        snprintf(room, sizeof room, "r%d", i + 1);
        snprintf(id, sizeof id, "guest-%d", i + 1);
        guests[i] = guest_at(&h, room, id);
        m = visitor_expect(dashboard, "participant");
        CHECK_STR(member(m, "room"), room);
        CHECK_STR(member(m, "event"), "waiting");
        CHECK_STR(member(json_object_get(m, "participant"), "id"), id);
        json_decref(m);
    }
    CHECK_INT(dashboard->seq, 5);
    CHECK(!dashboard->seq_broken);
    for (int i = 0; i < 5; i++)
        visitor_free(guests[i]);
    visitor_free(dashboard);
    house_close(&h);
}

static void a_host_admits_from_the_dashboard_and_the_front_desk_does_not(void)
{
    struct house h;
    struct visitor *host, *dashboard, *guest;
    json_t *m;

    house_open(&h, 3);
    add_rooms(&h);
    add_person(&h, "u9", USER_DESK);
    guest = guest_at(&h, "r4", "gina");
    dashboard = dashboard_in(&h, "u9", NULL);
    host = dashboard_in(&h, "u1", NULL);
    visitor_say(dashboard, "{\"type\":\"admit\",\"room\":\"r4\",\"participant\":\"gina\"}");
    m = visitor_expect(dashboard, "error");
    CHECK_STR(member(m, "code"), "forbidden");
    CHECK_STR(member(m, "of"), "admit");
    json_decref(m);
    visitor_say(dashboard,
                "{\"type\":\"hold\",\"room\":\"r4\",\"participant\":\"gina\",\"text\":\"The doctor is late.\"}");
    m = visitor_expect(guest, "state");
    CHECK(json_is_true(json_object_get(m, "held")));
    CHECK_STR(member(m, "text"), "The doctor is late.");
    json_decref(m);
    visitor_say(host, "{\"type\":\"admit\",\"room\":\"r4\",\"participant\":\"gina\"}");
    visitor_hears(guest, "state", "state", "inside");
    visitor_say(host, "{\"type\":\"admit\",\"room\":\"r6\",\"participant\":\"gina\"}");
    visitor_hears(host, "error", "code", "not_found");
    visitor_free(host);
    visitor_free(dashboard);
    visitor_free(guest);
    house_close(&h);
}

static void a_waiting_guest_can_talk_with_the_front_desk(void)
{
    struct house h;
    struct visitor *dashboard, *other, *guest;
    json_t *m;

    house_open(&h, 3);
    add_person(&h, "u9", USER_DESK);
    guest = guest_at(&h, "r1", "gina");
    dashboard = dashboard_in(&h, "u9", NULL);
    other = dashboard_in(&h, "u1", NULL);
    visitor_say(guest, "{\"type\":\"chat\",\"text\":\"I am here\"}");
    m = visitor_expect(dashboard, "chat");
    CHECK_STR(member(m, "text"), "I am here");
    CHECK_STR(member(m, "from"), "gina");
    CHECK_STR(member(m, "room"), "r1");
    json_decref(m);
    json_decref(visitor_expect(other, "chat"));
    visitor_say(dashboard, "{\"type\":\"chat\",\"room\":\"r1\",\"to\":\"gina\",\"text\":\"One moment\"}");
    m = visitor_expect(guest, "chat");
    CHECK_STR(member(m, "text"), "One moment");
    CHECK(json_is_true(json_object_get(m, "desk")));
    CHECK_STR(member(m, "role"), "desk");
    json_decref(m);
    visitor_hears(other, "chat", "to", "gina"); /* colleagues see the answer; the sender gets no copy */
    visitor_say(other, "{\"type\":\"chat\",\"room\":\"r1\",\"to\":\"gina\",\"text\":\"I am nearly there\"}");
    m = visitor_expect(guest, "chat"); /* a host of the room signs as one */
    CHECK_STR(member(m, "role"), "host");
    CHECK_STR(member(m, "from"), "u1");
    CHECK(json_object_get(m, "desk") == NULL);
    json_decref(m);
    visitor_free(dashboard);
    visitor_free(other);
    visitor_free(guest);
    house_close(&h);
}

static void rooms_that_change_appear_and_disappear(void)
{
    struct house h;
    struct visitor *dashboard, *guest;
    struct room_rules r;
    json_t *m;

    house_open(&h, 3);
    add_rooms(&h);
    dashboard = dashboard_in(&h, "u2", &m);
    CHECK_INT(rooms_in(m), 1);
    json_decref(m);
    guest = guest_at(&h, "r2", "gina");
    CHECK_INT(store_room_find(h.store.s, "r2", &r, NULL), ERR_OK);
    snprintf(r.cohosts[r.cohost_count++], ID_SIZE, "u2");
    CHECK_INT(WRITE(h.store, store_room_update(h.store.s, &r, &h.store.e)), ERR_OK);
    hub_room_changed(h.hub, &r);
    m = visitor_expect(dashboard, "room");
    CHECK_STR(member(json_object_get(m, "room"), "id"), "r2");
    json_decref(m);
    m = visitor_expect(dashboard, "participant");
    CHECK_STR(member(json_object_get(m, "participant"), "id"), "gina");
    json_decref(m);
    r.cohost_count = 0;
    CHECK_INT(WRITE(h.store, store_room_update(h.store.s, &r, &h.store.e)), ERR_OK);
    hub_room_changed(h.hub, &r);
    visitor_hears(dashboard, "room", "event", "deleted");
    visitor_free(dashboard);
    visitor_free(guest);
    house_close(&h);
}

static void users_who_may_make_links_are_told_when_those_of_a_room_change(void)
{
    struct house h;
    struct visitor *host, *dashboard, *admin;
    struct room_rules r2, r6;

    house_open(&h, 3);
    add_rooms(&h);
    add_person(&h, "u8", USER_ADMIN);
    add_person(&h, "u9", USER_DESK);
    CHECK_INT(store_room_find(h.store.s, "r2", &r2, &h.store.e), ERR_OK);
    CHECK_INT(store_room_find(h.store.s, "r6", &r6, &h.store.e), ERR_OK);
    host = dashboard_in(&h, "u1", NULL);
    admin = dashboard_in(&h, "u8", NULL);
    dashboard = dashboard_in(&h, "u9", NULL);
    hub_links_changed(h.hub, &r6);
    visitor_hears(dashboard, "links", "room", "r6");
    hub_links_changed(h.hub, &r2);
    visitor_hears(host, "links", "room", "r2"); /* the first: r6 is another's */
    hub_room_changed(h.hub, &r2);
    json_decref(visitor_expect(admin, "room"));
    CHECK_INT(admin->seq, 1); /* no links before it */
    visitor_free(host);
    visitor_free(dashboard);
    visitor_free(admin);
    house_close(&h);
}

static void a_disabled_account_gets_no_feed(void)
{
    struct house h;
    struct token_claims claims = claims_of("u3", "@desk", SEAT_HOST);
    struct visitor *c;

    house_open(&h, 1);
    c = visitor_open(&h, "@desk");
    visitor_token(&h, c, &claims);
    CHECK_INT(visitor_closed(c), 4401);
    visitor_free(c);
    house_close(&h);
}

static void a_dashboard_that_goes_leaves_nothing_behind(void)
{
    struct house h;
    struct visitor *dashboard, *guest;
    struct hub_stats stats;

    house_open(&h, 3);
    dashboard = dashboard_in(&h, "u1", NULL);
    hub_stats(h.hub, &stats);
    CHECK_INT(stats.dashboards, 1);
    hub_session_ended(h.hub, "session-of-u1");
    CHECK_INT(visitor_closed(dashboard), 4401);
    guest = guest_at(&h, "r1", "gina");
    hub_stats(h.hub, &stats);
    CHECK_INT(stats.dashboards, 0);
    visitor_free(dashboard);
    visitor_free(guest);
    house_close(&h);
}

static void open_with_frequent_checks(struct house *h)
{
    house_open(h, 3);
    house_stop(h);
    h->settings.dashboard_check_ms = 100;
    house_start(h);
}

static void a_dashboard_ends_with_its_sign_in_even_when_nobody_reports_it(void)
{
    struct house h;
    struct visitor *dashboard;

    open_with_frequent_checks(&h);
    dashboard = dashboard_in(&h, "u1", NULL);
    CHECK(visitor_next(dashboard, 1000) == NULL); /* looked at more than once, and good */
    CHECK_INT(dashboard->close_code, 0);
    CHECK_INT(WRITE(h.store, store_session_end(h.store.s, "session-of-u1", "u1", &h.store.e)), ERR_OK);
    CHECK_INT(visitor_closed(dashboard), 4401);
    visitor_free(dashboard);
    house_close(&h);
}

/* As if it was last used this long ago. */
static void leave_alone(struct house *h, const char *user, int64_t for_ms)
{
    struct session x = { .created_ms = clock_wall_ms(), .seen_ms = clock_wall_ms() - for_ms };

    x.expires_ms = x.created_ms + 3600000;
    snprintf(x.id, ID_SIZE, "session-of-%s", user);
    snprintf(x.user_id, ID_SIZE, "%s", user);
    CHECK_INT(store_write_begin(h->store.s, &h->store.e), ERR_OK);
    CHECK_INT(store_session_end(h->store.s, x.id, user, &h->store.e), ERR_OK);
    CHECK_INT(store_write_end(h->store.s, store_session_add(h->store.s, &x, &h->store.e), &h->store.e), ERR_OK);
}

static void an_idle_dashboard_is_closed_and_one_in_use_stays(void)
{
    const int64_t hour_ms = 3600000;
    struct house h;
    struct visitor *dashboard;

    open_with_frequent_checks(&h);
    add_person(&h, "u9", USER_ADMIN);
    dashboard = dashboard_in(&h, "u9", NULL);
    leave_alone(&h, "u9", hour_ms - 60000);
    visitor_say(dashboard, "{\"type\":\"admit\",\"room\":\"r1\",\"participant\":\"nobody\"}");
    json_decref(visitor_expect(dashboard, "error"));
    CHECK(visitor_next(dashboard, 500) == NULL); /* looked at more than once, and good */
    CHECK_INT(dashboard->close_code, 0);
    CHECK_INT(store_session_live(h.store.s, "session-of-u9", clock_wall_ms() + hour_ms / 2, &h.store.e), ERR_OK);
    leave_alone(&h, "u9", hour_ms + 1000);
    visitor_say(dashboard, "{\"type\":\"ping\"}"); /* by itself: nobody is there */
    json_decref(visitor_expect(dashboard, "pong"));
    CHECK_INT(visitor_closed(dashboard), 4401);
    visitor_free(dashboard);
    house_close(&h);
}

static const struct check_test TESTS[] = {
    TEST(a_host_sees_own_rooms_and_the_front_desk_sees_all),
    TEST(changes_of_every_shard_arrive_numbered),
    TEST(a_host_admits_from_the_dashboard_and_the_front_desk_does_not),
    TEST(a_waiting_guest_can_talk_with_the_front_desk),
    TEST(rooms_that_change_appear_and_disappear),
    TEST(users_who_may_make_links_are_told_when_those_of_a_room_change),
    TEST(a_disabled_account_gets_no_feed),
    TEST(a_dashboard_that_goes_leaves_nothing_behind),
    TEST(a_dashboard_ends_with_its_sign_in_even_when_nobody_reports_it),
    TEST(an_idle_dashboard_is_closed_and_one_in_use_stays),
    { 0 },
};
CHECK_MAIN(TESTS)
