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
    struct tls_scratch *scratch = BIO_get_data(bio);
    size_t n = scratch->in_len - scratch->in_at;

    BIO_clear_retry_flags(bio);
    if (n == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    if (n > (size_t)want)
        n = (size_t)want;
    memcpy(to, scratch->in + scratch->in_at, n);
    scratch->in_at += n;
    return (int)n;
}

static int bio_write(BIO *bio, const char *bytes, int len)
{
    struct tls_scratch *scratch = BIO_get_data(bio);

    BIO_clear_retry_flags(bio);
    if (len < 0 || scratch->out_len + (size_t)len > OUT_BYTES)
        return -1;
    memcpy(scratch->out + scratch->out_len, bytes, (size_t)len);
    scratch->out_len += (size_t)len;
    return len;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

bool tls_scratch_init(struct tls_scratch *scratch)
{
    *scratch = (struct tls_scratch){
        .in = mem_new(IN_BYTES),
        .text = mem_new(TEXT_BYTES),
        .out = mem_new(OUT_BYTES),
        .method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "scratch"),
    };
    if (!scratch->method || BIO_meth_set_read(scratch->method, bio_read) != 1 ||
        BIO_meth_set_write(scratch->method, bio_write) != 1 || BIO_meth_set_ctrl(scratch->method, bio_control) != 1)
        return false;
    scratch->bio = BIO_new(scratch->method);
    if (!scratch->bio)
        return false;
    BIO_set_data(scratch->bio, scratch);
    BIO_set_init(scratch->bio, 1);
    return true;
}

void tls_scratch_clear(struct tls_scratch *scratch)
{
    BIO_free(scratch->bio);
    BIO_meth_free(scratch->method);
    if (scratch->text)
        mem_wipe(scratch->text, TEXT_BYTES);
    mem_free(scratch->in);
    mem_free(scratch->text);
    mem_free(scratch->out);
    *scratch = (struct tls_scratch){ 0 };
}

/* ---- life ---- */

struct tls_link *tls_link_new(int wire, size_t listener, const union tls_from *from)
{
    struct tls_link *link = mem_new(sizeof *link);

    link->wire = (struct tls_point){ .link = link, .fd = wire };
    link->plain = (struct tls_point){ .link = link, .fd = -1 };
    link->listener = listener;
    link->from = *from;
    return link;
}

static void close_point(struct tls_point *point)
{
    if (point->fd >= 0)
        close(point->fd);
    point->fd = -1;
}

void tls_link_free(struct tls_link *link)
{
    if (!link)
        return;
    close_point(&link->wire);
    close_point(&link->plain);
    SSL_free(link->ssl);
    buf_wipe(&link->up);
    buf_clear(&link->down);
    mem_free(link);
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
static size_t take(struct tls_point *point, char *to, size_t size)
{
    ssize_t n = recv(point->fd, to, size, 0);

    if (n < 0 && errno == EINTR)
        return 0;
    if (n < 0 && errno == EAGAIN) {
        point->readable = false;
        return 0;
    }
    if (n <= 0) {
        point->over = true;
        point->readable = false;
        return 0;
    }
    if ((size_t)n < size && !point->ended)
        point->readable = false;
    return (size_t)n;
}

/* What OpenSSL has written goes to the wire. */
static bool send_out(struct tls_link *link, struct tls_scratch *scratch)
{
    size_t len = scratch->out_len;

    scratch->out_len = 0;
    link->moved = link->moved || len > 0;
    return give(link->wire.fd, scratch->out, len, &link->down);
}

static void no_more_up(struct tls_link *link)
{
    link->wire.over = true;
    link->wire.readable = false;
}

/* Everything that came from the wire. The reader may have closed: then nobody wants it. */
static bool decrypt(struct tls_link *link, struct tls_scratch *scratch)
{
    size_t len = 0;
    int got, why;

    ERR_clear_error();
    while ((got = SSL_read(link->ssl, scratch->text + len, (int)(TEXT_BYTES - len))) > 0)
        len += (size_t)got;
    why = SSL_get_error(link->ssl, got);
    if (!send_out(link, scratch))
        return false;
    if (!give(link->plain.fd, scratch->text, len, &link->up))
        buf_wipe(&link->up);
    if (why == SSL_ERROR_ZERO_RETURN)
        no_more_up(link);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_ZERO_RETURN;
}

static bool from_wire(struct tls_link *link, struct tls_scratch *scratch)
{
    scratch->in_at = 0;
    scratch->in_len = take(&link->wire, scratch->in, IN_BYTES);
    return scratch->in_len == 0 || decrypt(link, scratch);
}

static bool from_plain(struct tls_link *link, struct tls_scratch *scratch)
{
    size_t len = take(&link->plain, scratch->text, PLAIN_BYTES);

    if (len == 0)
        return true;
    ERR_clear_error();
    return SSL_write(link->ssl, scratch->text, (int)len) == (int)len && send_out(link, scratch);
}

/* ---- stages ---- */

static bool in_order(struct tls_link *link, struct tls_scratch *scratch)
{
    if (!give_left(link->wire.fd, &link->down))
        return false;
    if (!give_left(link->plain.fd, &link->up))
        buf_wipe(&link->up);
    if (link->up.len == 0 && link->wire.readable && !from_wire(link, scratch))
        return false;
    if (link->wire.over && link->up.len == 0)
        (void)shutdown(link->plain.fd, SHUT_WR);
    return link->down.len > 0 || !link->plain.readable || from_plain(link, scratch);
}

/* RFC 8446 §6.1: the client hears that this is the end, and not the work of somebody in between. */
static enum tls_turn begin_end(struct tls_link *link, struct tls_scratch *scratch)
{
    close_point(&link->plain);
    buf_wipe(&link->up);
    ERR_clear_error();
    (void)SSL_shutdown(link->ssl);
    if (!send_out(link, scratch))
        return TLS_OVER;
    link->stage = TLS_DRAINING;
    return TLS_MORE;
}

static enum tls_turn turn_open(struct tls_link *link, struct tls_scratch *scratch)
{
    for (int i = 0; i < ROUNDS; i++) {
        if (!in_order(link, scratch))
            return TLS_OVER;
        if (link->plain.over)
            return begin_end(link, scratch);
        if (!(link->wire.readable && link->up.len == 0) && !(link->plain.readable && link->down.len == 0))
            return TLS_WAITS;
    }
    return TLS_MORE;
}

static bool ignore_wire(struct tls_link *link, struct tls_scratch *scratch)
{
    for (int i = 0; i < ROUNDS && link->wire.readable; i++)
        (void)take(&link->wire, scratch->in, IN_BYTES);
    return link->wire.readable;
}

static enum tls_turn turn_draining(struct tls_link *link, struct tls_scratch *scratch)
{
    size_t before = link->down.len;

    if (!give_left(link->wire.fd, &link->down))
        return TLS_OVER;
    link->moved = link->down.len < before;
    if (link->down.len == 0) {
        (void)shutdown(link->wire.fd, SHUT_WR);
        link->stage = TLS_ENDING;
        return TLS_MORE;
    }
    return ignore_wire(link, scratch) ? TLS_MORE : TLS_WAITS;
}

static enum tls_turn turn_ending(struct tls_link *link, struct tls_scratch *scratch)
{
    bool more = ignore_wire(link, scratch);

    return link->wire.over ? TLS_OVER : more ? TLS_MORE : TLS_WAITS;
}

/* ---- handshake ---- */

/* TLS begins with a byte below the letters (RFC 8446 §5.1), an HTTP request with a capital letter. */
static enum tls_turn look_at_first_byte(struct tls_link *link, struct tls_context *context, struct tls_scratch *scratch)
{
    char first;
    ssize_t n = recv(link->wire.fd, &first, 1, MSG_PEEK);

    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        link->wire.readable = errno == EINTR;
        return link->wire.readable ? TLS_MORE : TLS_WAITS;
    }
    if (n <= 0)
        return TLS_OVER;
    if (first >= 'A' && first <= 'Z')
        return TLS_HTTP;
    link->ssl = tls_context_connection(context);
    if (!link->ssl)
        return TLS_OVER;
    BIO_up_ref(scratch->bio);
    SSL_set_bio(link->ssl, scratch->bio, scratch->bio);
    return TLS_MORE;
}

/* A client that is told why (an alert) must be able to read it. */
static enum tls_turn fail(struct tls_link *link)
{
    (void)shutdown(link->wire.fd, SHUT_WR);
    link->stage = TLS_SENT_AWAY;
    return TLS_FAILED;
}

/* A fatal alert in the clear, illegal_parameter (RFC 8446 §6.2): OpenSSL, which says the others, has not seen this hello. */
static enum tls_turn refuse(struct tls_link *link)
{
    static const char ALERT[] = { 21, 3, 3, 0, 2, 2, 47 };

    return give(link->wire.fd, ALERT, sizeof ALERT, &link->down) ? fail(link) : TLS_OVER;
}

static enum tls_turn greet(struct tls_link *link, struct tls_scratch *scratch)
{
    int done, why;

    scratch->in_at = 0;
    scratch->in_len = take(&link->wire, scratch->in, IN_BYTES);
    if (link->wire.over)
        return TLS_OVER;
    if (scratch->in_len == 0)
        return TLS_WAITS;
    if (SSL_version(link->ssl) != TLS1_2_VERSION && !tls_hello_fits(&link->hello, scratch->in, scratch->in_len))
        return refuse(link);
    ERR_clear_error();
    done = SSL_do_handshake(link->ssl);
    why = SSL_get_error(link->ssl, done);
    if (!send_out(link, scratch))
        return TLS_OVER;
    if (done == 1)
        return TLS_GREETED;
    return why != SSL_ERROR_WANT_READ ? fail(link) : link->wire.readable ? TLS_MORE : TLS_WAITS;
}

static enum tls_turn turn_greeting(struct tls_link *link, struct tls_context *context, struct tls_scratch *scratch)
{
    if (!give_left(link->wire.fd, &link->down))
        return TLS_OVER;
    if (!link->ssl) {
        enum tls_turn seen = link->wire.readable ? look_at_first_byte(link, context, scratch) : TLS_WAITS;

        if (!link->ssl)
            return seen;
    }
    return link->wire.readable ? greet(link, scratch) : TLS_WAITS;
}

void tls_link_join(struct tls_link *link, int plain, struct tls_scratch *scratch)
{
    link->plain.fd = plain;
    link->stage = TLS_OPEN;
    if (scratch->in_at < scratch->in_len && !decrypt(link, scratch))
        link->plain.over = true;
}

enum tls_turn tls_link_turn(struct tls_link *link, struct tls_context *context, struct tls_scratch *scratch)
{
    link->moved = false;
    scratch->out_len = 0;
    switch (link->stage) {
    case TLS_GREETING: return turn_greeting(link, context, scratch);
    case TLS_OPEN: return turn_open(link, scratch);
    case TLS_DRAINING: return turn_draining(link, scratch);
    case TLS_SENT_AWAY:
    case TLS_ENDING: return turn_ending(link, scratch);
    case TLS_STAGES: break;
    }
    return TLS_OVER;
}
