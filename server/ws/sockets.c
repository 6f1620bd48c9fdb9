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
static int64_t mono_ms(const struct sockets *sockets)
{
    return sockets->clients->env.mono_ms(sockets->clients->env.ctx);
}

static void mark(struct conn *conn)
{
    if (!list_linked(&conn->dirty))
        list_add_tail(&conn->ws->dirty, &conn->dirty);
}

void sockets_wake(struct client *client)
{
    if (client->socket)
        mark(client->socket);
}

/* ---- end ---- */

static void on_closed(uv_handle_t *poll)
{
    mem_free(poll->data);
}

static void count_left(struct conn *conn, size_t was)
{
    atomic_fetch_add(&conn->ws->clients->counters->queued_bytes, (long long)conn->left.len - (long long)was);
}

static void end(struct conn *conn)
{
    size_t was = conn->left.len;

    list_remove(&conn->alive);
    list_remove(&conn->dirty);
    buf_clear(&conn->left);
    count_left(conn, was);
    buf_clear(&conn->ping);
    frame_reader_clear(&conn->reader);
    uv_close((uv_handle_t *)&conn->poll, on_closed); /* takes the descriptor out of the loop at once */
    close(conn->fd);
    conn->client->socket = NULL;
    client_free(conn->client);
}

/* ---- out ---- */

static void add_control(struct buf *out, enum frame_kind kind, const void *bytes, size_t len)
{
    char head[FRAME_HEAD_MAX];

    buf_add(out, head, frame_head(head, kind, len));
    buf_add(out, bytes, len);
}

/* The text is written behind a head of the most common size, and moved for other sizes. */
static void add_text(struct buf *out, struct client *client, size_t room)
{
    enum { USUAL = 4 };
    char head[FRAME_HEAD_MAX], *at = buf_reserve(out, FRAME_HEAD_MAX + room);
    size_t len = client_frame(client, at + USUAL), head_len = frame_head(head, FRAME_TEXT, len);

    if (head_len != USUAL)
        memmove(at + head_len, at + USUAL, len);
    memcpy(at, head, head_len);
    buf_advance(out, head_len + len);
}

static void add_close(struct conn *conn, struct buf *out, int code)
{
    unsigned char bytes[2] = { (unsigned char)(code >> 8), (unsigned char)code };

    add_control(out, FRAME_CLOSE, bytes, sizeof bytes);
    conn->bye_said = true;
}

/* Collects frames to send now, as much as one write should take. */
static void gather(struct conn *conn, struct buf *out)
{
    struct client *client = conn->client;
    size_t room;
    int code;

    if (conn->pong_due)
        add_control(out, FRAME_PONG, buf_text(&conn->ping), conn->ping.len);
    if (conn->ping_due)
        add_control(out, FRAME_PING, "", 0);
    conn->pong_due = conn->ping_due = false;
    while (!client->drop && out->len < WRITE_BYTES && (room = client_frame_room(client)) > 0)
        add_text(out, client, room);
    if (out->len < WRITE_BYTES && (code = client_close_due(client)) != 0)
        add_close(conn, out, code);
}

/* The number of bytes that the socket takes; -1: it is broken. */
static ssize_t take(struct conn *conn, const struct buf *bytes)
{
    ssize_t sent = send(conn->fd, bytes->data, bytes->len, MSG_NOSIGNAL);

    return sent >= 0 || (errno != EAGAIN && errno != EINTR && errno != ENOBUFS) ? sent : 0;
}

static bool write_left(struct conn *conn)
{
    size_t was = conn->left.len;
    ssize_t sent = take(conn, &conn->left);

    if (sent < 0)
        return false;
    buf_consume(&conn->left, (size_t)sent);
    if (conn->left.len == 0)
        buf_clear(&conn->left);
    count_left(conn, was);
    return true;
}

static bool write_more(struct conn *conn)
{
    struct buf *out = &conn->ws->out;
    bool more = true, fine = true;

    while (fine && more && !conn->bye_said && conn->left.len == 0) {
        ssize_t sent = 0;

        buf_reset(out);
        gather(conn, out);
        more = out->len >= WRITE_BYTES;
        if (out->len > 0)
            sent = take(conn, out);
        fine = sent >= 0;
        if (fine && (size_t)sent < out->len) {
            conn->left.max = out->len - (size_t)sent; /* no more than it takes: thousands may wait like this */
            buf_add(&conn->left, out->data + sent, out->len - (size_t)sent);
            count_left(conn, 0);
        }
    }
    if (out->cap > SCRATCH_KEEP)
        buf_clear(out);
    return fine;
}

static void on_event(uv_poll_t *poll, int status, int events);

static void listen_for(struct conn *conn, bool writable)
{
    if (conn->writing != writable)
        (void)uv_poll_start(&conn->poll, writable ? UV_READABLE | UV_WRITABLE : UV_READABLE, on_event);
    conn->writing = writable;
}

/* §7.1.1: both have sent a close, or they send nothing valid: our side ends, and then they end theirs. */
static void flush(struct conn *conn)
{
    if (conn->client->overdue || (conn->left.len > 0 && !write_left(conn)) || !write_more(conn)) {
        end(conn);
        return;
    }
    listen_for(conn, conn->left.len > 0);
    if (conn->bye_said && conn->deaf && conn->left.len == 0)
        (void)shutdown(conn->fd, SHUT_WR);
}

static void on_end_of_turn(uv_prepare_t *prepare)
{
    struct sockets *sockets = prepare->data;

    while (!list_empty(&sockets->dirty)) {
        struct conn *conn = list_entry(sockets->dirty.next, struct conn, dirty);

        list_remove(&conn->dirty);
        flush(conn);
    }
}

/* ---- in ---- */

static void heard(struct conn *conn)
{
    conn->due_ms = (int64_t)uv_now(conn->ws->loop) + PING_MS;
    list_remove(&conn->alive);
    list_add_tail(&conn->ws->silent, &conn->alive);
}

/* Bytes after it are not read (§5.5.1), and the only answer is the same code. */
static void on_goodbye(struct conn *conn, const char *bytes, size_t len)
{
    int code = frame_close_code(bytes, len);

    if (code == 0)
        code = CLOSE_PROTOCOL;
    else if (code == FRAME_NO_CODE)
        code = CLOSE_NORMAL;
    conn->deaf = true;
    conn->client->drop = true;
    client_close(conn->client, (enum close_code)code, NULL);
    mark(conn);
}

/* They cost us as much as messages, and count as messages. */
static void on_control(struct conn *conn, enum frame_kind kind, const char *bytes, size_t len)
{
    if (pace_take(&conn->client->pace, &conn->ws->clients->limits->rate, len, mono_ms(conn->ws)) == PACE_FLOODING) {
        client_close(conn->client, CLOSE_FLOODING, "flooding");
    } else if (kind == FRAME_PING) {
        buf_reset(&conn->ping);
        buf_add(&conn->ping, bytes, len);
        conn->pong_due = true;
        mark(conn);
    }
}

/* Whole messages and control frames are signs of life; bytes of an endless frame are not. */
static bool on_frame(void *ctx, enum frame_kind kind, const char *bytes, size_t len)
{
    struct conn *conn = ctx;

    heard(conn);
    if (kind == FRAME_CLOSE)
        on_goodbye(conn, bytes, len);
    else if (conn->client->phase == CLIENT_CLOSING)
        return true;
    else if (kind == FRAME_TEXT)
        client_message(conn->client, bytes, len);
    else if (kind == FRAME_BINARY)
        client_unreadable(conn->client, CLOSE_BINARY);
    else
        on_control(conn, kind, bytes, len);
    return !conn->deaf;
}

static void on_readable(struct conn *conn)
{
    char *in = conn->ws->in;
    ssize_t got = recv(conn->fd, in, FRAME_CHUNK_MAX, 0);
    int fault;

    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        end(conn);
        return;
    }
    if (got < 0 || conn->deaf)
        return;
    fault = frame_read(&conn->reader, in, (size_t)got, on_frame, conn);
    if (fault) {
        conn->deaf = true;
        client_unreadable(conn->client, (enum close_code)fault);
        mark(conn);
    }
}

static void on_event(uv_poll_t *poll, int status, int events)
{
    struct conn *conn = poll->data;

    if (events & UV_WRITABLE)
        mark(conn);
    if (status < 0)
        end(conn);
    else if (events & UV_READABLE)
        on_readable(conn);
}

void sockets_look(struct client *client)
{
    if (client->socket)
        on_readable(client->socket);
}

void sockets_tick(struct sockets *sockets)
{
    int64_t now_ms = (int64_t)uv_now(sockets->loop);
    struct list *it, *tmp;

    list_each(it, tmp, &sockets->asked)
    {
        struct conn *conn = list_entry(it, struct conn, alive);

        if (now_ms < conn->due_ms)
            break;
        end(conn);
    }
    list_each(it, tmp, &sockets->silent)
    {
        struct conn *conn = list_entry(it, struct conn, alive);

        if (now_ms < conn->due_ms)
            break;
        conn->due_ms = now_ms + HANGUP_MS;
        list_remove(&conn->alive);
        list_add_tail(&sockets->asked, &conn->alive);
        conn->ping_due = true;
        mark(conn);
    }
}

/* ---- life ---- */

struct sockets *sockets_new(uv_loop_t *loop, struct clients *clients)
{
    struct sockets *sockets = mem_new(sizeof *sockets);

    sockets->clients = clients;
    sockets->loop = loop;
    sockets->in = mem_new(FRAME_CHUNK_MAX);
    sockets->out.max = SIZE_MAX / 2;
    list_init(&sockets->dirty);
    list_init(&sockets->silent);
    list_init(&sockets->asked);
    uv_prepare_init(loop, &sockets->end_of_turn);
    uv_prepare_start(&sockets->end_of_turn, on_end_of_turn);
    sockets->end_of_turn.data = sockets;
    return sockets;
}

void sockets_close(struct sockets *sockets)
{
    struct list *all[] = { &sockets->silent, &sockets->asked };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        while (!list_empty(all[i]))
            end(list_entry(all[i]->next, struct conn, alive));
    uv_close((uv_handle_t *)&sockets->end_of_turn, NULL);
}

void sockets_free(struct sockets *sockets)
{
    buf_clear(&sockets->out);
    mem_free(sockets->in);
    mem_free(sockets);
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

bool sockets_adopt(struct sockets *sockets, int fd, const char *path, const char *key, const char *address,
                   int64_t unjoined)
{
    struct conn *conn = mem_new(sizeof *conn);
    unsigned unacked_ms = UNACKED_MS, not_sent = NOT_SENT_BYTES;

    if (uv_poll_init(sockets->loop, &conn->poll, fd) != 0) {
        mem_free(conn);
        return false;
    }
    conn->poll.data = conn;
    (void)uv_poll_start(&conn->poll, UV_READABLE, on_event);

    /* fails for the socket pair of TLS: there the far end watches TCP, and only the pair must not hide what is unread */
    if (setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacked_ms, sizeof unacked_ms) != 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &not_sent, sizeof not_sent);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &not_sent, sizeof not_sent);
    conn->ws = sockets;
    conn->fd = fd;
    conn->ping.max = FRAME_CONTROL_MAX;
    conn->left.max = SIZE_MAX / 2;
    frame_reader_init(&conn->reader, ENVELOPE_MAX);
    conn->client = client_new(sockets->clients, path, address, mono_ms(sockets));
    conn->client->socket = conn;
    conn->client->unjoined = unjoined;
    list_add_tail(&sockets->silent, &conn->alive);
    heard(conn);
    add_handshake(&conn->left, key);
    count_left(conn, 0);
    mark(conn);
    return true;
}
