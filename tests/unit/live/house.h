/* house.h - a running hub over a real store in a temporary folder, and clients that speak WebSocket by hand (RFC 6455) on
 * one end of a TCP pair whose other end was handed to it. */
#ifndef TESTS_LIVE_HOUSE_H
#define TESTS_LIVE_HOUSE_H

#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include "domain/crypto.h"
#include "live/hub.h"
#include "store/store_sessions.h"
#include "tests/unit/store/fixture.h"
#include "util/clock.h"

#define PUBLIC_URL "http://localhost:8080"
#define WAIT_MS 8000

struct house {
    struct fixture store;
    struct store_worker *worker;
    struct key_ring ring;
    struct hub_settings settings;
    struct hub *hub;
};

static const uint8_t PARTICIPANT_KEY[KEY_BYTES] = { 7 };
static const char *const TURN_URLS[] = { "turn:127.0.0.1:3478?transport=udp", NULL };

static inline void house_start(struct house *h)
{
    struct seat_list seats = { 0 };
    struct room_list rooms = { 0 };

    CHECK_INT(store_worker_start(h->store.db, 4096, &h->worker, &h->store.e), ERR_OK);
    CHECK_INT(store_seat_list_open(h->store.s, &seats, &h->store.e), ERR_OK);
    CHECK_INT(store_room_list(h->store.s, "", "", 100, &rooms, &h->store.e), ERR_OK);
    if (!CHECK_INT(hub_start(&h->settings, h->worker, seats.items, seats.count, rooms.items, rooms.count, &h->hub,
                             &h->store.e),
                   ERR_OK))
        exit(1);
    seat_list_clear(&seats);
    room_list_clear(&rooms);
}

static inline void house_stop(struct house *h)
{
    hub_stop(h->hub, 3000);
    store_worker_stop(h->worker);
}

static inline void house_open(struct house *h, int shards)
{
    signal(SIGPIPE, SIG_IGN);
    memset(h, 0, sizeof *h);
    h->store = fixture_new();
    fixture_fill(&h->store);
    crypto_new_id(h->ring.keys[0].kid);
    crypto_sign_pair(h->ring.keys[0].public_key, h->ring.keys[0].secret_key);
    h->ring.count = 1;
    h->settings = (struct hub_settings){
        .shards = shards,
        .max_sockets = 10000,
        .max_unjoined = 512,
        .max_unjoined_per_address = 16,
        .rate_per_s = 50,
        .burst = 200,
        .socket_queue_bytes = 512 * 1024,
        .total_queue_bytes = 256 * 1024 * 1024,
        .public_url = PUBLIC_URL,
        .ring = &h->ring,
        .participant_key = PARTICIPANT_KEY,
        .turn_urls = TURN_URLS,
        .turn_secret = "relay secret",
    };
    house_start(h);
}

static inline void house_close(struct house *h)
{
    house_stop(h);
    fixture_end(&h->store);
}

/* A token that names a sign-in is valid only while the sign-in exists. */
static inline void house_sign_in(struct house *h, const char *session_id, const char *user_id)
{
    struct session x = { .created_ms = clock_wall_ms(),
                         .seen_ms = clock_wall_ms(),
                         .expires_ms = clock_wall_ms() + 3600000 };

    snprintf(x.id, ID_SIZE, "%s", session_id);
    snprintf(x.user_id, ID_SIZE, "%s", user_id);
    crypto_digest(session_id, strlen(session_id), x.cookie_hash);
    CHECK_INT(WRITE(h->store, store_session_add(h->store.s, &x, &h->store.e)), ERR_OK);
}

/* ---- tokens ---- */

static inline struct token_claims claims_of(const char *id, const char *room, enum seat_role role)
{
    struct token_claims c = { .role = role,
                              .name_from = role == SEAT_HOST ? NAME_FROM_ACCOUNT : NAME_FROM_SELF,
                              .grants = 15 };

    snprintf(c.sub, ID_SIZE, "%s", id);
    snprintf(c.room, ID_SIZE, "%s", room);
    snprintf(c.name, NAME_SIZE, "Name of %s", id);
    snprintf(c.jti, ID_SIZE, "jti-%s", id);
    if (role == SEAT_HOST)
        snprintf(c.user_id, ID_SIZE, "u1");
    c.iat_ms = c.nbf_ms = clock_wall_ms() / 1000 * 1000;
    c.exp_ms = c.iat_ms + TOKEN_TTL_MS;
    return c;
}

/* ---- a client ---- */

struct visitor {
    int fd;
    char in[1 << 20];
    size_t len;
    int close_code; /* 0 open, -1 cut without a close frame */
    int64_t seq;    /* of the last numbered message */
    bool seq_broken;
    char id[ID_SIZE];
    char ticket[64];
};

static inline void tcp_pair(int fds[2])
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;

    bind(listener, (struct sockaddr *)&at, sizeof at);
    listen(listener, 1);
    getsockname(listener, (struct sockaddr *)&at, &size);
    fds[0] = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fds[0], (struct sockaddr *)&at, sizeof at) != 0)
        perror("connect");
    fds[1] = accept(listener, NULL, NULL);
    for (int i = 0; i < 2; i++) /* as the front door does */
        setsockopt(fds[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    close(listener);
}

static inline struct visitor *visitor_free(struct visitor *c)
{
    if (c->fd >= 0)
        close(c->fd);
    free(c);
    return NULL;
}

/* Reads until `in` holds more, or WAIT_MS are over. */
static inline bool visitor_read(struct visitor *c, int wait_ms)
{
    struct pollfd p = { .fd = c->fd, .events = POLLIN };
    ssize_t n;

    if (poll(&p, 1, wait_ms) <= 0)
        return false;
    n = recv(c->fd, c->in + c->len, sizeof c->in - 1 - c->len, 0);
    if (n <= 0) {
        if (!c->close_code)
            c->close_code = -1;
        return false;
    }
    c->len += (size_t)n;
    c->in[c->len] = '\0';
    return true;
}

static inline void visitor_drop(struct visitor *c, size_t n)
{
    memmove(c->in, c->in + n, c->len - n + 1);
    c->len -= n;
}

static inline struct visitor *visitor_open_from(struct house *h, const char *room, const char *address)
{
    struct visitor *c = calloc(1, sizeof *c);
    int fds[2];
    char *end;

    tcp_pair(fds);
    c->fd = fds[0];
    if (hub_adopt(h->hub, fds[1], room, "dGhlIHNhbXBsZSBub25jZQ==", address) != ERR_OK)
        return visitor_free(c);
    while (!(end = strstr(c->in, "\r\n\r\n")) && visitor_read(c, WAIT_MS))
        ;
    if (!end)
        return visitor_free(c);
    CHECK(strstr(c->in, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != NULL); /* RFC 6455 §1.3 */
    visitor_drop(c, (size_t)(end + 4 - c->in));
    return c;
}

static inline struct visitor *visitor_open(struct house *h, const char *room)
{
    return visitor_open_from(h, room, "127.0.0.1");
}

static inline void visitor_send_raw(struct visitor *c, const void *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t n = send(c->fd, (const char *)bytes + at, len - at, 0);

        if (n <= 0)
            return;
        at += (size_t)n;
    }
}

/* One frame; the mask is zero, which is as good as any. */
static inline void visitor_frame(struct visitor *c, int first_byte, const void *bytes, size_t len)
{
    unsigned char *frame = calloc(1, len + 14);
    size_t head = 2;

    frame[0] = (unsigned char)first_byte;
    if (len < 126) {
        frame[1] = (unsigned char)(0x80 | len);
    } else {
        frame[1] = 0x80 | (len < 65536 ? 126 : 127);
        head = len < 65536 ? 4 : 10;
        for (size_t i = 0; i < head - 2; i++)
            frame[2 + i] = (unsigned char)(len >> 8 * (head - 3 - i));
    }
    memcpy(frame + head + 4, bytes, len);
    visitor_send_raw(c, frame, head + 4 + len);
    free(frame);
}

static inline void visitor_say(struct visitor *c, const char *text)
{
    visitor_frame(c, 0x81, text, strlen(text));
}

/* The next message of any kind; NULL when none comes in time or the socket closes. The caller's reference. */
static inline json_t *visitor_next(struct visitor *c, int wait_ms)
{
    for (;;) {
        const unsigned char *f = (const unsigned char *)c->in;
        size_t head = 2, len = c->len >= 2 ? f[1] & 0x7f : 0;
        json_t *m;

        if (c->close_code)
            return NULL;
        if (c->len >= 4 && len == 126) {
            head = 4;
            len = (size_t)f[2] << 8 | f[3];
        } else if (c->len >= 10 && len == 127) {
            head = 10;
            len = (size_t)f[6] << 24 | (size_t)f[7] << 16 | (size_t)f[8] << 8 | f[9];
        }
        if (c->len < head || c->len < head + len) {
            if (!visitor_read(c, wait_ms))
                return NULL;
            continue;
        }
        if ((f[0] & 0x0f) == 8) {
            c->close_code = len >= 2 ? f[head] << 8 | f[head + 1] : 1005;
            visitor_frame(c, 0x88, f + head, len >= 2 ? 2 : 0);
            return NULL;
        }
        if ((f[0] & 0x0f) != 1) {
            visitor_drop(c, head + len);
            continue;
        }
        m = json_loadb(c->in + head, len, JSON_REJECT_DUPLICATES, NULL);
        visitor_drop(c, head + len);
        return m;
    }
}

/* The next message of this type; others on the way are dropped. Numbers are watched. NULL, and a failed check, when none comes. */
static inline json_t *visitor_expect(struct visitor *c, const char *type)
{
    json_t *m;

    while ((m = visitor_next(c, WAIT_MS))) {
        const char *got = json_string_value(json_object_get(m, "type"));
        int64_t seq = json_integer_value(json_object_get(m, "seq"));

        if (strcmp(got, "welcome") == 0)
            c->seq = seq;
        else if (seq > 0 && seq != ++c->seq)
            c->seq_broken = !CHECK_INT(seq, c->seq);
        if (strcmp(got, type) == 0)
            return m;
        json_decref(m);
    }
    printf("no %s came; closed %d\n", type, c->close_code);
    CHECK(m != NULL);
    return NULL;
}

static inline const char *member(const json_t *m, const char *name)
{
    const char *text = json_string_value(json_object_get(m, name));

    return text ? text : "";
}

/* The next message of this type has this text in this member. */
static inline void visitor_hears(struct visitor *c, const char *type, const char *name, const char *text)
{
    json_t *m = visitor_expect(c, type);

    if (!CHECK_STR(member(m, name), text))
        printf("in %s of %s\n", name, type);
    json_decref(m);
}

/* Skips messages until the close. */
static inline int visitor_closed(struct visitor *c)
{
    json_t *m;

    while ((m = visitor_next(c, WAIT_MS)))
        json_decref(m);
    return c->close_code;
}

static inline void visitor_token(struct house *h, struct visitor *c, const struct token_claims *claims)
{
    char token[TOKEN_MAX], text[TOKEN_MAX + 64];
    struct token_claims fresh = *claims;

    crypto_new_id(fresh.jti);
    CHECK_INT(token_sign(&h->ring, PUBLIC_URL, &fresh, token, NULL), ERR_OK);
    snprintf(text, sizeof text, "{\"type\":\"join\",\"token\":\"%s\"}", token);
    visitor_say(c, text);
}

static inline void visitor_show_ticket(struct visitor *c, const char *ticket, int64_t seq)
{
    char text[200];

    snprintf(text, sizeof text, "{\"type\":\"join\",\"resume\":{\"ticket\":\"%s\",\"seq\":%lld}}", ticket,
             (long long)seq);
    visitor_say(c, text);
}

/* Keeps the ticket and number for a later resume. */
static inline json_t *visitor_welcomed(struct visitor *c)
{
    json_t *m = visitor_expect(c, "welcome");

    snprintf(c->id, sizeof c->id, "%s", member(m, "self"));
    snprintf(c->ticket, sizeof c->ticket, "%s", member(json_object_get(m, "resume"), "ticket"));
    return m;
}

static inline struct visitor *visitor_join(struct house *h, const struct token_claims *claims, json_t **welcome)
{
    struct visitor *c = visitor_open(h, claims->room);
    json_t *m;

    if (!CHECK(c != NULL))
        exit(1);
    visitor_token(h, c, claims);
    m = visitor_welcomed(c);
    if (welcome)
        *welcome = m;
    else
        json_decref(m);
    return c;
}

static inline struct visitor *host_in(struct house *h, const char *room)
{
    struct token_claims claims = claims_of("host", room, SEAT_HOST);

    return visitor_join(h, &claims, NULL);
}

static inline struct visitor *guest_at(struct house *h, const char *room, const char *id)
{
    struct token_claims claims = claims_of(id, room, SEAT_GUEST);

    return visitor_join(h, &claims, NULL);
}

/* {"type":TYPE,"participant":ID} */
static inline void visitor_decide(struct visitor *c, const char *type, const char *id)
{
    char text[200];

    snprintf(text, sizeof text, "{\"type\":\"%s\",\"participant\":\"%s\"}", type, id);
    visitor_say(c, text);
}

/* Host and guest inside. */
static inline void call_in(struct house *h, const char *room, struct visitor **host, struct visitor **guest)
{
    *host = host_in(h, room);
    *guest = guest_at(h, room, "gina");
    json_decref(visitor_expect(*host, "participant"));
    visitor_decide(*host, "admit", "gina");
    json_decref(visitor_expect(*guest, "state"));
    json_decref(visitor_expect(*host, "participant"));
}

static inline struct visitor *resume(struct house *h, const char *room, const struct visitor *old, const char *ticket,
                                     json_t **welcome)
{
    struct visitor *c = visitor_open(h, room);

    if (!CHECK(c != NULL))
        exit(1);
    visitor_show_ticket(c, ticket, old->seq);
    *welcome = visitor_welcomed(c);
    return c;
}

#endif
