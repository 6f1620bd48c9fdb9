/* Time on a floor that is run by hand: whose turn a tick is. */
#include "live/live.h"

#include <stdio.h>
#include <stdlib.h>

#include "domain/room.h"
#include "live/live_room.h"
#include "live/room_work.h"
#include "tests/support/check.h"
#include "ws/shard.h"

#define PLACES_MAX 2000

struct hall {
    struct floor floor;
    struct hub_settings settings;
    struct floor_counters counters;
    struct clients clients;
    struct client_counters client_counters;
    int64_t now_ms;
    int turns[PLACES_MAX]; /* how often each place asked for the end of its lost seat */
};

static int64_t env_ms(void *ctx)
{
    return ((struct hall *)ctx)->now_ms;
}

/* The store never has time, so that every seat stays as late as it is. */
static enum err_code env_post_job(void *ctx, const struct store_job *job)
{
    const struct work *w = job->arg;
    int place = -1;

    CHECK_INT(sscanf(w->room_id, "r%d", &place), 1);
    ((struct hall *)ctx)->turns[place]++;
    return ERR_BUSY;
}

static bool env_post(void *ctx, int shard, bool must, void (*fn)(struct floor *f, void *arg), void *arg)
{
    (void)ctx, (void)shard, (void)must, (void)fn, (void)arg;
    return false;
}

static struct hall *hall_new(void)
{
    static const struct client_env NOBODY = { 0 };
    static const struct client_limits LIMITS = { .total_queue_bytes = 1 << 30 };
    struct hall *h = calloc(1, sizeof *h);
    const struct floor_env env = {
        .ctx = h, .shards = 1, .mono_ms = env_ms, .wall_ms = env_ms, .post_job = env_post_job, .post = env_post
    };

    h->now_ms = 1000;
    h->settings = (struct hub_settings){ .shards = 1, .rate_per_s = 50, .burst = 200 };
    clients_init(&h->clients, &NOBODY, &LIMITS, &h->client_counters);
    live_init(&h->floor, &env, &h->settings, &h->counters, &h->clients, "epoch");
    return h;
}

static void hall_free(struct hall *h)
{
    live_clear(&h->floor);
    free(h);
}

/* A room with one who has been away for too long. */
static void add_late(struct hall *h, int place)
{
    struct seat s = { .state = SEAT_INSIDE, .role = SEAT_HOST, .instance = 1 };

    snprintf(s.id, sizeof s.id, "p%d", place);
    snprintf(s.room_id, sizeof s.room_id, "r%d", place);
    place_restore(place_open(&h->floor, s.room_id), &s, floor_now_ms(&h->floor) - ROOM_AWAY_MS);
}

static int turns_in_all(const struct hall *h)
{
    int sum = 0;

    for (int i = 0; i < PLACES_MAX; i++)
        sum += h->turns[i];
    return sum;
}

static void few_places_have_their_turn_at_every_tick(void)
{
    struct hall *h = hall_new();

    for (int i = 0; i < 10; i++)
        add_late(h, i);
    h->now_ms += ROOM_AWAY_MS;
    for (int tick = 1; tick <= 3; tick++) {
        live_tick(&h->floor);
        for (int i = 0; i < 10; i++)
            CHECK_INT(h->turns[i], tick);
    }
    hall_free(h);
}

static void of_very_many_each_has_its_turn_within_a_second_and_none_is_forgotten(void)
{
    struct hall *h = hall_new();

    for (int i = 0; i < PLACES_MAX; i++)
        add_late(h, i);
    h->now_ms += ROOM_AWAY_MS;
    for (int tick = 1; tick <= SHARD_TICKS_PER_S; tick++) {
        live_tick(&h->floor);
        CHECK_INT(turns_in_all(h), tick * PLACES_MAX / SHARD_TICKS_PER_S);
    }
    for (int i = 0; i < PLACES_MAX; i++)
        CHECK_INT(h->turns[i], 1);
    live_tick(&h->floor); /* finds the end */
    live_tick(&h->floor);
    CHECK_INT(turns_in_all(h), PLACES_MAX + PLACES_MAX / SHARD_TICKS_PER_S);
    hall_free(h);
}

static const struct check_test TESTS[] = {
    TEST(few_places_have_their_turn_at_every_tick),
    TEST(of_very_many_each_has_its_turn_within_a_second_and_none_is_forgotten),
    { 0 },
};
CHECK_MAIN(TESTS)
