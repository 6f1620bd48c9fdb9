/* tls_client.h - TLS for the generators: a blocking handshake, then the connection's bytes. Certificates are not checked: the
 * server's cost is measured, not ours. */
#ifndef TESTS_BENCH_TLS_CLIENT_H
#define TESTS_BENCH_TLS_CLIENT_H

#include <errno.h>
#include <openssl/ssl.h>
#include <sys/types.h>

static inline SSL *tls_greet(int fd)
{
    static SSL_CTX *context;
    SSL *ssl;

    if (!context) {
        context = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
    }
    ssl = SSL_new(context);
    SSL_set_fd(ssl, fd);
    return SSL_connect(ssl) == 1 ? ssl : NULL;
}

/* As recv(2) and send(2) would answer. */
static inline ssize_t tls_answer(SSL *ssl, int done)
{
    int why = done > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl, done);

    if (done > 0)
        return done;
    errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
    return why == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

static inline ssize_t tls_recv(SSL *ssl, void *to, size_t size)
{
    return tls_answer(ssl, SSL_read(ssl, to, (int)size));
}

static inline ssize_t tls_send(SSL *ssl, const void *bytes, size_t len)
{
    return tls_answer(ssl, SSL_write(ssl, bytes, (int)len));
}

#endif
