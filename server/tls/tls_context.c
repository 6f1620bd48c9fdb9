#include "tls/tls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <string.h>

#include "util/mem.h"

/* For TLS 1.2; those of 1.3 are all good. Forward secrecy and authenticated encryption only. */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!PSK"
#define GROUPS "X25519:P-256:P-384"
#define TICKETS 1 /* a browser opens several connections at once, but they resume from the first */

struct tls_context {
    pthread_mutex_t lock;
    SSL_CTX *current; /* under lock */
};

struct tls_context *tls_context_new(void)
{
    struct tls_context *context = mem_new(sizeof *context);

    pthread_mutex_init(&context->lock, NULL);
    return context;
}

void tls_context_free(struct tls_context *context)
{
    if (!context)
        return;
    SSL_CTX_free(context->current);
    pthread_mutex_destroy(&context->lock);
    mem_free(context);
}

/* Clients that name protocols and not ours get an alert (RFC 7301 §3.2): what they send would not be HTTP. */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *len, const unsigned char *in,
                           unsigned in_len, void *arg)
{
    static const unsigned char OURS[] = "\x08http/1.1";

    (void)ssl;
    (void)arg;
    for (unsigned i = 0; i < in_len; i += in[i] + 1u)
        if (in[i] == OURS[0] && in_len - i > OURS[0] && memcmp(in + i + 1, OURS + 1, OURS[0]) == 0) {
            *out = in + i + 1;
            *len = in[i];
            return SSL_TLSEXT_ERR_OK;
        }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static SSL_CTX *make(void)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    if (!context)
        return NULL;
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); /* tickets are kept by clients */
    SSL_CTX_set_num_tickets(context, TICKETS);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 || SSL_CTX_set_cipher_list(context, CIPHERS) != 1 ||
        SSL_CTX_set1_groups_list(context, GROUPS) != 1) {
        SSL_CTX_free(context);
        return NULL;
    }
    return context;
}

enum err_code tls_context_present(struct tls_context *context, const struct tls_certificate *certificate, struct err *e)
{
    SSL_CTX *next = make(), *before;
    enum err_code rc;

    if (!next) {
        ERR_clear_error();
        return err_set(e, ERR_INTERNAL, "tls_failed", "OpenSSL could not be set up for TLS 1.2 and 1.3");
    }
    rc = tls_certificate_use(certificate, next, e);
    if (rc != ERR_OK) {
        SSL_CTX_free(next);
        return rc;
    }
    pthread_mutex_lock(&context->lock);
    before = context->current;
    context->current = next;
    pthread_mutex_unlock(&context->lock);
    SSL_CTX_free(before); /* connections hold it too */
    return ERR_OK;
}

SSL *tls_context_connection(struct tls_context *context)
{
    SSL *ssl = NULL;

    pthread_mutex_lock(&context->lock);
    if (context->current)
        ssl = SSL_new(context->current);
    pthread_mutex_unlock(&context->lock);
    if (ssl)
        SSL_set_accept_state(ssl);
    return ssl;
}
