#include "doctor/doctor_net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/ip.h"
#include "util/mem.h"
#include "util/str.h"

#define SLICE_MS 100 /* how soon a wish to end is noticed */

struct net_link {
    int fd;
    enum net_kind kind;
    struct tls_client *tls; /* NET_TLS */
    struct tls_seen seen;
};

static enum err_code timed_out(struct err *e)
{
    return err_set(e, ERR_BUSY, "timeout", "no answer");
}

static bool is_stopped(struct net_wait w)
{
    return w.stop && atomic_load(w.stop);
}

/* ERR_OK when ready. */
static enum err_code wait_for(int fd, short events, struct net_wait wait, struct err *e)
{
    struct pollfd watched = { .fd = fd, .events = events };

    for (;;) {
        int64_t left_ms = wait.until_ms - clock_mono_ms();

        if (is_stopped(wait))
            return err_set(e, ERR_BUSY, "stopped", "the server stops");
        if (left_ms <= 0)
            return timed_out(e);
        if (poll(&watched, 1, (int)(left_ms < SLICE_MS ? left_ms : SLICE_MS)) > 0)
            return ERR_OK;
    }
}

/* ---- names ---- */

static void target_set(struct net_target *target, const struct sockaddr *address, socklen_t len)
{
    memset(target, 0, sizeof *target);
    memcpy(&target->address, address, len);
    target->len = len;
    if (getnameinfo(address, len, target->text, sizeof target->text, NULL, 0, NI_NUMERICHOST) != 0)
        target->text[0] = '\0';
}

static void without_brackets(char to[256], const char *host)
{
    size_t len = strlen(host);

    if (*host == '[' && len > 2)
        str_copy_n(to, 256, host + 1, len - 2);
    else
        str_copy(to, 256, host);
}

bool net_target_numeric(struct net_target *target, const char *host, int port)
{
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM }, *found;
    char plain[256], service[8];

    without_brackets(plain, host);
    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(plain, service, &hints, &found) != 0)
        return false;
    target_set(target, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return true;
}

/* A question to the resolver, on a thread of its own: it cannot be called off, so it may outlive us. The last to leave frees it.
 * (getaddrinfo_a would do, but its threads end by pthread_exit, which loads a library: inside the sandbox it ends the process.) */
struct question {
    char host[256], service[8];
    int ready[2]; /* pipe: a byte when the answer is there */
    int state;    /* of getaddrinfo */
    struct addrinfo *found;
    atomic_int left;
};

static void leave(struct question *question)
{
    if (atomic_fetch_add(&question->left, 1) == 0)
        return;
    if (question->found)
        freeaddrinfo(question->found);
    close(question->ready[0]);
    close(question->ready[1]);
    mem_free(question);
}

static void *ask_resolver(void *arg)
{
    struct question *question = arg;
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };

    question->state = getaddrinfo(question->host, question->service, &hints, &question->found);
    if (question->state != 0)
        question->found = NULL;
    (void)!write(question->ready[1], "", 1);
    leave(question);
    return NULL;
}

/* NULL: no thread or no descriptors. */
static struct question *ask(const char *host, int port)
{
    struct question *question = mem_new(sizeof *question);
    pthread_t thread;

    without_brackets(question->host, host);
    snprintf(question->service, sizeof question->service, "%d", port);
    if (pipe2(question->ready, O_CLOEXEC) != 0) {
        mem_free(question);
        return NULL;
    }
    if (pthread_create(&thread, NULL, ask_resolver, question) == 0) {
        (void)pthread_detach(thread);
        return question;
    }
    atomic_store(&question->left, 1);
    leave(question);
    return NULL;
}

static enum err_code no_name(const char *host, int state, struct err *e)
{
    if (state == EAI_AGAIN)
        return err_set(e, ERR_BUSY, "timeout", "the name service does not answer");
    return err_set(e, ERR_NOT_FOUND, "no_name", "%.100s: %s", host, gai_strerror(state));
}

enum err_code net_resolve(const char *host, int port, struct net_wait wait, struct net_target *out, size_t *count,
                          struct err *e)
{
    struct question *question;
    int state = EAI_AGAIN;
    char byte;

    *count = 0;
    if (net_target_numeric(out, host, port)) {
        *count = 1;
        return ERR_OK;
    }
    question = ask(host, port);
    if (!question)
        return no_name(host, state, e);
    if (wait_for(question->ready[0], POLLIN, wait, NULL) == ERR_OK && read(question->ready[0], &byte, 1) == 1) {
        state = question->state;
        for (const struct addrinfo *address = question->found; address && *count < NET_TARGETS_MAX;
             address = address->ai_next)
            target_set(&out[(*count)++], address->ai_addr, address->ai_addrlen);
    }
    leave(question);
    return state == 0 ? ERR_OK : no_name(host, state, e);
}

bool net_is_here(const struct net_target *target, char from[NET_TEXT_SIZE])
{
    int fd = socket(target->address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct net_target own = { .len = sizeof own.address };
    bool found = fd >= 0 && connect(fd, (const struct sockaddr *)&target->address, target->len) == 0 &&
                 getsockname(fd, (struct sockaddr *)&own.address, &own.len) == 0;

    if (fd >= 0)
        close(fd);
    if (found)
        found = getnameinfo((const struct sockaddr *)&own.address, own.len, own.text, sizeof own.text, NULL, 0,
                            NI_NUMERICHOST) == 0;
    if (from)
        str_copy(from, NET_TEXT_SIZE, found ? own.text : "");
    /* from 127.0.1.1, which Debian writes for the machine's own name into /etc/hosts, the kernel sends as 127.0.0.1 */
    return found && (strcmp(own.text, target->text) == 0 || ip_network_holds("127.0.0.0/8", target->text));
}

bool net_is_private(const char *address)
{
    static const char *const NETS[] = { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7" };

    for (size_t i = 0; i < sizeof NETS / sizeof *NETS; i++)
        if (ip_network_holds(NETS[i], address))
            return true;
    return false;
}

/* ---- connections ---- */

static enum err_code failed(int why, struct err *e)
{
    if (why == ECONNREFUSED)
        return err_set(e, ERR_IO, "refused", "the connection was refused");
    if (why == ECONNRESET || why == EPIPE)
        return err_set(e, ERR_IO, "ended", "the connection was cut off");
    return err_set(e, ERR_IO, "unreachable", "%s", strerror(why));
}

static enum err_code connect_to(int fd, const struct net_target *target, struct net_wait wait, struct err *e)
{
    int why = 0;
    socklen_t len = sizeof why;
    enum err_code rc;

    if (connect(fd, (const struct sockaddr *)&target->address, target->len) == 0)
        return ERR_OK;
    if (errno != EINPROGRESS)
        return failed(errno, e);
    rc = wait_for(fd, POLLOUT, wait, e);
    if (rc == ERR_OK && (getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &len) != 0 || why != 0))
        rc = failed(why ? why : errno, e);
    return rc;
}

/* What TLS wants: to be called again. ERR_OK then. */
static enum err_code wait_for_tls(const struct net_link *link, int wants, struct net_wait wait, struct err *e)
{
    if (wants == TLS_WANTS_READ || wants == TLS_WANTS_WRITE)
        return wait_for(link->fd, wants == TLS_WANTS_READ ? POLLIN : POLLOUT, wait, e);
    return err_set(e, ERR_IO, wants == 0 ? "ended" : "tls", "%s",
                   wants == 0 ? "the connection was cut off" : tls_client_error());
}

static enum err_code greet(struct net_link *link, const char *name, struct net_wait wait, struct err *e)
{
    enum err_code rc = ERR_OK;
    int got = 0;

    link->tls = tls_client_new(link->fd, name);
    if (!link->tls)
        return err_set(e, ERR_IO, "tls", "TLS cannot be used");
    while (rc == ERR_OK && (got = tls_client_greet(link->tls)) != 1)
        rc = wait_for_tls(link, got, wait, e);
    if (rc == ERR_OK)
        tls_client_look(link->tls, clock_wall_ms(), &link->seen);
    return rc;
}

enum err_code net_open(const struct net_target *target, enum net_kind kind, const char *name, struct net_wait wait,
                       struct net_link **out, struct err *e)
{
    struct net_link *link = mem_new(sizeof *link);
    enum err_code rc;

    link->kind = kind;
    link->fd = socket(target->address.ss_family,
                      (kind == NET_UDP ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    rc = link->fd < 0 ? failed(errno, e) : connect_to(link->fd, target, wait, e);
    if (rc == ERR_OK && kind == NET_TLS)
        rc = greet(link, name, wait, e);
    if (rc != ERR_OK) {
        net_close(link);
        return rc;
    }
    *out = link;
    return ERR_OK;
}

void net_close(struct net_link *link)
{
    if (!link)
        return;
    tls_client_free(link->tls);
    if (link->fd >= 0)
        close(link->fd);
    mem_free(link);
}

const struct tls_seen *net_seen(const struct net_link *link)
{
    return link->tls ? &link->seen : NULL;
}

/* One try: bytes sent, or 0 after waiting. */
static enum err_code send_some(struct net_link *link, const char *bytes, size_t len, size_t *sent, struct net_wait wait,
                               struct err *e)
{
    ssize_t n;
    int got;

    *sent = 0;
    if (link->tls) {
        got = tls_client_write(link->tls, bytes, len, sent);
        return got == 1 ? ERR_OK : wait_for_tls(link, got, wait, e);
    }
    n = send(link->fd, bytes, len, MSG_NOSIGNAL);
    if (n >= 0) {
        *sent = (size_t)n;
        return ERR_OK;
    }
    return errno == EAGAIN || errno == EINTR ? wait_for(link->fd, POLLOUT, wait, e) : failed(errno, e);
}

enum err_code net_send(struct net_link *link, const void *bytes, size_t len, struct net_wait wait, struct err *e)
{
    const char *at = bytes;
    enum err_code rc = ERR_OK;
    size_t sent;

    while (rc == ERR_OK && len > 0) {
        rc = send_some(link, at, len, &sent, wait, e);
        at += sent;
        len -= sent;
    }
    return rc;
}

enum err_code net_receive(struct net_link *link, void *bytes, size_t size, size_t *len, struct net_wait wait,
                          struct err *e)
{
    enum err_code rc = ERR_OK;

    *len = 0;
    while (rc == ERR_OK) {
        if (link->tls) {
            int got = tls_client_read(link->tls, bytes, size, len);

            if (got == 1)
                return ERR_OK;
            rc = wait_for_tls(link, got, wait, e);
        } else {
            ssize_t n = recv(link->fd, bytes, size, 0);

            if (n > 0) {
                *len = (size_t)n;
                return ERR_OK;
            }
            if (n == 0 && link->kind == NET_TCP)
                return failed(ECONNRESET, e);
            rc = n == 0 || errno == EAGAIN || errno == EINTR ? wait_for(link->fd, POLLIN, wait, e) : failed(errno, e);
        }
    }
    return rc;
}

/* ---- HTTP ---- */

/* Reads until the other side ends the connection or the buffer is full. */
static enum err_code read_answer(struct net_link *link, char *text, size_t size, struct net_wait wait, struct err *e)
{
    size_t have = 0, got;
    enum err_code rc = ERR_OK;

    while (have + 1 < size && (rc = net_receive(link, text + have, size - 1 - have, &got, wait, e)) == ERR_OK)
        have += got;
    text[have] = '\0';
    return have > 0 ? ERR_OK : rc;
}

static enum err_code take_apart(const char *raw, struct net_answer *out, struct err *e)
{
    const char *body = strstr(raw, "\r\n\r\n");
    int64_t status;
    char digits[4];

    if (strncmp(raw, "HTTP/1.", 7) != 0 || !body || !str_copy_n(digits, sizeof digits, raw + 9, 3) ||
        !str_to_i64(digits, 100, 599, &status))
        return err_set(e, ERR_IO, "not_http", "the answer is not HTTP");
    out->status = (int)status;
    str_copy(out->text, sizeof out->text, body + 4);
    return ERR_OK;
}

enum err_code net_get(const struct net_target *target, const char *tls_name, const char *host, const char *path,
                      struct net_wait wait, struct net_answer *out, struct err *e)
{
    char request[600], raw[NET_ANSWER_MAX];
    struct net_link *link = NULL;
    enum err_code rc = net_open(target, tls_name ? NET_TLS : NET_TCP, tls_name, wait, &link, e);
    int len = snprintf(
        request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: parlour-doctor\r\nAccept: */*\r\nConnection: close\r\n\r\n", path,
        host);

    memset(out, 0, sizeof *out);
    if (rc == ERR_OK) {
        out->connected = true;
        if (net_seen(link))
            out->seen = *net_seen(link);
        rc = net_send(link, request, (size_t)len, wait, e);
    }
    if (rc == ERR_OK)
        rc = read_answer(link, raw, sizeof raw, wait, e);
    if (rc == ERR_OK)
        rc = take_apart(raw, out, e);
    net_close(link);
    return rc;
}
