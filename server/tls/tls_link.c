#include "tls/tls_link.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/mem.h"

#define IN_BYTES 16384         /* from the wire in one read */
#define PLAIN_BYTES 65536      /* from the reader in one read: four records */
#define TEXT_BYTES PLAIN_BYTES /* holds what one read from the wire can decrypt to, with a record begun before it */
#define OUT_BYTES (PLAIN_BYTES + 32768) /* with what TLS adds, or a handshake with a long chain */
#define ROUNDS 4                        /* of a turn, before others have theirs */
#define DOWN_MAX (256 * 1024)           /* more is only written for a client that makes us answer and never reads */

/* ---- OpenSSL's view of the scratch ---- */

static int bio_read(BIO *bio, char *to, int want)
{
    struct tls_scratch *s = BIO_get_data(bio);
    size_t n = s->in_len - s->in_at;

    BIO_clear_retry_flags(bio);
    if (n == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    if (n > (size_t)want)
        n = (size_t)want;
    memcpy(to, s->in + s->in_at, n);
    s->in_at += n;
    return (int)n;
}

static int bio_write(BIO *bio, const char *bytes, int len)
{
    struct tls_scratch *s = BIO_get_data(bio);

    BIO_clear_retry_flags(bio);
    if (len < 0 || s->out_len + (size_t)len > OUT_BYTES)
        return -1;
    memcpy(s->out + s->out_len, bytes, (size_t)len);
    s->out_len += (size_t)len;
    return len;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

bool tls_scratch_init(struct tls_scratch *s)
{
    *s = (struct tls_scratch){
        .in = mem_new(IN_BYTES),
        .text = mem_new(TEXT_BYTES),
        .out = mem_new(OUT_BYTES),
        .method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "scratch"),
    };
    if (!s->method || BIO_meth_set_read(s->method, bio_read) != 1 || BIO_meth_set_write(s->method, bio_write) != 1 ||
        BIO_meth_set_ctrl(s->method, bio_control) != 1)
        return false;
    s->bio = BIO_new(s->method);
    if (!s->bio)
        return false;
    BIO_set_data(s->bio, s);
    BIO_set_init(s->bio, 1);
    return true;
}

void tls_scratch_clear(struct tls_scratch *s)
{
    BIO_free(s->bio);
    BIO_meth_free(s->method);
    if (s->text)
        mem_wipe(s->text, TEXT_BYTES);
    mem_free(s->in);
    mem_free(s->text);
    mem_free(s->out);
    *s = (struct tls_scratch){ 0 };
}

/* ---- life ---- */

struct tls_link *tls_link_new(int wire, size_t listener, const union tls_from *from)
{
    struct tls_link *l = mem_new(sizeof *l);

    l->wire = (struct tls_point){ .link = l, .fd = wire };
    l->plain = (struct tls_point){ .link = l, .fd = -1 };
    l->listener = listener;
    l->from = *from;
    return l;
}

static void close_point(struct tls_point *p)
{
    if (p->fd >= 0)
        close(p->fd);
    p->fd = -1;
}

void tls_link_free(struct tls_link *l)
{
    if (!l)
        return;
    close_point(&l->wire);
    close_point(&l->plain);
    SSL_free(l->ssl);
    buf_wipe(&l->up);
    buf_clear(&l->down);
    mem_free(l);
}

/* ---- moving bytes ---- */

/* What the descriptor does not take stays in `left`. False: it is broken. */
static bool give(int fd, const char *bytes, size_t len, struct buf *left)
{
    ssize_t sent = 0;

    if (left->len == 0 && len > 0) {
        sent = send(fd, bytes, len, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR && errno != ENOBUFS)
            return false;
        sent = sent < 0 ? 0 : sent;
    }
    if ((size_t)sent < len) {
        left->max = left->len + len - (size_t)sent; /* no more than it takes: thousands may wait like this */
        buf_add(left, bytes + sent, len - (size_t)sent);
    }
    return left->len <= DOWN_MAX;
}

/* False: it is broken. */
static bool give_left(int fd, struct buf *left)
{
    ssize_t sent;

    if (left->len == 0)
        return true;
    sent = send(fd, left->data, left->len, MSG_NOSIGNAL);
    if (sent < 0)
        return errno == EAGAIN || errno == EINTR || errno == ENOBUFS;
    buf_consume(left, (size_t)sent);
    if (left->len == 0)
        buf_clear(left);
    return true;
}

/* Bytes read; 0: none now, or the end (over). A read that is not filled leaves nothing behind, unless the end is announced. */
static size_t take(struct tls_point *p, char *to, size_t size)
{
    ssize_t n = recv(p->fd, to, size, 0);

    if (n < 0 && errno == EINTR)
        return 0;
    if (n < 0 && errno == EAGAIN) {
        p->readable = false;
        return 0;
    }
    if (n <= 0) {
        p->over = true;
        p->readable = false;
        return 0;
    }
    if ((size_t)n < size && !p->ended)
        p->readable = false;
    return (size_t)n;
}

/* What OpenSSL has written goes to the wire. */
static bool send_out(struct tls_link *l, struct tls_scratch *s)
{
    size_t len = s->out_len;

    s->out_len = 0;
    l->moved = l->moved || len > 0;
    return give(l->wire.fd, s->out, len, &l->down);
}

static void no_more_up(struct tls_link *l)
{
    l->wire.over = true;
    l->wire.readable = false;
}

/* Everything that came from the wire. The reader may have closed: then nobody wants it. */
static bool decrypt(struct tls_link *l, struct tls_scratch *s)
{
    size_t len = 0;
    int got, why;

    ERR_clear_error();
    while ((got = SSL_read(l->ssl, s->text + len, (int)(TEXT_BYTES - len))) > 0)
        len += (size_t)got;
    why = SSL_get_error(l->ssl, got);
    if (!send_out(l, s))
        return false;
    if (!give(l->plain.fd, s->text, len, &l->up))
        buf_wipe(&l->up);
    if (why == SSL_ERROR_ZERO_RETURN)
        no_more_up(l);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_ZERO_RETURN;
}

static bool from_wire(struct tls_link *l, struct tls_scratch *s)
{
    s->in_at = 0;
    s->in_len = take(&l->wire, s->in, IN_BYTES);
    return s->in_len == 0 || decrypt(l, s);
}

static bool from_plain(struct tls_link *l, struct tls_scratch *s)
{
    size_t len = take(&l->plain, s->text, PLAIN_BYTES);

    if (len == 0)
        return true;
    ERR_clear_error();
    return SSL_write(l->ssl, s->text, (int)len) == (int)len && send_out(l, s);
}

/* ---- stages ---- */

static bool in_order(struct tls_link *l, struct tls_scratch *s)
{
    if (!give_left(l->wire.fd, &l->down))
        return false;
    if (!give_left(l->plain.fd, &l->up))
        buf_wipe(&l->up);
    if (l->up.len == 0 && l->wire.readable && !from_wire(l, s))
        return false;
    if (l->wire.over && l->up.len == 0)
        (void)shutdown(l->plain.fd, SHUT_WR);
    return l->down.len > 0 || !l->plain.readable || from_plain(l, s);
}

/* RFC 8446 §6.1: the client hears that this is the end, and not the work of somebody in between. */
static enum tls_turn begin_end(struct tls_link *l, struct tls_scratch *s)
{
    close_point(&l->plain);
    buf_wipe(&l->up);
    ERR_clear_error();
    (void)SSL_shutdown(l->ssl);
    if (!send_out(l, s))
        return TLS_OVER;
    l->stage = TLS_DRAINING;
    return TLS_MORE;
}

static enum tls_turn turn_open(struct tls_link *l, struct tls_scratch *s)
{
    for (int i = 0; i < ROUNDS; i++) {
        if (!in_order(l, s))
            return TLS_OVER;
        if (l->plain.over)
            return begin_end(l, s);
        if (!(l->wire.readable && l->up.len == 0) && !(l->plain.readable && l->down.len == 0))
            return TLS_WAITS;
    }
    return TLS_MORE;
}

static bool ignore_wire(struct tls_link *l, struct tls_scratch *s)
{
    for (int i = 0; i < ROUNDS && l->wire.readable; i++)
        (void)take(&l->wire, s->in, IN_BYTES);
    return l->wire.readable;
}

static enum tls_turn turn_draining(struct tls_link *l, struct tls_scratch *s)
{
    size_t before = l->down.len;

    if (!give_left(l->wire.fd, &l->down))
        return TLS_OVER;
    l->moved = l->down.len < before;
    if (l->down.len == 0) {
        (void)shutdown(l->wire.fd, SHUT_WR);
        l->stage = TLS_ENDING;
        return TLS_MORE;
    }
    return ignore_wire(l, s) ? TLS_MORE : TLS_WAITS;
}

static enum tls_turn turn_ending(struct tls_link *l, struct tls_scratch *s)
{
    bool more = ignore_wire(l, s);

    return l->wire.over ? TLS_OVER : more ? TLS_MORE : TLS_WAITS;
}

/* ---- handshake ---- */

/* TLS begins with a byte below the letters (RFC 8446 §5.1), an HTTP request with a capital letter. */
static enum tls_turn look_at_first_byte(struct tls_link *l, struct tls_context *context, struct tls_scratch *s)
{
    char first;
    ssize_t n = recv(l->wire.fd, &first, 1, MSG_PEEK);

    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        l->wire.readable = errno == EINTR;
        return l->wire.readable ? TLS_MORE : TLS_WAITS;
    }
    if (n <= 0)
        return TLS_OVER;
    if (first >= 'A' && first <= 'Z')
        return TLS_HTTP;
    l->ssl = tls_context_connection(context);
    if (!l->ssl)
        return TLS_OVER;
    BIO_up_ref(s->bio);
    SSL_set_bio(l->ssl, s->bio, s->bio);
    return TLS_MORE;
}

/* A client that is told why (an alert) must be able to read it. */
static enum tls_turn fail(struct tls_link *l)
{
    (void)shutdown(l->wire.fd, SHUT_WR);
    l->stage = TLS_ENDING;
    return TLS_FAILED;
}

static enum tls_turn greet(struct tls_link *l, struct tls_scratch *s)
{
    int done, why;

    s->in_at = 0;
    s->in_len = take(&l->wire, s->in, IN_BYTES);
    if (l->wire.over)
        return TLS_OVER;
    if (s->in_len == 0)
        return TLS_WAITS;
    ERR_clear_error();
    done = SSL_do_handshake(l->ssl);
    why = SSL_get_error(l->ssl, done);
    if (!send_out(l, s))
        return TLS_OVER;
    if (done == 1)
        return TLS_GREETED;
    return why != SSL_ERROR_WANT_READ ? fail(l) : l->wire.readable ? TLS_MORE : TLS_WAITS;
}

static enum tls_turn turn_greeting(struct tls_link *l, struct tls_context *context, struct tls_scratch *s)
{
    if (!give_left(l->wire.fd, &l->down))
        return TLS_OVER;
    if (!l->ssl) {
        enum tls_turn seen = l->wire.readable ? look_at_first_byte(l, context, s) : TLS_WAITS;

        if (!l->ssl)
            return seen;
    }
    return l->wire.readable ? greet(l, s) : TLS_WAITS;
}

void tls_link_join(struct tls_link *l, int plain, struct tls_scratch *s)
{
    l->plain.fd = plain;
    l->stage = TLS_OPEN;
    if (s->in_at < s->in_len && !decrypt(l, s))
        l->plain.over = true;
}

enum tls_turn tls_link_turn(struct tls_link *l, struct tls_context *context, struct tls_scratch *s)
{
    l->moved = false;
    s->out_len = 0;
    switch (l->stage) {
    case TLS_GREETING: return turn_greeting(l, context, s);
    case TLS_OPEN: return turn_open(l, s);
    case TLS_DRAINING: return turn_draining(l, s);
    case TLS_ENDING: return turn_ending(l, s);
    case TLS_STAGES: break;
    }
    return TLS_OVER;
}
