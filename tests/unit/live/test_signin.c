/* Connections that keep a sign-in alive, on a shard that is run by hand over a real store. */
#include "live/signin.h"

#include "live/live_room.h"
#include "store/store_sessions.h"
#include "tests/unit/live/hall.h"
#include "tests/unit/store/fixture.h"

#define MINUTE_MS 60000LL
#define HOUR_MS (60 * MINUTE_MS)

static struct fixture store;
static int jobs;

/* At once: here nobody else writes. */
static enum err_code run_now(struct hall *h, const struct store_job *job)
{
    struct err e = { 0 };
    enum err_code rc = WRITE(store, job->run(store.s, job->arg, &e));

    (void)h;
    jobs++;
    job->done(job->arg, rc, &e);
    return ERR_OK;
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
static struct hall *signed_in_hall(struct client **ada)
{
    struct hall *h = hall_new();

    store = fixture_new();
    jobs = 0;
    h->take_job = run_now;
    h->now_ms = NOW_MS;
    sign_in(&store);
    *ada = sit_down(&h->shard, h->now_ms);
    return h;
}

static void hall_end(struct hall *h, struct client *ada)
{
    client_free(ada);
    hall_free(h);
    fixture_end(&store);
}

static void minutes_pass(struct hall *h, int minutes)
{
    for (int i = 0; i < minutes * 6; i++) {
        h->now_ms += 10000;
        live_tick(&h->shard);
    }
}

static enum err_code signed_in(const struct hall *h)
{
    return store_session_live(store.s, "s1", h->now_ms, &store.e);
}

static void a_connected_host_stays_signed_in_and_is_written_rarely(void)
{
    struct client *ada;
    struct hall *h = signed_in_hall(&ada);

    minutes_pass(h, 150);
    CHECK_INT(signed_in(h), ERR_OK);
    CHECK_INT(jobs, 150 / 4);
    CHECK_INT(client_close_due(ada), 0);
    h->now_ms += HOUR_MS + 4 * MINUTE_MS; /* and from then on the sign-in is idle as any other */
    CHECK_INT(signed_in(h), ERR_AUTH);
    hall_end(h, ada);
}

static void a_guest_keeps_nobody_signed_in(void)
{
    struct client *ada;
    struct hall *h = signed_in_hall(&ada);

    seat_session_of_owner(ada->owner)->member->seat.role = SEAT_GUEST;
    /* no host was lost whom they would be waiting for */
    seat_session_of_owner(ada->owner)->room->room.host_lost_ms = 0;
    minutes_pass(h, 61);
    CHECK_INT(jobs, 0);
    CHECK_INT(signed_in(h), ERR_AUTH);
    hall_end(h, ada);
}

static void a_sign_in_that_is_over_does_not_begin_again_and_the_call_goes_on(void)
{
    struct client *ada;
    struct hall *h = signed_in_hall(&ada);

    h->now_ms += HOUR_MS + MINUTE_MS;
    minutes_pass(h, 10);
    CHECK(jobs > 0);
    CHECK_INT(signed_in(h), ERR_AUTH);
    CHECK_INT(client_close_due(ada), 0);
    hall_end(h, ada);
}

static const struct check_test TESTS[] = {
    TEST(a_connected_host_stays_signed_in_and_is_written_rarely),
    TEST(a_guest_keeps_nobody_signed_in),
    TEST(a_sign_in_that_is_over_does_not_begin_again_and_the_call_goes_on),
    { 0 },
};
CHECK_MAIN(TESTS)
