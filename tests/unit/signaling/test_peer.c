/* One connection without a socket: what it may owe its reader. */
#include "signaling/peer.h"

#include <stdlib.h>

#include "signaling/floor.h"
#include "tests/support/check.h"

struct door {
    struct floor floor;
    struct hub_settings settings;
    struct floor_counters counters;
    struct resume queue;
    struct peer *peer;
};

static int64_t env_ms(void *ctx)
{
    (void)ctx;
    return 1000;
}

static void env_wake(void *ctx, struct peer *p)
{
    (void)ctx, (void)p;
}

static void env_joined(void *ctx, int64_t unjoined)
{
    (void)ctx, (void)unjoined;
}

static struct door *door_new(void)
{
    struct door *d = calloc(1, sizeof *d);
    const struct floor_env env = {
        .shards = 1, .mono_ms = env_ms, .wall_ms = env_ms, .wake = env_wake, .joined = env_joined
    };

    d->settings = (struct hub_settings){
        .rate_per_s = 50, .burst = 200, .socket_queue_bytes = 512 * 1024, .total_queue_bytes = 1 << 30
    };
    floor_init(&d->floor, &env, &d->settings, &d->counters, "epoch");
    d->peer = peer_new(&d->floor, "r1", "192.0.2.1", 1000);
    return d;
}

static void door_free(struct door *d)
{
    peer_free(d->peer);
    resume_clear(&d->queue);
    floor_clear(&d->floor);
    free(d);
}

static void add(struct door *d, int count, size_t len)
{
    for (int i = 0; i < count; i++)
        resume_add(&d->queue, payload_new("test", len));
}

/* Says one more to whoever is seated, as a place does; false: that was too much, and the connection ends. */
static bool say(struct door *d, size_t len)
{
    add(d, 1, len);
    peer_queued(d->peer);
    return d->peer->phase == PEER_SEATED;
}

static void write_some(struct door *d, int count)
{
    static char frame[70000];

    for (int i = 0; i < count && peer_frame_room(d->peer) > 0; i++)
        (void)peer_frame(d->peer, frame);
}

static int said_until_cut(struct door *d, size_t len)
{
    int n = 0;

    while (n < 2000 && say(d, len))
        n++;
    return n;
}

static void a_reader_may_let_256_messages_wait_and_no_more(void)
{
    struct door *d = door_new();

    peer_seat(d->peer, &d->queue, NULL);
    CHECK_INT(said_until_cut(d, 10), 256);
    CHECK_INT(d->peer->close_code, CLOSE_BUSY);
    door_free(d);
}

static void who_resumes_is_not_slow_for_what_was_said_meanwhile(void)
{
    struct door *d = door_new();

    add(d, 200, 3000); /* 600 kB: more than may wait for a reader who was there */
    peer_seat(d->peer, &d->queue, NULL);
    CHECK(say(d, 10));
    write_some(d, 100);
    CHECK(say(d, 10));
    write_some(d, 102);
    CHECK_INT(resume_unsent(&d->queue), 0);
    CHECK_INT(said_until_cut(d, 10), 256); /* and has no more room than others afterwards */
    door_free(d);
}

static void whoever_lost_one_from_the_ring_is_cut(void)
{
    struct door *d = door_new();

    add(d, RESUME_MESSAGES_MAX - 2, 10);
    peer_seat(d->peer, &d->queue, NULL);
    CHECK_INT(said_until_cut(d, 10), 1);
    CHECK_INT(resume_unsent(&d->queue), RESUME_MESSAGES_MAX); /* all of them are there still */
    door_free(d);
    d = door_new();
    add(d, 15, 48000);
    peer_seat(d->peer, &d->queue, NULL);
    CHECK(!say(d, 60000));
    door_free(d);
}

static const struct check_test TESTS[] = {
    TEST(a_reader_may_let_256_messages_wait_and_no_more),
    TEST(who_resumes_is_not_slow_for_what_was_said_meanwhile),
    TEST(whoever_lost_one_from_the_ring_is_cut),
    { 0 },
};
CHECK_MAIN(TESTS)
