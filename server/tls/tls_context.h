/* tls_context.h - how we speak TLS: versions, ciphers, curves, ALPN, tickets; with the certificate in force, which can be replaced while
 * connections are open: they keep the context they began with. Any thread. */
#ifndef TLS_TLS_CONTEXT_H
#define TLS_TLS_CONTEXT_H

#include "tls/tls_certificate.h"

struct ssl_st; /* OpenSSL's SSL */
struct tls_context;

struct tls_context *tls_context_new(void);          /* without a certificate: makes no connections yet */
void tls_context_free(struct tls_context *context); /* NULL is fine */

/* New connections get this certificate, and new ticket keys. On an error the one before stays. */
MUST_CHECK enum err_code tls_context_present(struct tls_context *context, const struct tls_certificate *certificate,
                                             struct err *e);
/* A new connection's state, on the server's side; the caller frees it. NULL: no memory, or no certificate yet. */
struct ssl_st *tls_context_connection(struct tls_context *context);

#endif
