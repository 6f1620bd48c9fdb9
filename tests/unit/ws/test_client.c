/* One client without a socket: its owner, the deadline of its join, the bound of its queue. */
#include "ws/client.h"

#include <stdlib.h>

#include <string.h>

#include "tests/support/check.h"
#include "ws/notice.h"

struct door {
    struct clients clients;
    struct client_counters counters;
    struct client_owner owner;
    struct resume queue;
    struct client *client;
    int64_t now_ms;
    int woken, heard, unreadable, lost;
    bool broken;
};

static int64_t env_ms(void *ctx)
{
    return ((struct door *)ctx)->now_ms;
}

static void env_wake(void *ctx, struct client *c)
{
    (void)c;
    ((struct door *)ctx)->woken++;
}

static void env_joined(void *ctx, int64_t unjoined)
{
    (void)ctx, (void)unjoined;
}

static void own_message(struct client_owner *owner, struct client *c, const struct client_message *m)
{
    struct door *d = list_entry(owner, struct door, owner);

    (void)c;
    d->heard++;
    d->broken = m->broken;
}

static void own_unreadable(struct client_owner *owner)
{
    list_entry(owner, struct door, owner)->unreadable++;
}

static void own_lost(struct client_owner *owner, struct client *c)
{
    CHECK(c->owner == NULL);
    list_entry(owner, struct door, owner)->lost++;
}

static const struct client_owner_ops OWN = { own_message, own_unreadable, own_lost };

static struct door *door_new(void)
{
    static const struct client_limits LIMITS = { .rate = { 50, 200 },
                                                 .queue_bytes = 512 * 1024,
                                                 .total_queue_bytes = 1 << 30 };
    struct door *d = calloc(1, sizeof *d);
    const struct client_env env = { .ctx = d, .mono_ms = env_ms, .wake = env_wake, .joined = env_joined };

    d->now_ms = 1000;
    d->owner.ops = &OWN;
    clients_init(&d->clients, &env, &LIMITS, &d->counters);
    d->clients.door = &d->owner;
    d->client = client_new(&d->clients, "r1", "192.0.2.1", d->now_ms);
    return d;
}

static void door_free(struct door *d)
{
    client_free(d->client);
    resume_clear(&d->queue);
    free(d);
}

static void add(struct door *d, int count, size_t len)
{
    for (int i = 0; i < count; i++)
        resume_add(&d->queue, payload_new("test", len));
}

/* Sends one more to a client that has joined; false: that was too much, and the connection ends. */
static bool say(struct door *d, size_t len)
{
    add(d, 1, len);
    client_queued(d->client);
    return d->client->phase == CLIENT_JOINED;
}

static void write_some(struct door *d, int count)
{
    static char frame[70000];

    for (int i = 0; i < count && client_frame_room(d->client) > 0; i++)
        (void)client_frame(d->client, frame);
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

    client_joined(d->client, &d->owner, &d->queue, NULL);
    CHECK_INT(said_until_cut(d, 10), 256);
    CHECK_INT(d->client->close_code, CLOSE_BUSY);
    door_free(d);
}

static void a_resumed_client_is_not_slow_because_of_missed_messages(void)
{
    struct door *d = door_new();

    add(d, 200, 3000); /* 600 kB: more than may wait for a connected reader */
    client_joined(d->client, &d->owner, &d->queue, NULL);
    CHECK(say(d, 10));
    write_some(d, 100);
    CHECK(say(d, 10));
    write_some(d, 102);
    CHECK_INT(resume_unsent(&d->queue), 0);
    CHECK_INT(said_until_cut(d, 10), 256); /* and has no more room than others afterwards */
    door_free(d);
}

static void a_client_that_lost_a_message_from_the_ring_is_cut(void)
{
    struct door *d = door_new();

    add(d, RESUME_MESSAGES_MAX - 2, 10);
    client_joined(d->client, &d->owner, &d->queue, NULL);
    CHECK_INT(said_until_cut(d, 10), 1);
    CHECK_INT(resume_unsent(&d->queue), RESUME_MESSAGES_MAX); /* all of them are there still */
    door_free(d);
    d = door_new();
    add(d, 15, 48000);
    client_joined(d->client, &d->owner, &d->queue, NULL);
    CHECK(!say(d, 60000));
    door_free(d);
}

static void say_text(struct door *d, const char *text)
{
    client_message(d->client, text, strlen(text));
}

static void messages_of_a_client_go_to_its_owner_until_it_is_lost_once(void)
{
    struct door *d = door_new();

    say_text(d, "{\"type\":\"join\"}");
    CHECK_INT(d->heard, 1);
    CHECK(!d->broken);
    client_joined(d->client, &d->owner, &d->queue, NULL);
    say_text(d, "{oops");
    CHECK_INT(d->heard, 2);
    CHECK(d->broken);
    client_unreadable(d->client, CLOSE_BINARY);
    CHECK_INT(d->unreadable, 1);
    CHECK_INT(d->lost, 1);
    say_text(d, "{}");
    client_close(d->client, CLOSE_POLICY, "policy");
    CHECK_INT(d->heard, 2);
    CHECK_INT(client_close_due(d->client), CLOSE_BINARY);
    client_free(d->client);
    d->client = NULL;
    CHECK_INT(d->lost, 1);
    door_free(d);
}

static void a_client_that_speaks_before_the_welcome_is_closed_and_nobody_hears_it(void)
{
    struct door *d = door_new();

    client_joining(d->client, &d->owner);
    say_text(d, "{\"type\":\"chat\"}");
    CHECK_INT(d->heard, 0);
    CHECK_INT(d->lost, 1);
    CHECK_INT(client_close_due(d->client), CLOSE_POLICY);
    door_free(d);
}

static void a_message_aside_comes_after_the_welcome_and_only_one_waits(void)
{
    struct door *d = door_new();
    struct payload *welcome = payload_new("welcome", 2), *pong = payload_new("pong", 2);
    char frame[PAYLOAD_HEAD_MAX + 2];

    memcpy(welcome->body, "1}", 2);
    memcpy(pong->body, "2}", 2);
    client_joined(d->client, &d->owner, &d->queue, welcome);
    client_say_aside(d->client, payload_ref(pong));
    client_say_aside(d->client, payload_ref(pong));
    CHECK_INT(client_frame(d->client, frame), 20);
    CHECK(strncmp(frame, "{\"type\":\"welcome\"", 17) == 0);
    CHECK_INT(client_frame(d->client, frame), 17);
    CHECK(strncmp(frame, "{\"type\":\"pong\"", 14) == 0);
    CHECK_INT(client_frame_room(d->client), 0);
    client_say_aside(d->client, payload_ref(pong));
    client_close(d->client, CLOSE_REPLACED, NULL);
    client_say_aside(d->client, pong); /* nobody listens any more */
    door_free(d);
}

static void an_owner_that_lets_go_of_a_client_does_not_lose_it(void)
{
    struct door *d = door_new();

    client_joined(d->client, &d->owner, &d->queue, NULL);
    d->client->owner = NULL;
    client_close(d->client, CLOSE_REPLACED, NULL);
    CHECK_INT(d->lost, 0);
    door_free(d);
}

static int written(struct door *d)
{
    char frame[4096];
    int n = 0;

    while (client_frame_room(d->client) > 0) {
        (void)client_frame(d->client, frame);
        n++;
    }
    return n;
}

/* Its seat has ended, and a new owner waits for what its page still has to say. */
static void part(struct door *d, struct client_owner *next)
{
    add(d, 2, 10);
    client_joined(d->client, &d->owner, &d->queue, notice_pong());
    d->client->owner = NULL;
    client_part(d->client, CLOSE_OVER, notice_bye("ended", 0, NULL), next);
}

static void a_parting_client_gets_the_rest_and_bye_and_is_heard_until_its_second_is_over(void)
{
    struct door *d = door_new();

    d->client->socket = d; /* it reads */
    part(d, &d->owner);
    CHECK_INT(d->lost, 0);
    CHECK_INT(written(d), 4); /* welcome, two that waited, bye */
    CHECK_INT(client_close_due(d->client), 0);
    say_text(d, "{\"type\":\"quality\"}");
    CHECK_INT(d->heard, 1);
    client_say_aside(d->client, notice_pong()); /* bye was the last word */
    CHECK_INT(client_frame_room(d->client), 0);
    d->now_ms += 999;
    clients_tick(&d->clients, d->now_ms);
    CHECK_INT(client_close_due(d->client), 0);
    d->now_ms += 1;
    clients_tick(&d->clients, d->now_ms);
    CHECK_INT(client_close_due(d->client), CLOSE_OVER);
    CHECK_INT(d->lost, 1);
    say_text(d, "{\"type\":\"quality\"}");
    CHECK_INT(d->heard, 1);
    CHECK_INT(d->counters.queued_bytes, 0);
    d->now_ms += 2000;
    clients_tick(&d->clients, d->now_ms);
    CHECK(d->client->overdue);
    d->client->socket = NULL;
    door_free(d);
}

static void what_a_parting_client_reads_after_its_second_is_counted_once(void)
{
    struct door *d = door_new();

    d->client->socket = d;
    part(d, &d->owner);
    d->now_ms += 1000;
    clients_tick(&d->clients, d->now_ms);
    CHECK_INT(d->counters.queued_bytes, 20);
    CHECK_INT(written(d), 4);
    CHECK_INT(d->counters.queued_bytes, 0);
    d->client->socket = NULL;
    door_free(d);
}

static void a_parting_client_whose_socket_breaks_or_who_closes_is_lost_once(void)
{
    for (int closes = 0; closes < 2; closes++) {
        struct door *d = door_new();

        d->client->socket = d;
        part(d, &d->owner);
        if (closes) {
            CHECK_INT(written(d), 4);
            client_close(d->client, CLOSE_NORMAL, "restarting"); /* a second bye is not written */
            CHECK_INT(written(d), 0);
            CHECK_INT(client_close_due(d->client), CLOSE_NORMAL);
        }
        d->client->socket = NULL;
        client_free(d->client);
        d->client = NULL;
        CHECK_INT(d->lost, 1);
        CHECK_INT(d->counters.queued_bytes, 0);
        door_free(d);
    }
}

static void a_client_that_does_not_join_in_time_is_closed_and_then_cut(void)
{
    struct door *d = door_new();
    struct client *late;

    d->now_ms += 1000;
    late = client_new(&d->clients, "r1", "192.0.2.1", d->now_ms);
    d->now_ms += 4000;
    clients_tick(&d->clients, d->now_ms);
    CHECK_INT(client_close_due(d->client), CLOSE_NO_JOIN);
    CHECK_INT(client_close_due(late), 0);
    d->now_ms += 1999;
    clients_tick(&d->clients, d->now_ms);
    CHECK(!d->client->overdue);
    CHECK_INT(client_close_due(late), CLOSE_NO_JOIN);
    d->woken = 0;
    d->now_ms += 1;
    clients_tick(&d->clients, d->now_ms);
    CHECK(d->client->overdue && !late->overdue);
    CHECK_INT(d->woken, 1); /* otherwise its socket would not notice */
    client_free(late);
    door_free(d);
}

static const struct check_test TESTS[] = {
    TEST(messages_of_a_client_go_to_its_owner_until_it_is_lost_once),
    TEST(a_client_that_speaks_before_the_welcome_is_closed_and_nobody_hears_it),
    TEST(a_message_aside_comes_after_the_welcome_and_only_one_waits),
    TEST(an_owner_that_lets_go_of_a_client_does_not_lose_it),
    TEST(a_parting_client_gets_the_rest_and_bye_and_is_heard_until_its_second_is_over),
    TEST(what_a_parting_client_reads_after_its_second_is_counted_once),
    TEST(a_parting_client_whose_socket_breaks_or_who_closes_is_lost_once),
    TEST(a_client_that_does_not_join_in_time_is_closed_and_then_cut),
    TEST(a_reader_may_let_256_messages_wait_and_no_more),
    TEST(a_resumed_client_is_not_slow_because_of_missed_messages),
    TEST(a_client_that_lost_a_message_from_the_ring_is_cut),
    { 0 },
};
CHECK_MAIN(TESTS)
