/* doctor_net.h - connections of the checks: names, UDP, TCP and TLS, each step with a deadline. Blocks; one thread a link.
 * Errors: ERR_NOT_FOUND (no such name), ERR_BUSY "timeout" and "stopped", ERR_IO "refused", "unreachable", "ended", "tls", "not_http". */
#ifndef DOCTOR_DOCTOR_NET_H
#define DOCTOR_DOCTOR_NET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include "doctor/doctor_tls.h"
#include "util/err.h"

#define NET_TARGETS_MAX 6
#define NET_TEXT_SIZE 64
#define NET_ANSWER_MAX 8192

struct net_target {
    struct sockaddr_storage address;
    socklen_t len;
    char text[NET_TEXT_SIZE]; /* "192.0.2.1" or "2001:db8::1", without the port */
};

/* The deadline of a step, and the wish to end. */
struct net_wait {
    int64_t until_ms;        /* monotonic */
    const atomic_bool *stop; /* may be NULL */
};

bool net_target_numeric(struct net_target *target, const char *host, int port);
/* The addresses of a name (or number), at most NET_TARGETS_MAX. The resolver of the system is asked. */
MUST_CHECK enum err_code net_resolve(const char *host, int port, struct net_wait wait, struct net_target *out,
                                     size_t *count, struct err *e);
/* Is it an address of this machine? Nothing is sent. *from (may be NULL) gets the address that we would send from, or "". */
bool net_is_here(const struct net_target *target, char from[NET_TEXT_SIZE]);

/* Of a network that the internet does not reach: there is a router in between. */
bool net_is_private(const char *address);

enum net_kind { NET_UDP, NET_TCP, NET_TLS };
struct net_link;

/* TLS accepts every certificate and notes what is wrong with it. `name`: whose certificate it should be. */
MUST_CHECK enum err_code net_open(const struct net_target *target, enum net_kind kind, const char *name,
                                  struct net_wait wait, struct net_link **out, struct err *e);
MUST_CHECK enum err_code net_send(struct net_link *link, const void *bytes, size_t len, struct net_wait wait,
                                  struct err *e);
/* At least one byte; a whole datagram over UDP. */
MUST_CHECK enum err_code net_receive(struct net_link *link, void *bytes, size_t size, size_t *len, struct net_wait wait,
                                     struct err *e);
const struct tls_seen *net_seen(const struct net_link *link); /* NULL without TLS */
void net_close(struct net_link *link);                        /* NULL is fine */

struct net_answer {
    int status;                /* of HTTP */
    char text[NET_ANSWER_MAX]; /* the body, perhaps cut */
    struct tls_seen seen;      /* with TLS, also after an error of HTTP */
    bool connected;            /* TCP, and TLS where it was asked for */
};
/* GET over HTTP/1.1. `tls_name`: NULL for plain HTTP. *out is filled in any case. */
MUST_CHECK enum err_code net_get(const struct net_target *target, const char *tls_name, const char *host,
                                 const char *path, struct net_wait wait, struct net_answer *out, struct err *e);

#endif
