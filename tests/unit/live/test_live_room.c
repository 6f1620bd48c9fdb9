/* The lifetime of a room and of the seats in it. */
#include "live/live_room.h"

#include "live/presence.h"
#include "live/room_queue.h"
#include "tests/unit/live/hall.h"
#include "ws/notice.h"

static void a_room_that_is_given_up_is_found_no_longer_and_may_be_used_until_the_end_of_the_turn(void)
{
    struct hall *h = hall_new();
    struct live_room *p = live_room_open(&h->shard, "r1");

    live_room_release(p);
    CHECK(live_room_find(&h->shard, "r1") == NULL);
    CHECK_STR(p->room.view.id, "r1"); /* a caller that holds it may read it */
    live_room_release(p);
    CHECK_INT(h->counters.rooms, 1);
    live_tick(&h->shard);
    CHECK_INT(h->counters.rooms, 0);
    hall_free(h);
}

static void a_client_that_comes_in_the_same_turn_finds_a_room_as_new(void)
{
    const struct room_rules rules = { .id = "r1", .name = "Old rules", .revision = 7 };
    struct hall *h = hall_new();
    struct live_room *p = live_room_open(&h->shard, "r1");

    room_view_set(&p->room.view, &rules);
    p->deleted = true;
    live_room_release(p);
    p = live_room_open(&h->shard, "r1");
    CHECK_INT(p->room.view.revision, 0);
    CHECK(!p->deleted);
    CHECK(live_room_find(&h->shard, "r1") == p);
    live_tick(&h->shard);
    CHECK_INT(h->counters.rooms, 1);
    hall_free(h);
}

static void a_room_with_people_in_it_is_not_given_up(void)
{
    const struct seat seat = { .id = "ada", .room_id = "r1", .role = SEAT_HOST, .state = SEAT_INSIDE, .instance = 1 };
    struct hall *h = hall_new();
    struct live_room *p = live_room_open(&h->shard, "r1");

    live_room_restore(p, &seat, h->now_ms);
    live_room_release(p);
    live_tick(&h->shard);
    CHECK(live_room_find(&h->shard, "r1") == p);
    hall_free(h);
}

static void a_seat_that_has_ended_may_be_used_until_the_end_of_the_turn(void)
{
    const struct seat row = { .id = "ada", .room_id = "r1", .role = SEAT_HOST, .state = SEAT_INSIDE, .instance = 1 };
    struct hall *h = hall_new();
    struct live_room *live = live_room_open(&h->shard, "r1");
    struct seat_session *seat;

    live_room_restore(live, &row, h->now_ms);
    seat = seat_session_of(room_find(&live->room, "ada"));
    room_queue_close(live);
    CHECK(live_room_find(&h->shard, "r1") == NULL);
    CHECK_STR(seat->member->seat.id, "ada"); /* a caller that holds it may read it, */
    CHECK_INT(seat->member->seat.state, SEAT_ENDED);
    CHECK(seat->room == live);
    seat_session_say(seat, notice_error("not_found", "", NULL, 0)); /* and even write to it */
    CHECK(h->client_counters.kept_bytes > 0);
    live_tick(&h->shard);
    CHECK_INT(h->client_counters.kept_bytes, 0);
    CHECK_INT(h->shard.ring_bytes, 0);
    CHECK_INT(h->counters.rooms, 0);
    hall_free(h);
}

/* A guest's page may say what it likes, and nobody else can check it. */
static void a_host_who_is_said_to_be_seen_is_kept_for_an_hour_and_no_longer(void)
{
    const int64_t hour_ms = 3600000;
    struct seat row = { .id = "ada", .room_id = "r1", .role = SEAT_HOST, .state = SEAT_INSIDE, .instance = 1 };
    struct hall *h = hall_new();
    struct live_room *live = live_room_open(&h->shard, "r1");
    struct client page = { 0 };
    struct seat_session *host, *guest;
    int64_t lost_ms = h->now_ms;

    live_room_restore(live, &row, lost_ms);
    strcpy(row.id, "gina");
    row.role = SEAT_GUEST;
    live_room_restore(live, &row, lost_ms);
    host = seat_session_of(room_find(&live->room, "ada"));
    guest = seat_session_of(room_find(&live->room, "gina"));
    guest->client = &page;
    ((struct room_member *)guest->member)->seat.state = SEAT_INSIDE;
    CHECK(presence_seen(guest, host, true));
    CHECK(presence_is_seen(live, host, lost_ms + ROOM_AWAY_MS, lost_ms + ROOM_AWAY_MS));
    CHECK(presence_is_seen(live, host, lost_ms + hour_ms - 1, lost_ms + hour_ms - 1));
    CHECK(!presence_is_seen(live, host, lost_ms + hour_ms, lost_ms + hour_ms));
    CHECK(presence_seen(guest, host, true)); /* and saying it once more changes nothing */
    CHECK(!presence_is_seen(live, host, lost_ms + hour_ms + 1, lost_ms + hour_ms + 1));
    guest->client = NULL;
    hall_free(h);
}

static void a_seat_that_has_ended_in_the_last_turn_is_freed_with_its_shard(void)
{
    const struct seat row = { .id = "ada", .room_id = "r1", .role = SEAT_HOST, .state = SEAT_INSIDE, .instance = 1 };
    struct hall *h = hall_new();
    struct live_room *live = live_room_open(&h->shard, "r1");

    live_room_restore(live, &row, h->now_ms);
    room_queue_close(live);
    hall_free(h); /* the sanitizer reports whatever is left */
}

static const struct check_test TESTS[] = {
    TEST(a_room_that_is_given_up_is_found_no_longer_and_may_be_used_until_the_end_of_the_turn),
    TEST(a_client_that_comes_in_the_same_turn_finds_a_room_as_new),
    TEST(a_room_with_people_in_it_is_not_given_up),
    TEST(a_seat_that_has_ended_may_be_used_until_the_end_of_the_turn),
    TEST(a_host_who_is_said_to_be_seen_is_kept_for_an_hour_and_no_longer),
    TEST(a_seat_that_has_ended_in_the_last_turn_is_freed_with_its_shard),
    { 0 },
};
CHECK_MAIN(TESTS)
