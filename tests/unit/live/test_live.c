/* Time on a shard that is run by hand: the turns at each tick. */
#include "live/live.h"

#include <stdio.h>
#include <string.h>

#include "domain/room.h"
#include "live/live_room.h"
#include "live/room_work.h"
#include "tests/unit/live/hall.h"
#include "ws/shard.h"

#define ROOMS_MAX 2000

static int turns[ROOMS_MAX]; /* how often each room asked for the end of its lost seat */

/* The store never has time, so that every seat stays as late as it is. */
static enum err_code count_turn(struct hall *h, const struct store_job *job)
{
    const struct room_work *w = job->arg;
    int room = -1;

    (void)h;
    CHECK_INT(sscanf(w->room_id, "r%d", &room), 1);
    turns[room]++;
    return ERR_BUSY;
}

static struct hall *busy_hall(void)
{
    struct hall *h = hall_new();

    memset(turns, 0, sizeof turns);
    h->take_job = count_turn;
    return h;
}

/* A room with a person who has been away for too long. */
static void add_late(struct hall *h, int room)
{
    struct seat s = { .state = SEAT_INSIDE, .role = SEAT_HOST, .instance = 1 };

    snprintf(s.id, sizeof s.id, "p%d", room);
    snprintf(s.room_id, sizeof s.room_id, "r%d", room);
    live_room_restore(live_room_open(&h->shard, s.room_id), &s, live_shard_now_ms(&h->shard) - ROOM_AWAY_MS);
}

static int turns_in_all(void)
{
    int sum = 0;

    for (int i = 0; i < ROOMS_MAX; i++)
        sum += turns[i];
    return sum;
}

static void few_rooms_have_their_turn_at_every_tick(void)
{
    struct hall *h = busy_hall();

    for (int i = 0; i < 10; i++)
        add_late(h, i);
    h->now_ms += ROOM_AWAY_MS;
    for (int tick = 1; tick <= 3; tick++) {
        live_tick(&h->shard);
        for (int i = 0; i < 10; i++)
            CHECK_INT(turns[i], tick);
    }
    hall_free(h);
}

static void of_very_many_each_has_its_turn_within_a_second_and_none_is_forgotten(void)
{
    struct hall *h = busy_hall();

    for (int i = 0; i < ROOMS_MAX; i++)
        add_late(h, i);
    h->now_ms += ROOM_AWAY_MS;
    for (int tick = 1; tick <= SHARD_TICKS_PER_S; tick++) {
        live_tick(&h->shard);
        CHECK_INT(turns_in_all(), tick * ROOMS_MAX / SHARD_TICKS_PER_S);
    }
    for (int i = 0; i < ROOMS_MAX; i++)
        CHECK_INT(turns[i], 1);
    live_tick(&h->shard); /* finds the end */
    live_tick(&h->shard);
    CHECK_INT(turns_in_all(), ROOMS_MAX + ROOMS_MAX / SHARD_TICKS_PER_S);
    hall_free(h);
}

static char heard[200];

/* As the next observer after the dashboards will: by kind, and by person concerned. */
static int hear(struct live_shard *f, const struct live_event *ev)
{
    size_t len = strlen(heard);

    (void)f;
    snprintf(heard + len, sizeof heard - len, "%d:%s ", (int)ev->kind,
             ev->kind == LIVE_PARTICIPANT  ? ev->about->member->seat.id
             : ev->kind == LIVE_DELETED    ? ev->room_id
             : ev->kind == LIVE_SIGNED_OUT ? ev->session_id
                                           : ev->rules->id);
    return 3;
}

static void an_observer_hears_of_every_room_and_the_room_does_not_know_it(void)
{
    struct room_rules rules = { .id = "r7", .name = "Seven", .revision = 2 };
    struct hall *h = busy_hall();
    char expected[100];

    heard[0] = '\0';
    live_shard_observe(&h->shard, hear);
    live_room_changed(&h->shard, &rules); /* nobody is there */
    add_late(h, 7);
    live_room_changed(&h->shard, &rules);
    live_links_changed(&h->shard, &rules);
    live_room_deleted(&h->shard, "r7");
    snprintf(expected, sizeof expected, "%d:r7 %d:r7 %d:r7 %d:p7 %d:r7 ", LIVE_RULES, LIVE_RULES, LIVE_LINKS,
             LIVE_PARTICIPANT, LIVE_DELETED);
    CHECK_STR(heard, expected);
    live_shard_observe(&h->shard, hear);
    CHECK_INT(live_shard_publish(&h->shard, &(struct live_event){ .kind = LIVE_DELETED, .room_id = "r8" }), 6);
    hall_free(h);
}

static const struct check_test TESTS[] = {
    TEST(an_observer_hears_of_every_room_and_the_room_does_not_know_it),
    TEST(few_rooms_have_their_turn_at_every_tick),
    TEST(of_very_many_each_has_its_turn_within_a_second_and_none_is_forgotten),
    { 0 },
};
CHECK_MAIN(TESTS)
