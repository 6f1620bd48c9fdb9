/* tls_certificate.h - a certificate with its chain and key, read from two PEM files (or one that holds both) and checked: only one that
 * fits together and is valid now comes out. Every refusal has words with the remedy. Reads files: not on an event loop. */
#ifndef TLS_TLS_CERTIFICATE_H
#define TLS_TLS_CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>
#include "util/err.h"

struct ssl_ctx_st; /* OpenSSL's SSL_CTX */
struct tls_certificate;

#define TLS_FINGERPRINT_SIZE (32 * 3) /* "AB:CD:…", SHA-256 */

struct tls_facts {
    int64_t from_s, until_s;                /* valid, seconds since 1970 */
    char fingerprint[TLS_FINGERPRINT_SIZE]; /* as browsers show it */
    bool lacks_chain;                       /* issued by another certificate, which the file does not hold */
};

/* now_s: seconds since 1970. ERR_NOT_FOUND, ERR_IO (a file is missing or cannot be read), ERR_INVALID (no PEM, no match, expired, …). */
MUST_CHECK enum err_code tls_certificate_read(const char *certificate, const char *key, int64_t now_s,
                                              struct tls_certificate **out, struct err *e);
void tls_certificate_free(struct tls_certificate *certificate); /* NULL is fine */

void tls_certificate_facts(const struct tls_certificate *certificate, struct tls_facts *out);
/* Is it made out to this host (a name or a numeric address, with or without brackets)? */
bool tls_certificate_names(const struct tls_certificate *certificate, const char *host);
/* Makes a context present it. ERR_INVALID when OpenSSL's security level forbids it. */
MUST_CHECK enum err_code tls_certificate_use(const struct tls_certificate *certificate, struct ssl_ctx_st *context,
                                             struct err *e);

#endif
