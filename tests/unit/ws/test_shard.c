/* A shard under a guest that only echoes: sockets, clients and inbox need no room. */
#include "ws/shard.h"

#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "domain/crypto.h"
#include "tests/support/check.h"
#include "util/clock.h"

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="

struct echo {
    struct client_limits limits;
    struct client_counters counters;
    struct client_owner owner;
    struct resume queue;
    struct shard *shard;
    atomic_int ticks, cleared, lost, left_unjoined;
    sem_t drained; /* posted by guest_drain() */
};

static void echo_message(struct client_owner *owner, struct client *c, const struct client_message *m)
{
    struct echo *x = list_entry(owner, struct echo, owner);
    struct payload *said = payload_new("echo", m->len);

    memcpy(said->body, m->bytes, m->len);
    if (c->phase == CLIENT_NEW)
        client_joined(c, owner, &x->queue, NULL);
    resume_add(&x->queue, said);
    atomic_fetch_add(&x->counters.queued_bytes, (long long)said->len);
    client_queued(c);
}

static void echo_unreadable(struct client_owner *owner)
{
    (void)owner;
}

static void echo_lost(struct client_owner *owner, struct client *c)
{
    (void)c;
    atomic_fetch_add(&list_entry(owner, struct echo, owner)->lost, 1);
}

static void guest_tick(void *state)
{
    atomic_fetch_add(&((struct echo *)state)->ticks, 1);
}

static void guest_drain(void *state)
{
    sem_post(&((struct echo *)state)->drained);
}

static void guest_clear(void *state)
{
    struct echo *x = state;

    atomic_fetch_add(&x->cleared, 1);
    resume_clear(&x->queue);
}

static void on_joined(void *ctx, int64_t unjoined)
{
    CHECK_INT(unjoined, 7);
    atomic_fetch_add(&((struct echo *)ctx)->left_unjoined, 1);
}

static struct echo *echo_new(void)
{
    static const struct client_owner_ops ECHO = { echo_message, echo_unreadable, echo_lost };
    struct echo *x = calloc(1, sizeof *x);
    struct shard_settings settings = {
        .limits = &x->limits, .counters = &x->counters, .inbox_max = 16, .joined = on_joined, .ctx = x
    };
    struct err e;

    CHECK_INT(crypto_start(&e), ERR_OK);
    CHECK_INT(sem_init(&x->drained, 0, 0), 0);
    x->limits = (struct client_limits){ { 50, 200 }, 1 << 16, 1 << 20 };
    x->owner.ops = &ECHO;
    CHECK_INT(shard_new(&settings, &x->shard, &e), ERR_OK);
    shard_clients(x->shard)->door = &x->owner;
    shard_invite(x->shard, &(struct shard_guest){ guest_tick, guest_drain, guest_clear, x });
    CHECK_INT(shard_start(x->shard, &e), ERR_OK);
    return x;
}

static void echo_stop(struct echo *x)
{
    shard_begin_stop(x->shard, clock_mono_ms() + 3000);
    shard_join(x->shard);
    (void)shard_run_left(x->shard);
    shard_free(x->shard);
}

/* Reads until `text` has arrived; false at the end of the stream. */
static bool reads(int fd, const char *text)
{
    static char in[4096];
    size_t len = 0;
    ssize_t got;

    while (len < sizeof in && (got = recv(fd, in + len, sizeof in - len, 0)) > 0) {
        len += (size_t)got;
        if (memmem(in, len, text, strlen(text)))
            return true;
    }
    return false;
}

static void messages_of_a_client_come_back_and_the_end_says_goodbye(void)
{
    static const unsigned char HELLO[] = { 0x81, 0x80 | 7, 0, 0, 0, 0, '{', '"', 'a', '"', ':', '1', '}' };
    struct echo *x = echo_new();
    int fds[2];

    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    CHECK(shard_adopt(x->shard, fds[1], "r1", KEY, "192.0.2.1", 7));
    CHECK(reads(fds[0], "\r\n\r\n"));
    CHECK_INT(send(fds[0], HELLO, sizeof HELLO, 0), sizeof HELLO);
    CHECK(reads(fds[0], "\"type\":\"echo\",\"seq\":1,{\"a\":1}"));
    CHECK_INT(x->left_unjoined, 1);
    shard_begin_stop(x->shard, clock_mono_ms() + 3000);
    CHECK(reads(fds[0], "restarting"));
    close(fds[0]);
    echo_stop(x);
    CHECK_INT(x->lost, 1);
    CHECK(x->ticks > 0);
    CHECK_INT(sem_trywait(&x->drained), 0);
    CHECK_INT(x->cleared, 1);
    sem_destroy(&x->drained);
    free(x);
}

static void note(void *state, void *arg)
{
    CHECK(state != NULL);
    atomic_fetch_add((atomic_int *)arg, 1);
}

static void a_shard_does_not_end_before_every_awaited_call_has_arrived(void)
{
    struct echo *x = echo_new();
    atomic_int noted = 0;

    shard_await(x->shard);
    shard_begin_stop(x->shard, clock_mono_ms());
    CHECK_INT(sem_wait(&x->drained), 0);
    CHECK(shard_post(x->shard, true, note, &noted));
    shard_arrived(x->shard);
    shard_join(x->shard);
    CHECK_INT(noted, 1);
    shard_free(x->shard);
    CHECK_INT(x->cleared, 1);
    sem_destroy(&x->drained);
    free(x);
}

static const struct check_test TESTS[] = {
    TEST(messages_of_a_client_come_back_and_the_end_says_goodbye),
    TEST(a_shard_does_not_end_before_every_awaited_call_has_arrived),
    { 0 },
};
CHECK_MAIN(TESTS)
