/* fetch.c - GETs one file over many kept-alive connections, one request at a time on each, and counts whole answers. Bodies are
 * counted and thrown away inside the kernel (tcp(7), MSG_TRUNC), so that the generator's core has time left when the server's
 * has none: wrk copies each byte and is the first to be full at these sizes.
 *
 * usage: fetch ADDRESS PORT PATH CONNECTIONS SECONDS [tls]   -> {"requests":…,"seconds":…,"busy":…}
 * `busy` is the share of the time in which this process had work. An answer that is not 200 with Content-Length ends it. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <fcntl.h>
#include <unistd.h>

#include "tls_client.h"

#define HEAD_MAX 2048

struct conn {
    int fd;
    SSL *ssl;    /* NULL: in the clear */
    size_t have; /* bytes of the head that came */
    size_t left; /* bytes of the body to come; 0: the head is not complete */
    char head[HEAD_MAX + 1];
};

static char request[512];
static size_t request_len;
static int64_t requests;

static void die(const char *what)
{
    fprintf(stderr, "fetch: %s: %s\n", what, errno ? strerror(errno) : "not as expected");
    exit(1);
}

static double seconds_of(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void ask(struct conn *c)
{
    ssize_t sent = c->ssl ? tls_send(c->ssl, request, request_len) : send(c->fd, request, request_len, MSG_NOSIGNAL);

    c->have = c->left = 0;
    if (sent != (ssize_t)request_len)
        die("send");
}

/* The whole answer is here. */
static void done(struct conn *c)
{
    requests++;
    ask(c);
}

static ssize_t receive(struct conn *c, void *to, size_t size)
{
    return c->ssl ? tls_recv(c->ssl, to, size) : recv(c->fd, to, size, MSG_DONTWAIT);
}

/* Bytes of the body that are here; in the clear they need not leave the kernel. */
static ssize_t skip(struct conn *c)
{
    static char body[65536];

    if (c->ssl)
        return tls_recv(c->ssl, body, c->left < sizeof body ? c->left : sizeof body);
    return recv(c->fd, NULL, c->left, MSG_TRUNC | MSG_DONTWAIT);
}

/* Reads on until the head is complete; bytes of the body that came with it are counted. */
static void take_head(struct conn *c)
{
    ssize_t n = receive(c, c->head + c->have, HEAD_MAX - c->have);
    const char *end, *length;
    size_t body, came;

    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0)
        die("closed");
    c->have += (size_t)n;
    c->head[c->have] = '\0';
    end = strstr(c->head, "\r\n\r\n");
    if (!end && c->have < HEAD_MAX)
        return;
    errno = 0;
    length = strstr(c->head, "\r\nContent-Length: ");
    if (!end || !length || length > end || strncmp(c->head, "HTTP/1.1 200 ", 13) != 0)
        die("answer");
    body = strtoul(length + 18, NULL, 10);
    came = c->have - (size_t)(end + 4 - c->head);
    if (came > body || body == 0)
        die("more than one answer");
    c->left = body - came;
    if (c->left == 0)
        done(c);
}

/* Under TLS until nothing is left: what has been decrypted no longer shows in epoll. */
static void take(struct conn *c)
{
    ssize_t n;

    do {
        if (c->left == 0)
            take_head(c);
        if (c->left == 0)
            return;
        n = skip(c);
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0)
            die("closed");
        c->left -= (size_t)n;
    } while (c->ssl && c->left > 0);
    if (c->left == 0)
        done(c);
}

static struct conn *open_conn(const struct sockaddr_in *to, int epoll_fd, bool tls)
{
    struct conn *c = calloc(1, sizeof *c);
    struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };
    int one = 1;

    if (!c || (c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
        die("socket");
    if (connect(c->fd, (const struct sockaddr *)to, sizeof *to) != 0)
        die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (tls && !(c->ssl = tls_greet(c->fd)))
        die("handshake");
    if (tls) {
        SSL_set_read_ahead(c->ssl, 1); /* it is read until nothing is left */
        fcntl(c->fd, F_SETFL, O_NONBLOCK);
    }
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &ev) != 0)
        die("epoll");
    return c;
}

int main(int argc, char **argv)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    double start, cpu, now, until;

    if (argc != 6 && argc != 7)
        return fprintf(stderr, "usage: fetch ADDRESS PORT PATH CONNECTIONS SECONDS [tls]\n"), 2;
    to.sin_port = htons((uint16_t)atoi(argv[2]));
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    request_len =
        (size_t)snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s:%s\r\n\r\n", argv[3], argv[1], argv[2]);
    for (int i = atoi(argv[4]); i > 0; i--)
        ask(open_conn(&to, epoll_fd, argc == 7));
    start = now = seconds_of(CLOCK_MONOTONIC);
    cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    until = start + atof(argv[5]);
    while (now < until) {
        struct epoll_event ready[64];
        int n = epoll_wait(epoll_fd, ready, 64, 1000);

        for (int i = 0; i < n; i++)
            take(ready[i].data.ptr);
        now = seconds_of(CLOCK_MONOTONIC);
    }
    printf("{\"requests\":%lld,\"seconds\":%.4f,\"busy\":%.3f}\n", (long long)requests, now - start,
           (seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu) / (now - start));
    return 0;
}
