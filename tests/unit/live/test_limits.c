/* Limits of a connection, over sockets: sizes, forms, rates, reading too slowly. RFC 6455 and PROTOCOL.md. */
#include "tests/unit/live/house.h"

static struct visitor *alone(struct house *h)
{
    house_open(h, 1);
    return host_in(h, "r1");
}

static void finish(struct house *h, struct visitor *c, int code)
{
    CHECK_INT(visitor_closed(c), code);
    visitor_free(c);
    house_close(h);
}

static void the_first_message_is_join(void)
{
    struct house h;
    struct visitor *c;

    house_open(&h, 1);
    c = visitor_open(&h, "r1");
    visitor_say(c, "{\"type\":\"chat\",\"text\":\"hello\"}");
    finish(&h, c, 4401);
}

static void binary_messages_are_refused(void)
{
    struct house h;
    struct visitor *c = alone(&h);

    visitor_frame(c, 0x82, "{}", 2);
    finish(&h, c, 1003);
}

static void bytes_that_are_not_utf8_close(void)
{
    struct house h;
    struct visitor *c = alone(&h);

    visitor_say(c, "{\"type\":\"chat\",\"text\":\"\xc3\x28\"}");
    finish(&h, c, 1007);
}

static void bytes_that_are_neither_utf8_nor_json_close_as_not_utf8(void)
{
    struct house h;
    struct visitor *c = alone(&h);

    visitor_say(c, "{oops \xed\xa0\x80");
    finish(&h, c, 1007);
}

static void a_message_over_64_kib_closes_before_it_is_kept(void)
{
    struct house h;
    struct visitor *c = alone(&h);
    char *text = malloc(70000);

    memset(text, ' ', 70000);
    visitor_frame(c, 0x81, text, 65537);
    free(text);
    finish(&h, c, 1009);
}

static void a_message_in_fragments_is_one_message(void)
{
    struct house h;
    struct visitor *c = alone(&h);
    json_t *m;

    visitor_frame(c, 0x01, "{\"type\":", 8);
    visitor_frame(c, 0x89, "ping", 4); /* control frames may come between (RFC 6455 §5.4) */
    visitor_frame(c, 0x00, "\"i", 2);
    visitor_frame(c, 0x80, "ce\"}", 4);
    m = visitor_expect(c, "ice");
    CHECK(m != NULL);
    json_decref(m);
    visitor_free(c);
    house_close(&h);
}

static void the_largest_message_passes_in_any_pieces(void)
{
    struct house h;
    struct visitor *host = alone(&h), *guest = guest_at(&h, "r1", "gina");
    char *text = malloc(50000);
    size_t len;
    json_t *m;

    visitor_decide(host, "admit", "gina");
    json_decref(visitor_expect(guest, "state"));
    len = (size_t)sprintf(text, "{\"type\":\"signal\",\"to\":\"host\",\"data\":{\"sdp\":\"");
    memset(text + len, 'v', 48000);
    len += 48000;
    memcpy(text + len, "\"}}", 4);
    visitor_say(guest, text);
    m = visitor_expect(host, "signal");
    CHECK_INT(json_string_length(json_object_get(json_object_get(m, "data"), "sdp")), 48000);
    json_decref(m);
    free(text);
    visitor_free(host);
    visitor_free(guest);
    house_close(&h);
}

static void the_third_fault_within_a_minute_closes(void)
{
    static const char *const FAULTS[] = { "{\"type\":\"chat\"}", "no json",
                                          "{\"type\":\"signal\",\"to\":\"x\",\"data\":[]}" };
    struct house h;
    struct visitor *c = alone(&h);

    for (int i = 0; i < 3; i++) {
        visitor_say(c, "{\"type\":\"admit\",\"participant\":\"nobody\"}"); /* an error, but no fault */
        json_decref(visitor_expect(c, "error"));
        visitor_say(c, FAULTS[i]);
        json_decref(visitor_expect(c, "error"));
    }
    visitor_hears(c, "bye", "reason", "policy");
    finish(&h, c, 1008);
}

static void unknown_types_are_answered_and_are_no_fault(void)
{
    struct house h;
    struct visitor *c = alone(&h);

    for (int i = 0; i < 4; i++) {
        visitor_say(c, "{\"type\":\"dance\"}");
        visitor_hears(c, "error", "code", "unknown_type");
    }
    visitor_say(c, "{\"type\":\"recording\",\"op\":\"ask\"}");
    visitor_hears(c, "error", "code", "not_available");
    visitor_free(c);
    house_close(&h);
}

static void a_client_that_is_too_fast_is_told_once_then_closed(void)
{
    struct house h;
    struct visitor *c = alone(&h);
    int errors = 0;
    json_t *m;

    for (int i = 0; i < 600; i++)
        visitor_say(c, "{\"type\":\"status\",\"mic\":true}");
    while ((m = visitor_next(c, WAIT_MS))) {
        errors += strcmp(member(m, "code"), "too_fast") == 0;
        json_decref(m);
    }
    CHECK_INT(errors, 1);
    finish(&h, c, 4429);
}

/* Pings are counted too, and a client that sends too many is told with the first message that is lost. */
static void a_message_dropped_for_pings_is_told(void)
{
    struct house h;
    struct visitor *c = alone(&h);

    for (int i = 0; i < 300; i++)
        visitor_frame(c, 0x89, "", 0);
    visitor_say(c, "{\"type\":\"status\",\"mic\":true}");
    visitor_hears(c, "error", "code", "too_fast");
    visitor_free(c);
    house_close(&h);
}

static void five_chats_a_second(void)
{
    struct house h;
    struct visitor *host = alone(&h), *guest = guest_at(&h, "r1", "gina");

    for (int i = 0; i < 6; i++)
        visitor_say(guest, "{\"type\":\"chat\",\"text\":\"hello\"}");
    for (int i = 0; i < 5; i++)
        json_decref(visitor_expect(host, "chat"));
    visitor_hears(guest, "error", "code", "too_fast");
    visitor_free(host);
    visitor_free(guest);
    house_close(&h);
}

static struct visitor *come_back(struct house *h, struct visitor *c)
{
    json_t *m;
    struct visitor *again = resume(h, "r1", c, c->ticket, &m);

    json_decref(m);
    visitor_free(c);
    return again;
}

static void coming_back_gives_no_more_chats(void)
{
    struct house h;
    struct visitor *host = alone(&h), *guest = guest_at(&h, "r1", "gina");

    for (int i = 0; i < 5; i++)
        visitor_say(guest, "{\"type\":\"chat\",\"text\":\"hello\"}");
    for (int i = 0; i < 5; i++)
        json_decref(visitor_expect(host, "chat"));
    guest = come_back(&h, guest);
    for (int i = 0; i < 5; i++)
        visitor_say(guest, "{\"type\":\"chat\",\"text\":\"hello\"}");
    visitor_hears(guest, "error", "code", "too_fast");
    visitor_free(host);
    visitor_free(guest);
    house_close(&h);
}

/* By a new token as well, which replaces a connection that is still there. */
static void coming_back_gives_no_more_messages(void)
{
    struct house h;
    struct visitor *first = alone(&h), *again;
    int errors = 0;
    json_t *m;

    for (int i = 0; i < 190; i++)
        visitor_say(first, "{\"type\":\"dance\"}");
    for (int i = 0; i < 190; i++)
        json_decref(visitor_expect(first, "error"));
    again = host_in(&h, "r1");
    for (int i = 0; i < 190; i++)
        visitor_say(again, "{\"type\":\"mute\",\"participant\":\"*\",\"kind\":\"audio\"}");
    visitor_say(again, "{\"type\":\"dance\"}");
    while ((m = visitor_next(again, 500))) {
        errors += strcmp(member(m, "code"), "too_fast") == 0;
        json_decref(m);
    }
    CHECK_INT(errors, 1);
    visitor_free(first);
    visitor_free(again);
    house_close(&h);
}

/* Each is written, and everybody inside makes a new connection for it. */
static void a_seat_is_taken_again_at_most_120_times_a_minute(void)
{
    struct house h;
    struct visitor *c = alone(&h);
    struct token_claims claims = claims_of("host", "r1", SEAT_HOST);

    for (int i = 0; i < 120; i++) {
        visitor_free(c);
        c = host_in(&h, "r1");
    }
    visitor_free(c);
    c = visitor_open(&h, "r1");
    visitor_token(&h, c, &claims);
    visitor_hears(c, "error", "code", "busy");
    finish(&h, c, 1013);
}

static void ten_relay_credentials_a_minute(void)
{
    struct house h;
    struct visitor *c = alone(&h);

    for (int i = 0; i < 11; i++)
        visitor_say(c, "{\"type\":\"ice\"}");
    for (int i = 0; i < 10; i++)
        json_decref(visitor_expect(c, "ice"));
    visitor_hears(c, "error", "code", "too_fast");
    visitor_free(c);
    house_close(&h);
}

/* 8 kB for the guest of a call; the caller frees it. */
static char *long_signal(void)
{
    char *text = malloc(9000);
    size_t len = (size_t)sprintf(text, "{\"type\":\"signal\",\"to\":\"gina\",\"data\":{\"x\":\"");

    memset(text + len, 'x', 8000);
    memcpy(text + len + 8000, "\"}}", 4);
    return text;
}

static void house_open_with_queues(struct house *h, int shards, size_t socket_bytes, size_t total_bytes)
{
    house_open(h, shards);
    house_stop(h);
    h->settings.rate_per_s = h->settings.burst = 100000;
    h->settings.socket_queue_bytes = socket_bytes;
    h->settings.total_queue_bytes = total_bytes;
    house_start(h);
}

static struct hub_stats stats_of(const struct house *h)
{
    struct hub_stats stats;

    hub_stats(h->hub, &stats);
    return stats;
}

/* Only the guest who does not read is cut; the host goes on. */
static void a_slow_reader_is_cut_and_hurts_nobody(void)
{
    struct house h;
    struct visitor *host, *guest;
    char *text = long_signal();
    int small = 4096;
    json_t *m;

    house_open_with_queues(&h, 1, 512 * 1024, 256 * 1024 * 1024);
    call_in(&h, "r1", &host, &guest);
    setsockopt(guest->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    for (int i = 0; i < 5000 && stats_of(&h).slow_closed == 0; i++) {
        visitor_say(host, text);
        CHECK(stats_of(&h).queued_bytes <= 600 * 1024);
    }
    CHECK_INT(stats_of(&h).slow_closed, 1);
    visitor_say(host, "{\"type\":\"ice\"}");
    m = visitor_expect(host, "ice");
    CHECK(m != NULL);
    json_decref(m);
    free(text);
    visitor_free(host);
    visitor_free(guest);
    house_close(&h);
}

#define CALLS 4 /* whose guests have stopped reading */
#define KIB 1024

static void add_rooms(struct house *h)
{
    for (int i = 0; i < CALLS; i++) {
        char id[8];
        struct room_rules r;

        snprintf(id, sizeof id, "slow-%d", i);
        r = make_room(id, "u1", id);
        CHECK_INT(WRITE(h->store, store_room_add(h->store.s, &r, &h->store.e)), ERR_OK);
    }
}

/* Sends it, and returns when it waits for its reader: the message after it was answered. */
static void say_until_queued(struct visitor *host, const char *text)
{
    visitor_say(host, text);
    visitor_say(host, "{\"type\":\"dance\"}");
    json_decref(visitor_expect(host, "error"));
}

static void fill(const struct house *h, struct visitor *host, const char *text, int64_t bytes)
{
    int64_t enough = stats_of(h).queued_bytes + bytes;

    for (int i = 0; i < 5000 && stats_of(h).queued_bytes < enough; i++)
        say_until_queued(host, text);
}

static void five_signals_arrive(struct visitor *host, struct visitor *guest, const char *text)
{
    for (int i = 0; i < 5; i++) {
        visitor_say(host, text);
        json_decref(visitor_expect(guest, "signal"));
    }
}

/* Four hold more than the limit for all together, and none of them a sixteenth of the limit for one: nobody is cut, and others
 * receive. Then each in turn grows beyond that part, and is cut long before it reaches the limit for one. */
static void too_much_in_total_cuts_those_who_hold_much_and_nobody_else(void)
{
    struct house h;
    struct visitor *hosts[CALLS], *guests[CALLS], *host, *reader;
    char *text = long_signal(), room[8];

    house_open_with_queues(&h, 2, 1024 * KIB, 128 * KIB);
    add_rooms(&h);
    call_in(&h, "r1", &host, &reader);
    for (int i = 0; i < CALLS; i++) {
        snprintf(room, sizeof room, "slow-%d", i);
        call_in(&h, room, &hosts[i], &guests[i]); /* from here on the guest does not read */
        fill(&h, hosts[i], text, 40 * KIB);
    }
    CHECK(stats_of(&h).queued_bytes > 128 * KIB);
    five_signals_arrive(host, reader, text);
    CHECK_INT(stats_of(&h).slow_closed, 0);
    for (int i = 0; i < CALLS; i++) {
        for (int j = 0; j < 100 && stats_of(&h).slow_closed == i; j++) {
            say_until_queued(hosts[i], text);
            CHECK(stats_of(&h).queued_bytes < 700 * KIB);
        }
        CHECK_INT(stats_of(&h).slow_closed, i + 1);
        CHECK_INT(visitor_closed(guests[i]), 1013);
    }
    five_signals_arrive(host, reader, text);
    for (int i = 0; i < CALLS; i++) {
        visitor_free(hosts[i]);
        visitor_free(guests[i]);
    }
    visitor_free(host);
    visitor_free(reader);
    free(text);
    house_close(&h);
}

static void no_message_is_accepted_between_join_and_welcome(void)
{
    struct house h;
    struct visitor *c;
    struct token_claims claims = claims_of("gina", "r1", SEAT_GUEST);
    char token[TOKEN_MAX], text[TOKEN_MAX + 64];
    unsigned char both[TOKEN_MAX + 256];
    size_t len, at;

    house_open(&h, 1);
    c = visitor_open(&h, "r1");
    CHECK_INT(token_sign(&h.ring, PUBLIC_URL, &claims, token, NULL), ERR_OK);
    len = (size_t)snprintf(text, sizeof text, "{\"type\":\"join\",\"token\":\"%s\"}", token);
    at = 0; /* both frames in one segment, so that the second cannot come after the welcome */
    both[at++] = 0x81;
    both[at++] = 0x80 | 126;
    both[at++] = (unsigned char)(len >> 8);
    both[at++] = (unsigned char)len;
    memset(both + at, 0, 4);
    memcpy(both + at + 4, text, len);
    at += 4 + len;
    memcpy(both + at, "\x81\x8e\0\0\0\0{\"type\":\"ice\"}", 20);
    visitor_send_raw(c, both, at + 20);
    finish(&h, c, 1008);
}

static const struct check_test TESTS[] = {
    TEST(the_first_message_is_join),
    TEST(binary_messages_are_refused),
    TEST(bytes_that_are_not_utf8_close),
    TEST(bytes_that_are_neither_utf8_nor_json_close_as_not_utf8),
    TEST(a_message_over_64_kib_closes_before_it_is_kept),
    TEST(a_message_in_fragments_is_one_message),
    TEST(the_largest_message_passes_in_any_pieces),
    TEST(the_third_fault_within_a_minute_closes),
    TEST(unknown_types_are_answered_and_are_no_fault),
    TEST(a_client_that_is_too_fast_is_told_once_then_closed),
    TEST(a_message_dropped_for_pings_is_told),
    TEST(five_chats_a_second),
    TEST(coming_back_gives_no_more_chats),
    TEST(coming_back_gives_no_more_messages),
    TEST(a_seat_is_taken_again_at_most_120_times_a_minute),
    TEST(ten_relay_credentials_a_minute),
    TEST(a_slow_reader_is_cut_and_hurts_nobody),
    TEST(too_much_in_total_cuts_those_who_hold_much_and_nobody_else),
    TEST(no_message_is_accepted_between_join_and_welcome),
    { 0 },
};
CHECK_MAIN(TESTS)
