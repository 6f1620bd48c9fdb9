/* load.c - many connections in one thread, for the benchmarks: idle ones that answer pings, and pairs in which one sends
 * and the other receives. It speaks each server's wire protocol itself, so that the generator is never the limit.
 *
 * usage: load ws|wss|socketio|raw ADDRESS PORT   then commands on standard input, one answer line (JSON) each:
 *   open PATH MESSAGE      connects and says MESSAGE (ws: a `join`); waits until it is seated; {"ok":true,"self":"…"}
 *   buffer BYTES           connections opened from now on get this receive buffer (0: the system's)
 *   slow BYTES             all receivers read this many bytes a second each from now on, ten times a second
 *   pair                   the last two opened connections become receiver and sender
 *   run INFLIGHT SECONDS BYTES RATE PAIRS   the first PAIRS senders keep INFLIGHT messages on the way, or send RATE a second
 *                          (0: as fast as answers come) -> {"messages":…,"seconds":…,"p50_us":…,"p99_us":…,"closed":…}
 *   quit
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "tls_client.h"

#define CONNS_MAX 40000
#define LINE_MAX_BYTES 8192
#define SAMPLES_MAX 2000000
#define ALIVE_NS 5000000000

enum wire { WS, SOCKETIO, RAW };

struct conn {
    int fd;
    SSL *ssl;              /* NULL: in the clear */
    char id[64];           /* its participant id, or socket.io's sid */
    struct conn *receiver; /* set on senders */
    struct conn *sender;   /* set on receivers */
    char *in;              /* bytes not handled yet */
    size_t in_len, in_cap;
    char *out; /* bytes the kernel did not take yet */
    size_t out_len, out_cap;
    size_t raw_bytes; /* RAW: of the message that is arriving */
    int slow_bytes;   /* a second; 0: as fast as it comes */
    int64_t spoke_ns; /* with `slow_bytes`: its last sign of life */
    bool closed;
    int inflight;
    int64_t arrived_ns;  /* when the newest of `in` reached this machine, not when we had time for it */
    int64_t sent_ns[64]; /* when each message on the way was sent, oldest first */
    int sent_head;
};

static enum wire wire;
static bool secure;
static struct sockaddr_in server;
static struct conn *conns[CONNS_MAX];
static int conn_count, epoll_fd;
static struct conn *senders[CONNS_MAX];
static int sender_count;

static struct conn *slow[CONNS_MAX];
static int slow_count, receive_buffer, closed_count;

static bool running;
static int inflight_max;
static size_t message_bytes;
static int64_t messages;
static uint32_t *samples; /* microseconds */
static int64_t sample_count;

/* The clock that the kernel stamps arrivals by. */
static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void die(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void append(char **data, size_t *len, size_t *cap, const void *bytes, size_t n)
{
    if (*len + n + 1 > *cap) {
        *cap = (*len + n + 1) * 2;
        *data = realloc(*data, *cap);
        if (!*data)
            die("realloc");
    }
    memcpy(*data + *len, bytes, n);
    *len += n;
    (*data)[*len] = '\0';
}

static void want_write(struct conn *c, bool yes)
{
    struct epoll_event ev = { .events = (c->slow_bytes ? 0u : EPOLLIN) | (yes ? EPOLLOUT : 0u), .data.ptr = c };

    epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &ev);
}

static ssize_t give(struct conn *c, const void *bytes, size_t n)
{
    return c->ssl ? tls_send(c->ssl, bytes, n) : send(c->fd, bytes, n, MSG_NOSIGNAL);
}

static void flush(struct conn *c)
{
    while (c->out_len > 0) {
        ssize_t n = c->closed ? (ssize_t)c->out_len : give(c, c->out, c->out_len);

        if (n < 0 && c->slow_bytes && (errno == EPIPE || errno == ECONNRESET))
            n = (ssize_t)c->out_len;
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
            want_write(c, true);
            return;
        }
        if (n < 0)
            die("send");
        memmove(c->out, c->out + n, c->out_len - (size_t)n);
        c->out_len -= (size_t)n;
    }
    want_write(c, false);
}

static void put(struct conn *c, const void *bytes, size_t n)
{
    bool idle = c->out_len == 0;
    ssize_t sent = 0;

    if (c->closed)
        return;
    if (idle)
        sent = give(c, bytes, n);
    if (sent < 0 && c->slow_bytes && (errno == EPIPE || errno == ECONNRESET))
        return; /* the reading side will find out */
    if (sent < 0 && errno != EAGAIN)
        die("send");
    if (sent < 0)
        sent = 0;
    if ((size_t)sent == n)
        return;
    append(&c->out, &c->out_len, &c->out_cap, (const char *)bytes + sent, n - (size_t)sent);
    want_write(c, true);
}

/* One masked frame, RFC 6455 §5.2; the mask is zero, which is legal and leaves the bytes as they are. */
static void put_frame(struct conn *c, int opcode, const char *bytes, size_t n)
{
    char frame[14 + 65536];
    size_t head = 2;

    if (n > 65536)
        die("frame too large");
    frame[0] = (char)(0x80 | opcode);
    if (n < 126) {
        frame[1] = (char)(0x80 | n);
    } else if (n < 65536) {
        frame[1] = (char)(0x80 | 126);
        frame[2] = (char)(n >> 8);
        frame[3] = (char)n;
        head = 4;
    }
    memset(frame + head, 0, 4);
    memcpy(frame + head + 4, bytes, n);
    put(c, frame, head + 4 + n);
}

static void fill(char *to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = "abcdefghijklmnop qrstuvwxyz0123456789"[i % 37];
    to[n] = '\0';
}

static void send_message(struct conn *c)
{
    static char filler[65536], text[70000];
    static size_t filled = SIZE_MAX;
    int n = 0;

    if (filled != message_bytes)
        fill(filler, filled = message_bytes);
    c->sent_ns[(c->sent_head + c->inflight++) % 64] = now_ns();
    if (wire == RAW) {
        put(c, filler, message_bytes);
        return;
    }
    if (wire == WS)
        n = snprintf(text, sizeof text,
                     "{\"type\":\"signal\",\"to\":\"%s\",\"data\":{\"pc\":\"main\",\"description\":{\"type\":\"offer\","
                     "\"sdp\":\"%s\"}}}",
                     c->receiver->id, filler);
    else
        n = snprintf(text, sizeof text,
                     "42[\"signal\",{\"to\":\"%s\",\"data\":{\"pc\":\"main\",\"description\":{\"type\":\"offer\","
                     "\"sdp\":\"%s\"}}}]",
                     c->receiver->id, filler);
    put_frame(c, 1, text, (size_t)n);
    if (c->receiver->slow_bytes)
        c->inflight = 0; /* nobody measures when it arrives */
}

static void received(struct conn *receiver)
{
    struct conn *c = receiver->sender;

    if (!c || c->inflight == 0)
        return;
    if (sample_count < SAMPLES_MAX)
        samples[sample_count++] = (uint32_t)((receiver->arrived_ns - c->sent_ns[c->sent_head]) / 1000);
    c->sent_head = (c->sent_head + 1) % 64;
    c->inflight--;
    messages++;
    if (running && inflight_max > 0 && c->inflight < inflight_max)
        send_message(c);
}

/* Copies the text between `before` and the next quote. */
static bool pick(const char *text, const char *before, char *to, size_t size)
{
    const char *at = strstr(text, before), *end;

    if (!at)
        return false;
    at += strlen(before);
    end = strchr(at, '"');
    if (!end || (size_t)(end - at) >= size)
        return false;
    memcpy(to, at, (size_t)(end - at));
    to[end - at] = '\0';
    return true;
}

/* `*seated` becomes true when the connection has its seat. */
static void on_text(struct conn *c, const char *text, size_t n, bool *seated)
{
    if (wire == WS) {
        if (strncmp(text, "{\"type\":\"signal\"", 16) == 0)
            received(c);
        else if (strstr(text, "\"type\":\"welcome\"") && pick(text, "\"self\":\"", c->id, sizeof c->id))
            *seated = true;
        else if (strstr(text, "\"type\":\"error\"") || strstr(text, "\"type\":\"bye\""))
            fprintf(stderr, "load: %.*s\n", (int)(n > 200 ? 200 : n), text);
        return;
    }
    if (text[0] == '2') /* Engine.IO ping */
        put_frame(c, 1, "3", 1);
    else if (strncmp(text, "42[\"signal\"", 11) == 0)
        received(c);
    else if (text[0] == '0')
        put_frame(c, 1, "40", 2);
    else if (strncmp(text, "40", 2) == 0 && pick(text, "\"sid\":\"", c->id, sizeof c->id))
        *seated = true;
}

/* One frame from the front of `in`; false when it is not complete. Servers do not mask and these do not fragment. */
static bool take_frame(struct conn *c, bool *seated)
{
    const unsigned char *p = (const unsigned char *)c->in;
    size_t head = 2, n;
    char *payload, after;

    if (c->in_len < 2)
        return false;
    n = p[1] & 0x7f;
    if (n == 126) {
        if (c->in_len < 4)
            return false;
        n = (size_t)(p[2] << 8 | p[3]);
        head = 4;
    } else if (n == 127) {
        die("frame of 64 KiB or more");
    }
    if (c->in_len < head + n)
        return false;
    payload = c->in + head;
    after = payload[n];
    payload[n] = '\0';
    if ((p[0] & 15) == 1)
        on_text(c, payload, n, seated);
    else if ((p[0] & 15) == 9)
        put_frame(c, 10, payload, n);
    else if ((p[0] & 15) == 8)
        fprintf(stderr, "load: closed by the server: %d %s\n",
                n >= 2 ? (unsigned char)payload[0] << 8 | (unsigned char)payload[1] : 0, n > 2 ? payload + 2 : "");
    payload[n] = after;
    memmove(c->in, c->in + head + n, c->in_len - head - n);
    c->in_len -= head + n;
    return true;
}

static void take_raw(struct conn *c)
{
    c->raw_bytes += c->in_len;
    c->in_len = 0;
    for (; message_bytes && c->raw_bytes >= message_bytes; c->raw_bytes -= message_bytes)
        received(c);
}

/* recv() that also asks for the time of arrival: a delay in a busy generator is not the server's. */
static ssize_t recv_stamped(struct conn *c, char *chunk, size_t size)
{
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(struct timespec))];
    } control;
    struct iovec to = { chunk, size };
    struct msghdr msg = {
        .msg_iov = &to, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room
    };
    ssize_t n = c->ssl ? tls_recv(c->ssl, chunk, size) : recvmsg(c->fd, &msg, 0);
    struct timespec at;

    c->arrived_ns = now_ns();
    for (struct cmsghdr *m = n > 0 && !c->ssl ? CMSG_FIRSTHDR(&msg) : NULL; m; m = CMSG_NXTHDR(&msg, m))
        if (m->cmsg_level == SOL_SOCKET && m->cmsg_type == SCM_TIMESTAMPNS) {
            memcpy(&at, CMSG_DATA(m), sizeof at);
            c->arrived_ns = (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
        }
    return n;
}

static bool read_some(struct conn *c, bool *seated)
{
    char chunk[65536];
    ssize_t n = recv_stamped(c, chunk, sizeof chunk);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (n <= 0)
        return false;
    append(&c->in, &c->in_len, &c->in_cap, chunk, (size_t)n);
    if (wire == RAW)
        take_raw(c);
    else
        while (take_frame(c, seated))
            ;
    return true;
}

/* Reads the answer to the upgrade; bytes after its empty line stay in `in`. */
static bool upgrade(struct conn *c, const char *path)
{
    char request[1024], chunk[4096];
    char *end;

    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: "
             "Upgrade\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n",
             path, ntohs(server.sin_port), wire == WS ? "Sec-WebSocket-Protocol: parlour.v1\r\n" : "");
    if (give(c, request, strlen(request)) < 0)
        return false;
    while (!c->in || !(end = strstr(c->in, "\r\n\r\n"))) {
        ssize_t n = c->ssl ? tls_recv(c->ssl, chunk, sizeof chunk) : recv(c->fd, chunk, sizeof chunk, 0);

        if (n <= 0)
            return false;
        append(&c->in, &c->in_len, &c->in_cap, chunk, (size_t)n);
    }
    if (strncmp(c->in, "HTTP/1.1 101", 12) != 0) {
        fprintf(stderr, "load: %.200s\n", c->in);
        return false;
    }
    end += 4;
    c->in_len -= (size_t)(end - c->in);
    memmove(c->in, end, c->in_len + 1);
    return true;
}

static struct conn *open_conn(const char *path, const char *message)
{
    struct conn *c = calloc(1, sizeof *c);
    int one = 1;
    bool seated = wire == RAW;
    struct epoll_event ev = { .events = EPOLLIN };

    if (!c || conn_count == CONNS_MAX)
        die("too many connections");
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(c->fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
    if (receive_buffer)
        setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    if (connect(c->fd, (struct sockaddr *)&server, sizeof server) < 0)
        die("connect");
    if (secure && !(c->ssl = tls_greet(c->fd)))
        die("handshake");
    ev.data.ptr = c;
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &ev);
    if (wire != RAW && !upgrade(c, path))
        return NULL;
    if (wire == WS)
        put_frame(c, 1, message, strlen(message));
    while (take_frame(c, &seated))
        ;
    while (!seated)
        if (!read_some(c, &seated))
            return NULL;
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    conns[conn_count++] = c;
    return c;
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static void end_conn(struct conn *c)
{
    epoll_ctl(epoll_fd, EPOLL_CTL_DEL, c->fd, NULL);
    c->closed = true;
    closed_count++;
}

/* Reads a tenth of a second's bytes and discards them. Now and then it sends a sign of life. */
static void read_a_little(struct conn *c)
{
    char chunk[65536];
    ssize_t n = c->closed ? -1 : recv(c->fd, chunk, (size_t)(c->slow_bytes / 10), 0);

    if (c->closed)
        return;
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        end_conn(c);
    else if (now_ns() - c->spoke_ns > ALIVE_NS) {
        c->spoke_ns = now_ns();
        put_frame(c, 10, "", 0);
    }
}

/* Each reads ten times a second, one after the other: people on slow links do not read in step. */
static void read_slowly(void)
{
    static int64_t done, from_ns; /* readings since then */
    int64_t due;

    if (slow_count == 0)
        return;
    if (from_ns == 0)
        from_ns = now_ns();
    due = (now_ns() - from_ns) / (100000000 / slow_count);
    if (due - done > slow_count)
        done = due - slow_count; /* late: nobody reads twice */
    for (; done < due; done++)
        read_a_little(slow[done % slow_count]);
}

static void serve_events(int timeout_ms)
{
    struct epoll_event events[256];
    int n = epoll_wait(epoll_fd, events, 256, timeout_ms);
    bool seated;

    read_slowly();
    for (int i = 0; i < n; i++) {
        struct conn *c = events[i].data.ptr;

        if (!c)
            continue;
        if (events[i].events & EPOLLOUT)
            flush(c);
        if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) && (c->slow_bytes || !read_some(c, &seated))) {
            if (!c->slow_bytes)
                fprintf(stderr, "load: a connection was closed\n");
            end_conn(c);
        }
    }
}

static void run(int inflight, double seconds, size_t bytes, double rate, int pairs)
{
    int64_t start, end, step = rate > 0 ? (int64_t)(1e9 / rate) : 0, due;

    pairs = pairs < sender_count ? pairs : sender_count;
    message_bytes = bytes;
    messages = sample_count = 0;
    inflight_max = rate > 0 ? 0 : inflight;
    running = true;
    start = due = now_ns();
    end = start + (int64_t)(seconds * 1e9);
    for (int i = 0; i < pairs && rate <= 0; i++)
        for (int k = 0; k < inflight; k++)
            send_message(senders[i]);
    for (int next = 0; now_ns() < end;) {
        for (; rate > 0 && due <= now_ns(); due += step, next = (next + 1) % pairs)
            if (senders[next]->inflight < 60)
                send_message(senders[next]);
        serve_events(rate > 0 ? 1 : 100);
    }
    running = false;
    double took = (double)(now_ns() - start) / 1e9;
    int64_t counted = messages, timed = sample_count;

    for (int i = 0; i < 20; i++) /* messages still on the way */
        serve_events(10);
    qsort(samples, (size_t)timed, sizeof *samples, by_value);
    printf("{\"messages\":%lld,\"seconds\":%.3f,\"p50_us\":%u,\"p99_us\":%u,\"closed\":%d}\n", (long long)counted, took,
           timed ? samples[timed / 2] : 0, timed ? samples[timed * 99 / 100] : 0, closed_count);
}

static void command(char *line)
{
    char path[256];
    int inflight, pairs, at = 0;
    double seconds, rate;
    size_t bytes;

    if (sscanf(line, "open %255s %n", path, &at) == 1 && at > 0) {
        struct conn *c = open_conn(path, line + at);

        printf(c ? "{\"ok\":true,\"self\":\"%s\"}\n" : "{\"ok\":false}\n", c ? c->id : "");
    } else if (sscanf(line, "buffer %d", &receive_buffer) == 1) {
        printf("{\"ok\":true}\n");
    } else if (sscanf(line, "slow %d", &inflight) == 1) {
        slow_count = 0;
        for (int i = 0; i < sender_count; i++) {
            struct conn *c = slow[slow_count++] = senders[i]->receiver;

            c->slow_bytes = inflight;
            senders[i]->inflight = 0;
            want_write(c, false);
        }
        printf("{\"ok\":true}\n");
    } else if (strcmp(line, "pair") == 0 && conn_count >= 2) {
        struct conn *receiver = conns[conn_count - 2], *sender = conns[conn_count - 1];

        sender->receiver = receiver;
        receiver->sender = sender;
        senders[sender_count++] = sender;
        printf("{\"ok\":true}\n");
    } else if (sscanf(line, "run %d %lf %zu %lf %d", &inflight, &seconds, &bytes, &rate, &pairs) == 5) {
        run(inflight, seconds, bytes, rate, pairs);
    } else if (strcmp(line, "quit") == 0) {
        exit(0);
    } else {
        printf("{\"ok\":false}\n");
    }
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static char lines[1 << 20];
    size_t have = 0;
    struct rlimit files = { 60000, 60000 };
    struct epoll_event ev = { .events = EPOLLIN };

    if (argc != 4)
        return fprintf(stderr, "usage: load ws|wss|socketio|raw ADDRESS PORT\n"), 2;
    secure = strcmp(argv[1], "wss") == 0;
    wire = secure || strcmp(argv[1], "ws") == 0 ? WS : strcmp(argv[1], "socketio") == 0 ? SOCKETIO : RAW;
    server = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[3])) };
    inet_pton(AF_INET, argv[2], &server.sin_addr);
    setrlimit(RLIMIT_NOFILE, &files);
    samples = malloc(SAMPLES_MAX * sizeof *samples);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, 0, &ev);
    fcntl(0, F_SETFL, O_NONBLOCK);
    for (;;) {
        ssize_t n = read(0, lines + have, sizeof lines - have - 1);
        char *end;

        if (n == 0)
            return 0;
        if (n > 0)
            have += (size_t)n;
        lines[have] = '\0';
        while ((end = memchr(lines, '\n', have))) {
            *end = '\0';
            command(lines);
            have -= (size_t)(end + 1 - lines);
            memmove(lines, end + 1, have);
        }
        serve_events(50);
    }
}
