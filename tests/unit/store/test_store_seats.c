#include "fixture.h"

static void a_seat_comes_back_as_it_was_put(void)
{
    struct fixture f = fixture_new();
    struct seat t = make_seat("p1", "r1", SEAT_INSIDE), got;

    fixture_fill(&f);
    snprintf(t.user_id, sizeof t.user_id, "u1");
    snprintf(t.invitation_id, sizeof t.invitation_id, "i1");
    snprintf(t.session_id, sizeof t.session_id, "s1");
    t.role = SEAT_HOST;
    t.name_from = NAME_FROM_ACCOUNT;
    t.end = END_REMOVED;
    t.held = t.same_invitation = true;
    t.gen = 4;
    t.instance = 5;
    t.away_ms = 6;
    t.ended_ms = 7;
    t.blocked_until_ms = 8;
    t.admitted_ms = 9;
    hash_of("new", t.ticket_hash);
    hash_of("old", t.ticket_old_hash);
    CHECK_INT(store_seat_find(f.s, "p1", &got, &f.e), ERR_NOT_FOUND);
    CHECK_INT(WRITE(f, store_seat_put(f.s, &t, &f.e)), ERR_OK);
    CHECK_INT(store_seat_find(f.s, "p1", &got, &f.e), ERR_OK);
    CHECK_STR(got.room_id, "r1");
    CHECK_STR(got.user_id, "u1");
    CHECK_STR(got.invitation_id, "i1");
    CHECK_STR(got.session_id, "s1");
    CHECK_STR(got.name, "Guest p1");
    CHECK_INT(got.role, SEAT_HOST);
    CHECK_INT(got.name_from, NAME_FROM_ACCOUNT);
    CHECK_INT(got.state, SEAT_INSIDE);
    CHECK_INT(got.end, END_REMOVED);
    CHECK(got.held && got.same_invitation);
    CHECK_INT(got.gen, 4);
    CHECK_INT(got.instance, 5);
    CHECK_INT(got.since_ms, NOW_MS);
    CHECK_INT(got.away_ms, 6);
    CHECK_INT(got.ended_ms, 7);
    CHECK_INT(got.blocked_until_ms, 8);
    CHECK_INT(got.admitted_ms, 9);
    CHECK_MEM(got.ticket_hash, t.ticket_hash, HASH_BYTES);
    CHECK_MEM(got.ticket_old_hash, t.ticket_old_hash, HASH_BYTES);
    t = make_seat("p1", "r1", SEAT_WAITING); /* the whole row is replaced */
    t.gen = 5;
    CHECK_INT(WRITE(f, store_seat_put(f.s, &t, &f.e)), ERR_OK);
    CHECK_INT(store_seat_find(f.s, "p1", &got, &f.e), ERR_OK);
    CHECK_INT(got.state, SEAT_WAITING);
    CHECK_STR(got.user_id, "");
    CHECK_INT(got.gen, 5);
    CHECK_INT(got.admitted_ms, 0);
    fixture_end(&f);
}

static void put(struct fixture *f, const char *id, const char *room, enum seat_state state, enum seat_role role,
                const char *invitation)
{
    struct seat t = make_seat(id, room, state);

    t.role = role;
    snprintf(t.invitation_id, sizeof t.invitation_id, "%s", invitation);
    CHECK_INT(WRITE(*f, store_seat_put(f->s, &t, &f->e)), ERR_OK);
}

static void only_open_seats_are_listed_and_only_those_inside_counted(void)
{
    struct fixture f = fixture_new();
    struct room_rules other = make_room("r2", "u1", "room-two");
    struct seat_list l;
    int inside, hosts;

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_room_add(f.s, &other, &f.e)), ERR_OK);
    put(&f, "p1", "r1", SEAT_INSIDE, SEAT_HOST, "");
    put(&f, "p2", "r2", SEAT_WAITING, SEAT_GUEST, "");
    put(&f, "p3", "r1", SEAT_AWAY, SEAT_GUEST, "");
    put(&f, "p4", "r1", SEAT_WAITING_AWAY, SEAT_GUEST, "");
    put(&f, "p5", "r1", SEAT_ENDED, SEAT_HOST, "");
    CHECK_INT(store_seat_count_inside(f.s, "r1", &inside, &hosts, &f.e), ERR_OK);
    CHECK_INT(inside, 2);
    CHECK_INT(hosts, 1);
    CHECK_INT(store_seat_count_inside(f.s, "r2", &inside, &hosts, &f.e), ERR_OK);
    CHECK_INT(inside, 0);
    CHECK_INT(hosts, 0);
    CHECK_INT(store_seat_list_open(f.s, &l, &f.e), ERR_OK);
    CHECK_INT(l.count, 4);
    CHECK_STR(l.items[0].room_id, "r1");
    CHECK_STR(l.items[2].room_id, "r1");
    CHECK_STR(l.items[3].room_id, "r2");
    seat_list_clear(&l);
    CHECK_INT(store_seat_list_room(f.s, "r1", &l, &f.e), ERR_OK);
    CHECK_INT(l.count, 3);
    seat_list_clear(&l);
    CHECK_INT(store_seat_list_room(f.s, "nowhere", &l, &f.e), ERR_OK);
    CHECK_INT(l.count, 0);
    CHECK(l.items == NULL);
    fixture_end(&f);
}

static void a_host_whose_seat_ended_by_a_lost_connection_is_waited_for(void)
{
    struct fixture f = fixture_new();
    static const struct {
        const char *id;
        enum seat_role role;
        enum seat_end end;
        int64_t ended_ms;
    } ENDED[] = { { "p1", SEAT_HOST, END_EXPIRED, 700 },
                  { "p2", SEAT_HOST, END_EXPIRED, 500 },
                  { "p3", SEAT_GUEST, END_EXPIRED, 900 },
                  { "p4", SEAT_HOST, END_LEFT, 900 } };
    int64_t at_ms;

    fixture_fill(&f);
    CHECK_INT(store_seat_host_lost(f.s, "r1", &at_ms, &f.e), ERR_OK);
    CHECK_INT(at_ms, 0);
    for (size_t i = 0; i < sizeof ENDED / sizeof *ENDED; i++) {
        struct seat t = make_seat(ENDED[i].id, "r1", SEAT_ENDED);

        t.role = ENDED[i].role;
        t.end = ENDED[i].end;
        t.ended_ms = ENDED[i].ended_ms;
        CHECK_INT(WRITE(f, store_seat_put(f.s, &t, &f.e)), ERR_OK);
    }
    CHECK_INT(store_seat_host_lost(f.s, "r1", &at_ms, &f.e), ERR_OK);
    CHECK_INT(at_ms, 700);
    put(&f, "p1", "r1", SEAT_INSIDE, SEAT_HOST, ""); /* is back */
    CHECK_INT(store_seat_host_lost(f.s, "r1", &at_ms, &f.e), ERR_OK);
    CHECK_INT(at_ms, 500);
    fixture_end(&f);
}

static void put_ended(struct fixture *f, const char *id, enum seat_role role, enum seat_end end, int64_t admitted_ms,
                      int64_t ended_ms)
{
    struct seat t = make_seat(id, "r1", SEAT_ENDED);

    t.role = role;
    t.end = end;
    t.admitted_ms = admitted_ms;
    t.ended_ms = ended_ms;
    CHECK_INT(WRITE(*f, store_seat_put(f->s, &t, &f->e)), ERR_OK);
}

static void lost_seats(struct fixture *f)
{
    put_ended(f, "host", SEAT_HOST, END_EXPIRED, 100, 700);
    put_ended(f, "guest", SEAT_GUEST, END_EXPIRED, 100, 700);
    put_ended(f, "early", SEAT_GUEST, END_EXPIRED, 100, 400);
    put_ended(f, "waited", SEAT_GUEST, END_EXPIRED, 0, 700);
    put_ended(f, "gone", SEAT_GUEST, END_LEFT, 100, 700);
}

static void is_stored(struct fixture *f, const char *id, enum seat_end end, int64_t admitted_ms)
{
    struct seat t;

    CHECK_INT(store_seat_find(f->s, id, &t, &f->e), ERR_OK);
    CHECK_INT(t.end, end);
    CHECK_INT(t.admitted_ms, admitted_ms);
}

static void a_visit_that_was_ended_has_ended_for_guests_lost_from_it_and_for_nobody_else(void)
{
    struct fixture f = fixture_new();
    int64_t at_ms;

    fixture_fill(&f);
    lost_seats(&f);
    CHECK_INT(WRITE(f, store_seat_no_return(f.s, "r1", true, 500, &f.e)), ERR_OK);
    is_stored(&f, "host", END_ENDED, 100);
    is_stored(&f, "guest", END_ENDED, 100);
    is_stored(&f, "early", END_EXPIRED, 100);
    is_stored(&f, "waited", END_EXPIRED, 0);
    is_stored(&f, "gone", END_LEFT, 100);
    CHECK_INT(store_seat_host_lost(f.s, "r1", &at_ms, &f.e), ERR_OK);
    CHECK_INT(at_ms, 0);
    fixture_end(&f);
}

static void guests_who_were_lost_keep_no_admission_when_the_hosts_are_gone(void)
{
    struct fixture f = fixture_new();

    fixture_fill(&f);
    lost_seats(&f);
    CHECK_INT(WRITE(f, store_seat_no_return(f.s, "r2", false, 500, &f.e)), ERR_OK);
    is_stored(&f, "guest", END_EXPIRED, 100);
    CHECK_INT(WRITE(f, store_seat_no_return(f.s, "r1", false, 500, &f.e)), ERR_OK);
    is_stored(&f, "host", END_EXPIRED, 100);
    is_stored(&f, "guest", END_EXPIRED, 0);
    is_stored(&f, "early", END_EXPIRED, 100);
    is_stored(&f, "gone", END_LEFT, 100);
    fixture_end(&f);
}

static void a_block_that_is_over_goes_with_the_next_one(void)
{
    struct fixture f = fixture_new();
    struct block_list l;

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_block_add(f.s, "r1", "p3", "", 5, &f.e)), ERR_OK); /* long over */
    CHECK_INT(WRITE(f, store_block_add(f.s, "r1", "p4", "", INT64_C(4000000000000), &f.e)), ERR_OK);
    CHECK_INT(store_block_list(f.s, "r1", 0, &l, &f.e), ERR_OK);
    CHECK_INT(l.count, 1);
    CHECK_STR(l.items[0].participant_id, "p4");
    block_list_clear(&l);
    fixture_end(&f);
}

static void blocks_of_a_room_are_listed_while_they_hold(void)
{
    struct fixture f = fixture_new();
    struct block_list l;
    int64_t later = INT64_C(4000000000000);

    fixture_fill(&f);
    CHECK_INT(WRITE(f, store_block_add(f.s, "r1", "p1", "i1", later, &f.e)), ERR_OK);
    CHECK_INT(WRITE(f, store_block_add(f.s, "r1", "p2", "", later + 1, &f.e)), ERR_OK);
    CHECK_INT(store_block_list(f.s, "r1", later, &l, &f.e), ERR_OK);
    CHECK_INT(l.count, 1);
    CHECK_STR(l.items[0].participant_id, "p2");
    CHECK_STR(l.items[0].invitation_id, "");
    block_list_clear(&l);
    CHECK_INT(store_block_list(f.s, "r1", later - 1, &l, &f.e), ERR_OK);
    CHECK_INT(l.count, 2);
    block_list_clear(&l);
    CHECK_INT(store_block_list(f.s, "r2", 0, &l, &f.e), ERR_OK);
    CHECK_INT(l.count, 0);
    fixture_end(&f);
}

static const struct check_test TESTS[] = {
    TEST(a_seat_comes_back_as_it_was_put),
    TEST(only_open_seats_are_listed_and_only_those_inside_counted),
    TEST(a_host_whose_seat_ended_by_a_lost_connection_is_waited_for),
    TEST(a_visit_that_was_ended_has_ended_for_guests_lost_from_it_and_for_nobody_else),
    TEST(guests_who_were_lost_keep_no_admission_when_the_hosts_are_gone),
    TEST(a_block_that_is_over_goes_with_the_next_one),
    TEST(blocks_of_a_room_are_listed_while_they_hold),
    { 0 },
};
CHECK_MAIN(TESTS)
