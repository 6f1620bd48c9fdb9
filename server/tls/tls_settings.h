/* tls_settings.h - the input of tls_start(). Plain values. */
#ifndef TLS_TLS_SETTINGS_H
#define TLS_TLS_SETTINGS_H

#include <stddef.h>
#include <sys/socket.h>

#define TLS_LISTENERS_MAX 16

/* Takes the descriptor; on one of TLS's threads, so it must not block. `listener`: the index of the listening socket. */
typedef void (*tls_hand_over)(void *ctx, size_t listener, int fd, const struct sockaddr *from, socklen_t len);

struct tls_settings {
    const char *certificate, *key; /* PEM files; may be the same */
    const char *host;              /* of the address that people open; a certificate for another name is reported */
    const int *listeners;          /* listening sockets, not blocking; borrowed for tls_start() */
    size_t listener_count;
    int threads;
    int max_connections;
    int max_greetings;             /* handshakes at once; the oldest gives way */
    int max_greetings_per_address; /* further ones from there are closed */
    int greeting_ms;               /* for a whole handshake: 10 000 */
    void *ctx;
    tls_hand_over on_connection; /* our end of a socket pair, in the clear */
    tls_hand_over on_http;       /* a connection that speaks HTTP without TLS, unread */
};

#endif
