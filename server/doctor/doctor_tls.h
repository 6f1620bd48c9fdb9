/* doctor_tls.h - the client's half of TLS for the checks, on a socket that does not block. The certificate is judged and never
 * refused: what is wrong with it is the result. One thread a connection. */
#ifndef DOCTOR_DOCTOR_TLS_H
#define DOCTOR_DOCTOR_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tls_verdict {
    TLS_TRUSTED,
    TLS_EXPIRED,
    TLS_EARLY,       /* not valid yet */
    TLS_SELF_SIGNED, /* or by an authority that nobody knows */
    TLS_INCOMPLETE,  /* the certificates between it and the authority are missing */
    TLS_OTHER_NAME,
    TLS_NO_LIST,  /* this machine has no list of authorities */
    TLS_UNTRUSTED /* for another reason */
};

struct tls_seen {
    enum tls_verdict verdict;
    int64_t days_left; /* of the certificate in the chain that ends first; negative after its end */
    char issuer[128];  /* "Let's Encrypt"; "" unknown */
    char names[200];   /* that it is for, separated by ", " */
    char reason[100];  /* OpenSSL's words for TLS_UNTRUSTED */
};

struct tls_client;

/* `name`: host name or numeric address. NULL: OpenSSL cannot be used. Borrows fd. */
struct tls_client *tls_client_new(int fd, const char *name);
void tls_client_free(struct tls_client *client); /* NULL is fine */

/* Each: 1 done (more bytes for read and write), 0 ended, TLS_WANTS_READ or _WRITE: again when the socket is ready, TLS_FAILED. */
enum { TLS_WANTS_READ = -1, TLS_WANTS_WRITE = -2, TLS_FAILED = -3 };
int tls_client_greet(struct tls_client *client); /* the handshake */
int tls_client_read(struct tls_client *client, void *bytes, size_t size, size_t *len);
int tls_client_write(struct tls_client *client, const void *bytes, size_t len, size_t *written);

/* After the handshake. */
void tls_client_look(const struct tls_client *client, int64_t now_ms, struct tls_seen *out);
const char *tls_client_error(void); /* OpenSSL's last words; static or of this thread */

#endif
