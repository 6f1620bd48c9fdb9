#include "http/http_intake.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include "http/http_framing.h"
#include "http/http_strict.h"
#include "util/buf.h"
#include "util/mem.h"
#include "util/str.h"

#define TABLE_SIZE (1 << 20)
#define REFUSED_TARGET "!" /* no accepted head has it: a target begins with a slash */
#define STAND_IN REFUSED_TARGET " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
#define STAND_IN_MAX 64
#define READ_BYTES 2048 /* at a time, behind a part of a head */
#define LOOK_BYTES 4096 /* a long line is examined each time this many more bytes have come */

struct http_intake {
    int fd;
    void (*began)(void *arg);
    void *arg;
    struct buf held; /* not yet given to libmicrohttpd; empty most of the time */
    size_t good;     /* of `held`: whole heads and bodies, ready to pass on */
    uint64_t body;   /* bytes of a body still to come */
    bool used;       /* bytes have come through here */
    bool refused;    /* a bad head came: nothing after it is passed on */
    struct err why;
};

/* By descriptor. Its pages cost nothing until they are written to. */
static _Atomic(struct http_intake *) table[TABLE_SIZE];

struct http_intake *http_intake_start(int fd, void (*began)(void *arg), void *arg)
{
    struct http_intake *in;

    if (fd < 0 || fd >= TABLE_SIZE)
        return NULL;
    in = mem_new(sizeof *in);
    in->fd = fd;
    in->began = began;
    in->arg = arg;
    in->held.max = HTTP_HEAD_MAX + STAND_IN_MAX;
    atomic_store_explicit(&table[fd], in, memory_order_release);
    return in;
}

void http_intake_end(struct http_intake *in)
{
    if (!in)
        return;
    atomic_store_explicit(&table[in->fd], NULL, memory_order_release);
    buf_wipe(&in->held); /* cookies */
    mem_free(in);
}

bool http_intake_has_part(const struct http_intake *in)
{
    return in && in->held.len > in->good;
}

const struct err *http_intake_refused(const struct http_intake *in, const char *target)
{
    static const struct err UNSEEN = { .kind = ERR_BUSY, .code = "busy", .detail = "this connection cannot be served" };

    if (!in || !in->used)
        return &UNSEEN;
    return in->refused && str_equal(target, REFUSED_TARGET) ? &in->why : NULL;
}

/* ---- bytes ---- */

/* The stand-in replaces everything after the good bytes held. It uses the same method where that decides about the
 * answer's body. */
static void refuse(struct http_intake *in, const char *bad, size_t len)
{
    bool is_head = len >= 5 && memcmp(bad, "HEAD ", 5) == 0;

    in->held.len = in->good;
    buf_add_text(&in->held, is_head ? "HEAD " STAND_IN : "GET " STAND_IN);
    in->good = in->held.len;
    in->refused = true;
}

/* How many of these bytes libmicrohttpd may have; *bad when a head that must not pass follows them. */
static size_t pass(struct http_intake *in, const char *bytes, size_t len, bool *bad)
{
    size_t at = 0;
    struct strict_head head;
    enum strict_verdict verdict = STRICT_GOOD;

    while (at < len && verdict == STRICT_GOOD) {
        if (in->body > 0) {
            size_t n = in->body < len - at ? (size_t)in->body : len - at;

            in->body -= in->body == UINT64_MAX ? 0 : n;
            at += n;
            continue;
        }
        verdict = http_strict_check(bytes + at, len - at, &head, &in->why);
        if (verdict == STRICT_GOOD) {
            at += head.bytes;
            in->body = head.body;
        }
    }
    *bad = verdict == STRICT_BAD;
    return at;
}

/* Bytes that came into libmicrohttpd's own buffer; returns how many stay there. */
static size_t sort_given(struct http_intake *in, const char *bytes, size_t len)
{
    bool bad;
    size_t good = pass(in, bytes, len, &bad);

    if (good == len)
        return good;
    if (bad) {
        refuse(in, bytes + good, len - good);
    } else {
        buf_add(&in->held, bytes + good, len - good);
        in->began(in->arg);
    }
    return good;
}

/* `held` has grown by `len` after a partial head. It is examined again only when a line may have ended. */
static void sort_held(struct http_intake *in, size_t len)
{
    bool bad, line_ended = memchr(in->held.data + in->held.len, '\n', len) != NULL;
    size_t steps = in->held.len / LOOK_BYTES;

    buf_advance(&in->held, len);
    if (!line_ended && in->held.len / LOOK_BYTES == steps)
        return;
    in->good = pass(in, in->held.data, in->held.len, &bad);
    if (bad)
        refuse(in, in->held.data + in->good, in->held.len - in->good);
}

static size_t give(struct http_intake *in, char *to, size_t want)
{
    size_t n = in->good < want ? in->good : want;

    if (n == 0)
        return 0;
    memcpy(to, in->held.data, n);
    in->good -= n;
    buf_consume(&in->held, n);
    if (in->held.len == 0)
        buf_wipe(&in->held);
    return n;
}

/* read(2) is recv(2) without flags; from it the thread sanitizer knows that everything before the send happened before. */
static ssize_t from_kernel(int fd, void *to, size_t len, int flags)
{
    return flags == 0 && len > 0 ? read(fd, to, len) : recvfrom(fd, to, len, flags, NULL, NULL);
}

/* After a read that gave less than it asked for, libmicrohttpd waits for the next edge of epoll: then the socket must be
 * empty, and no byte may be held back that it could have had. */
static ssize_t take(struct http_intake *in, char *to, size_t want)
{
    size_t got = give(in, to, want), asked;
    bool drained = false;
    ssize_t n = 1;

    while (got < want && !drained && !in->refused) {
        bool direct = in->held.len == 0;
        size_t room = HTTP_HEAD_MAX - in->held.len;
        char *into;

        asked = direct ? want - got : room < READ_BYTES ? room : READ_BYTES;
        into = direct ? to + got : buf_reserve(&in->held, asked);
        n = from_kernel(in->fd, into, asked, 0);
        if (n <= 0)
            break;
        in->used = true;
        drained = (size_t)n < asked;
        if (direct)
            got += sort_given(in, into, (size_t)n);
        else
            sort_held(in, (size_t)n);
        got += give(in, to + got, want - got);
    }
    if (got > 0)
        return (ssize_t)got;
    if (n <= 0)
        return n;
    errno = EAGAIN; /* also for everything after a refused head */
    return -1;
}

static ssize_t receive(int fd, void *to, size_t len, int flags)
{
    struct http_intake *in = NULL;

    if (fd >= 0 && fd < TABLE_SIZE)
        in = atomic_load_explicit(&table[fd], memory_order_acquire);
    return in && flags == 0 && len > 0 ? take(in, to, len) : from_kernel(fd, to, len, flags);
}

/* recv(2) for the whole process, under both names that compilers use: the dynamic linker finds these before the C library's. The
 * second is for callers whose buffer size was known when they were built (_FORTIFY_SOURCE). */
ssize_t http_intake_recv(int fd, void *to, size_t len, int flags) __asm__("recv");
ssize_t http_intake_recv_checked(int fd, void *to, size_t len, size_t size, int flags) __asm__("__recv_chk");

ssize_t http_intake_recv(int fd, void *to, size_t len, int flags)
{
    return receive(fd, to, len, flags);
}

ssize_t http_intake_recv_checked(int fd, void *to, size_t len, size_t size, int flags)
{
    if (len > size)
        abort();
    return receive(fd, to, len, flags);
}
