/* tls.h - TLS in front of the program: accepts connections, speaks TLS 1.2 and 1.3, and hands each one on as a socket pair that carries
 * the same bytes in the clear, with the client's address. Knows nothing of HTTP. Its threads are its own. */
#ifndef TLS_TLS_H
#define TLS_TLS_H

#include <stdbool.h>
#include <stdint.h>
#include "tls/tls_certificate.h"
#include "tls/tls_settings.h"
#include "util/err.h"

struct tls;

/* ERR_INVALID, ERR_NOT_FOUND, ERR_IO: the certificate, with the remedy (tls_certificate.h). Copies the settings; texts are borrowed. */
MUST_CHECK enum err_code tls_start(const struct tls_settings *settings, struct tls **out, struct err *e);
/* From here on nothing is handed over: new connections are closed. Open ones go on. */
void tls_shut_doors(struct tls *tls);
/* Gives open connections until `until_ms` (monotonic) to end, then cuts them, and joins the threads. NULL is fine. */
void tls_stop(struct tls *tls, int64_t until_ms);

/* The main thread's, and not while another call of these runs. Reads the files again when they have changed and are complete
 * (`now`: in any case), and once a day, for new ticket keys; new connections get that certificate, open ones keep theirs. What went well or wrong is logged and counted. */
void tls_look(struct tls *tls, bool now);
/* Did the loop of every thread turn within this time? */
bool tls_alive(const struct tls *tls, int within_ms);

/* Of the certificate in force. On the main thread. */
void tls_fingerprint(const struct tls *tls, char to[TLS_FINGERPRINT_SIZE]);

struct tls_stats {
    int64_t connections, greetings;                        /* open now */
    int64_t greeted, failed, late, refused_crowd, http;    /* handshakes since start */
    int64_t renewed, renewals_failed, certificate_until_s; /* since start; the end of the one in force */
};
void tls_stats(const struct tls *tls, struct tls_stats *out);

#endif
