/* tls_hello.h - how long is the ClientHello that a client announces? OpenSSL sets aside what is announced, up to 131,396 bytes, before
 * the bytes come, so thousands of strangers with a few bytes each could take all memory. Reads the records beside OpenSSL, as they
 * come in. Pure. Inside tls/ only. */
#ifndef TLS_TLS_HELLO_H
#define TLS_TLS_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TLS_HELLO_MAX 8192 /* four times those of today's browsers, with keys for quantum computers */

struct tls_hello {                 /* of one connection; begins zeroed */
    uint8_t record[5], message[4]; /* the heads, as far as they have come */
    uint8_t record_have, message_have;
    uint32_t record_left, message_left; /* bytes until the next head */
};

/* The next bytes from the wire; in whatever pieces. False: a message announces more. Only while messages are in the clear: until the
 * handshake is done (TLS 1.3), until the hello is (TLS 1.2). */
bool tls_hello_fits(struct tls_hello *hello, const char *bytes, size_t len);

#endif
