#include "ws/sockets.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "domain/crypto.h"
#include "util/mem.h"
#include "util/str.h"
#include "ws/client.h"
#include "ws/envelope.h"
#include "ws/frame.h"

#define PING_MS 20000    /* a silent client gets a ping after this */
#define HANGUP_MS 10000  /* and is cut after this long without a sign of life */
#define UNACKED_MS 25000 /* TCP gives up on unacknowledged bytes (RFC 5482) */
#define WRITE_BYTES 65536
#define NOT_SENT_BYTES 65536 /* the kernel buffers no more than this: otherwise it hides megabytes of a slow reader */
#define SCRATCH_KEEP (2 * WRITE_BYTES) /* larger: for one large message */

struct sockets {
    struct clients *clients;
    uv_loop_t *loop;
    uv_prepare_t end_of_turn;
    struct list dirty;         /* to be written at the end of this turn */
    struct list silent, asked; /* all connections, by the time last heard, and by the time of the ping */
    char *in;                  /* FRAME_CHUNK_MAX: the bytes of one read */
    struct buf out;            /* the bytes of one write */
};

/* One socket. It lives as long as its client. */
struct conn {
    uv_poll_t poll;
    struct sockets *ws;
    struct client *client;
    int fd;
    bool writing;   /* waits until the socket takes more */
    bool deaf;      /* further bytes are discarded: they sent a close, or an invalid frame */
    bool bye_said;  /* our close frame is written, or in `left` */
    bool ping_due;  /* to be written with the next frames */
    bool pong_due;  /* with `ping` in it, the last that came (§5.5.3) */
    int64_t due_ms; /* when to ping it, or to cut it */
    struct list alive, dirty;
    struct frame_reader reader;
    struct buf ping;
    struct buf left; /* the socket has not yet taken these bytes */
};

/* The clients' clock, for their pace and deadlines; uv_now() is the beginning of this turn. */
static int64_t mono_ms(const struct sockets *w)
{
    return w->clients->env.mono_ms(w->clients->env.ctx);
}

static void mark(struct conn *c)
{
    if (!list_linked(&c->dirty))
        list_add_tail(&c->ws->dirty, &c->dirty);
}

void sockets_wake(struct client *p)
{
    if (p->socket)
        mark(p->socket);
}

/* ---- end ---- */

static void on_closed(uv_handle_t *poll)
{
    mem_free(poll->data);
}

static void count_left(struct conn *c, size_t was)
{
    atomic_fetch_add(&c->ws->clients->counters->queued_bytes, (long long)c->left.len - (long long)was);
}

static void end(struct conn *c)
{
    size_t was = c->left.len;

    list_remove(&c->alive);
    list_remove(&c->dirty);
    buf_clear(&c->left);
    count_left(c, was);
    buf_clear(&c->ping);
    frame_reader_clear(&c->reader);
    uv_close((uv_handle_t *)&c->poll, on_closed); /* takes the descriptor out of the loop at once */
    close(c->fd);
    c->client->socket = NULL;
    client_free(c->client);
}

/* ---- out ---- */

static void add_control(struct buf *out, enum frame_kind kind, const void *bytes, size_t len)
{
    char head[FRAME_HEAD_MAX];

    buf_add(out, head, frame_head(head, kind, len));
    buf_add(out, bytes, len);
}

/* The text is written behind a head of the most common size, and moved for other sizes. */
static void add_text(struct buf *out, struct client *p, size_t room)
{
    enum { USUAL = 4 };
    char head[FRAME_HEAD_MAX], *at = buf_reserve(out, FRAME_HEAD_MAX + room);
    size_t len = client_frame(p, at + USUAL), head_len = frame_head(head, FRAME_TEXT, len);

    if (head_len != USUAL)
        memmove(at + head_len, at + USUAL, len);
    memcpy(at, head, head_len);
    buf_advance(out, head_len + len);
}

static void add_close(struct conn *c, struct buf *out, int code)
{
    unsigned char bytes[2] = { (unsigned char)(code >> 8), (unsigned char)code };

    add_control(out, FRAME_CLOSE, bytes, sizeof bytes);
    c->bye_said = true;
}

/* Collects frames to send now, as much as one write should take. */
static void gather(struct conn *c, struct buf *out)
{
    struct client *p = c->client;
    size_t room;
    int code;

    if (c->pong_due)
        add_control(out, FRAME_PONG, buf_text(&c->ping), c->ping.len);
    if (c->ping_due)
        add_control(out, FRAME_PING, "", 0);
    c->pong_due = c->ping_due = false;
    while (!p->drop && out->len < WRITE_BYTES && (room = client_frame_room(p)) > 0)
        add_text(out, p, room);
    if (out->len < WRITE_BYTES && (code = client_close_due(p)) != 0)
        add_close(c, out, code);
}

/* The number of bytes that the socket takes; -1: it is broken. */
static ssize_t take(struct conn *c, const struct buf *bytes)
{
    ssize_t sent = send(c->fd, bytes->data, bytes->len, MSG_NOSIGNAL);

    return sent >= 0 || (errno != EAGAIN && errno != EINTR && errno != ENOBUFS) ? sent : 0;
}

static bool write_left(struct conn *c)
{
    size_t was = c->left.len;
    ssize_t sent = take(c, &c->left);

    if (sent < 0)
        return false;
    buf_consume(&c->left, (size_t)sent);
    if (c->left.len == 0)
        buf_clear(&c->left);
    count_left(c, was);
    return true;
}

static bool write_more(struct conn *c)
{
    struct buf *out = &c->ws->out;
    bool more = true, fine = true;

    while (fine && more && !c->bye_said && c->left.len == 0) {
        ssize_t sent = 0;

        buf_reset(out);
        gather(c, out);
        more = out->len >= WRITE_BYTES;
        if (out->len > 0)
            sent = take(c, out);
        fine = sent >= 0;
        if (fine && (size_t)sent < out->len) {
            c->left.max = out->len - (size_t)sent; /* no more than it takes: thousands may wait like this */
            buf_add(&c->left, out->data + sent, out->len - (size_t)sent);
            count_left(c, 0);
        }
    }
    if (out->cap > SCRATCH_KEEP)
        buf_clear(out);
    return fine;
}

static void on_event(uv_poll_t *poll, int status, int events);

static void listen_for(struct conn *c, bool writable)
{
    if (c->writing != writable)
        (void)uv_poll_start(&c->poll, writable ? UV_READABLE | UV_WRITABLE : UV_READABLE, on_event);
    c->writing = writable;
}

/* §7.1.1: both have sent a close, or they send nothing valid: our side ends, and then they end theirs. */
static void flush(struct conn *c)
{
    if (c->client->overdue || (c->left.len > 0 && !write_left(c)) || !write_more(c)) {
        end(c);
        return;
    }
    listen_for(c, c->left.len > 0);
    if (c->bye_said && c->deaf && c->left.len == 0)
        (void)shutdown(c->fd, SHUT_WR);
}

static void on_end_of_turn(uv_prepare_t *prepare)
{
    struct sockets *w = prepare->data;

    while (!list_empty(&w->dirty)) {
        struct conn *c = list_entry(w->dirty.next, struct conn, dirty);

        list_remove(&c->dirty);
        flush(c);
    }
}

/* ---- in ---- */

static void heard(struct conn *c)
{
    c->due_ms = (int64_t)uv_now(c->ws->loop) + PING_MS;
    list_remove(&c->alive);
    list_add_tail(&c->ws->silent, &c->alive);
}

/* Bytes after it are not read (§5.5.1), and the only answer is the same code. */
static void on_goodbye(struct conn *c, const char *bytes, size_t len)
{
    int code = frame_close_code(bytes, len);

    if (code == 0)
        code = CLOSE_PROTOCOL;
    else if (code == FRAME_NO_CODE)
        code = CLOSE_NORMAL;
    c->deaf = true;
    c->client->drop = true;
    client_close(c->client, (enum close_code)code, NULL);
    mark(c);
}

/* They cost us as much as messages, and count as messages. */
static void on_control(struct conn *c, enum frame_kind kind, const char *bytes, size_t len)
{
    if (pace_take(&c->client->pace, &c->ws->clients->limits->rate, len, mono_ms(c->ws)) == PACE_FLOODING) {
        client_close(c->client, CLOSE_FLOODING, "flooding");
    } else if (kind == FRAME_PING) {
        buf_reset(&c->ping);
        buf_add(&c->ping, bytes, len);
        c->pong_due = true;
        mark(c);
    }
}

/* Whole messages and control frames are signs of life; bytes of an endless frame are not. */
static bool on_frame(void *ctx, enum frame_kind kind, const char *bytes, size_t len)
{
    struct conn *c = ctx;

    heard(c);
    if (kind == FRAME_CLOSE)
        on_goodbye(c, bytes, len);
    else if (c->client->phase == CLIENT_CLOSING)
        return true;
    else if (kind == FRAME_TEXT)
        client_message(c->client, bytes, len);
    else if (kind == FRAME_BINARY)
        client_unreadable(c->client, CLOSE_BINARY);
    else
        on_control(c, kind, bytes, len);
    return !c->deaf;
}

static void on_readable(struct conn *c)
{
    char *in = c->ws->in;
    ssize_t got = recv(c->fd, in, FRAME_CHUNK_MAX, 0);
    int fault;

    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        end(c);
        return;
    }
    if (got < 0 || c->deaf)
        return;
    fault = frame_read(&c->reader, in, (size_t)got, on_frame, c);
    if (fault) {
        c->deaf = true;
        client_unreadable(c->client, (enum close_code)fault);
        mark(c);
    }
}

static void on_event(uv_poll_t *poll, int status, int events)
{
    struct conn *c = poll->data;

    if (events & UV_WRITABLE)
        mark(c);
    if (status < 0)
        end(c);
    else if (events & UV_READABLE)
        on_readable(c);
}

void sockets_look(struct client *p)
{
    if (p->socket)
        on_readable(p->socket);
}

void sockets_tick(struct sockets *w)
{
    int64_t now_ms = (int64_t)uv_now(w->loop);
    struct list *it, *tmp;

    list_each(it, tmp, &w->asked)
    {
        struct conn *c = list_entry(it, struct conn, alive);

        if (now_ms < c->due_ms)
            break;
        end(c);
    }
    list_each(it, tmp, &w->silent)
    {
        struct conn *c = list_entry(it, struct conn, alive);

        if (now_ms < c->due_ms)
            break;
        c->due_ms = now_ms + HANGUP_MS;
        list_remove(&c->alive);
        list_add_tail(&w->asked, &c->alive);
        c->ping_due = true;
        mark(c);
    }
}

/* ---- life ---- */

struct sockets *sockets_new(uv_loop_t *loop, struct clients *clients)
{
    struct sockets *w = mem_new(sizeof *w);

    w->clients = clients;
    w->loop = loop;
    w->in = mem_new(FRAME_CHUNK_MAX);
    w->out.max = SIZE_MAX / 2;
    list_init(&w->dirty);
    list_init(&w->silent);
    list_init(&w->asked);
    uv_prepare_init(loop, &w->end_of_turn);
    uv_prepare_start(&w->end_of_turn, on_end_of_turn);
    w->end_of_turn.data = w;
    return w;
}

void sockets_close(struct sockets *w)
{
    struct list *all[] = { &w->silent, &w->asked };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        while (!list_empty(all[i]))
            end(list_entry(all[i]->next, struct conn, alive));
    uv_close((uv_handle_t *)&w->end_of_turn, NULL);
}

void sockets_free(struct sockets *w)
{
    buf_clear(&w->out);
    mem_free(w->in);
    mem_free(w);
}

/* §4.2.2: the answer that a browser requires of a WebSocket. */
static void add_handshake(struct buf *out, const char *key)
{
    char text[WS_KEY_LEN + 37], accept[STR_BASE64_SIZE(20)];
    uint8_t digest[20];
    int len = snprintf(text, sizeof text, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);

    crypto_sha1(text, (size_t)len, digest);
    str_base64(accept, digest, sizeof digest);
    buf_printf(out,
               "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Protocol: parlour.v1\r\n\r\n",
               accept);
}

bool sockets_adopt(struct sockets *w, int fd, const char *path, const char *key, const char *address, int64_t unjoined)
{
    struct conn *c = mem_new(sizeof *c);
    unsigned unacked_ms = UNACKED_MS, not_sent = NOT_SENT_BYTES;

    if (uv_poll_init(w->loop, &c->poll, fd) != 0) {
        mem_free(c);
        return false;
    }
    c->poll.data = c;
    (void)uv_poll_start(&c->poll, UV_READABLE, on_event);

    /* both fail for the socket pair under built-in TLS, where the far end watches TCP */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacked_ms, sizeof unacked_ms);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &not_sent, sizeof not_sent);
    c->ws = w;
    c->fd = fd;
    c->ping.max = FRAME_CONTROL_MAX;
    c->left.max = SIZE_MAX / 2;
    frame_reader_init(&c->reader, ENVELOPE_MAX);
    c->client = client_new(w->clients, path, address, mono_ms(w));
    c->client->socket = c;
    c->client->unjoined = unjoined;
    list_add_tail(&w->silent, &c->alive);
    heard(c);
    add_handshake(&c->left, key);
    count_left(c, 0);
    mark(c);
    return true;
}
