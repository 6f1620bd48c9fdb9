/* Who keeps a sign-in alive by being there, on a shard that is run by hand over a real store. */
#include "live/signin.h"

#include "live/live.h"
#include "live/live_room.h"
#include "store/store_sessions.h"
#include "tests/unit/store/fixture.h"

#define MINUTE_MS 60000LL
#define HOUR_MS (60 * MINUTE_MS)

struct hall {
    struct fixture store;
    struct live_shard shard;
    struct hub_settings settings;
    struct live_counters counters;
    struct clients clients;
    struct client_limits limits;
    struct client_counters client_counters;
    int64_t now_ms;
    int jobs;
};

static int64_t env_ms(void *ctx)
{
    return ((struct hall *)ctx)->now_ms;
}

/* At once: here nobody else writes. */
static enum err_code env_post_job(void *ctx, const struct store_job *job)
{
    struct hall *h = ctx;
    struct err e = { 0 };
    enum err_code rc = WRITE(h->store, job->run(h->store.s, job->arg, &e));

    h->jobs++;
    job->done(job->arg, rc, &e);
    return ERR_OK;
}

static bool env_post(void *ctx, int shard, bool must, void (*fn)(struct live_shard *f, void *arg), void *arg)
{
    (void)shard, (void)must;
    fn(&((struct hall *)ctx)->shard, arg);
    return true;
}

static void env_wake(void *ctx, struct client *p)
{
    (void)ctx, (void)p;
}

static void env_joined(void *ctx, int64_t unjoined)
{
    (void)ctx, (void)unjoined;
}

static void sign_in(struct fixture *f)
{
    struct user ada = make_user("ada", "ada@example.org");
    struct session x = make_session("s1", "ada", "cookie");

    ada.role = USER_ADMIN;
    x.expires_ms = NOW_MS + 24 * HOUR_MS;
    CHECK_INT(WRITE(*f, store_user_add(f->s, &ada, "hash", &f->e)), ERR_OK);
    CHECK_INT(WRITE(*f, store_session_add(f->s, &x, &f->e)), ERR_OK);
}

/* A connection that has its seat. */
static struct client *sit_down(struct live_shard *f, int64_t now_ms)
{
    struct seat seat = { .id = "ada", .room_id = "r1", .session_id = "s1", .state = SEAT_INSIDE, .role = SEAT_HOST };
    struct live_room *room = live_room_open(f, seat.room_id);
    struct seat_session *l;
    struct client *p = client_new(f->clients, seat.room_id, "192.0.2.1", now_ms);

    live_room_restore(room, &seat, now_ms);
    l = seat_session_of(room->room.members[0]);
    l->client = p;
    l->member->seat.state = SEAT_INSIDE;
    l->member->connected = true;
    client_joined(p, &l->owner, &l->queue, NULL);
    return p;
}

/* Ada, an admin, has signed in and is in her room. */
static struct hall *hall_new(struct client **ada)
{
    struct hall *h = calloc(1, sizeof *h);
    const struct live_env env = {
        .ctx = h, .shards = 1, .mono_ms = env_ms, .wall_ms = env_ms, .post_job = env_post_job, .post = env_post
    };
    const struct client_env below = { .ctx = h, .mono_ms = env_ms, .wake = env_wake, .joined = env_joined };

    h->store = fixture_new();
    h->now_ms = NOW_MS;
    sign_in(&h->store);
    h->settings = (struct hub_settings){ .shards = 1 };
    h->limits = (struct client_limits){ .rate = { 50, 200 } };
    clients_init(&h->clients, &below, &h->limits, &h->client_counters);
    live_init(&h->shard, &env, &h->settings, &h->counters, &h->clients, "epoch");
    *ada = sit_down(&h->shard, h->now_ms);
    return h;
}

static void hall_free(struct hall *h, struct client *ada)
{
    client_free(ada);
    live_clear(&h->shard);
    fixture_end(&h->store);
    free(h);
}

static void minutes_pass(struct hall *h, int minutes)
{
    for (int i = 0; i < minutes * 6; i++) {
        h->now_ms += 10000;
        live_tick(&h->shard);
    }
}

static enum err_code signed_in(struct hall *h)
{
    return store_session_live(h->store.s, "s1", h->now_ms, &h->store.e);
}

static void a_host_who_is_connected_stays_signed_in_and_is_written_down_rarely(void)
{
    struct client *ada;
    struct hall *h = hall_new(&ada);

    minutes_pass(h, 150);
    CHECK_INT(signed_in(h), ERR_OK);
    CHECK_INT(h->jobs, 150 / 4);
    CHECK_INT(client_close_due(ada), 0);
    h->now_ms += HOUR_MS + 4 * MINUTE_MS; /* and from then on the sign-in is idle as any other */
    CHECK_INT(signed_in(h), ERR_AUTH);
    hall_free(h, ada);
}

static void a_guest_keeps_nobody_signed_in(void)
{
    struct client *ada;
    struct hall *h = hall_new(&ada);

    seat_session_of_owner(ada->owner)->member->seat.role = SEAT_GUEST;
    seat_session_of_owner(ada->owner)->room->room.host_lost_ms = 0; /* no host was, whom they would be waiting for */
    minutes_pass(h, 61);
    CHECK_INT(h->jobs, 0);
    CHECK_INT(signed_in(h), ERR_AUTH);
    hall_free(h, ada);
}

static void a_sign_in_that_is_over_does_not_begin_again_and_the_call_goes_on(void)
{
    struct client *ada;
    struct hall *h = hall_new(&ada);

    h->now_ms += HOUR_MS + MINUTE_MS;
    minutes_pass(h, 10);
    CHECK(h->jobs > 0);
    CHECK_INT(signed_in(h), ERR_AUTH);
    CHECK_INT(client_close_due(ada), 0);
    hall_free(h, ada);
}

static const struct check_test TESTS[] = {
    TEST(a_host_who_is_connected_stays_signed_in_and_is_written_down_rarely),
    TEST(a_guest_keeps_nobody_signed_in),
    TEST(a_sign_in_that_is_over_does_not_begin_again_and_the_call_goes_on),
    { 0 },
};
CHECK_MAIN(TESTS)
