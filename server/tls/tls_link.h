/* tls_link.h - one connection: TLS on the wire, the same bytes in the clear on our end of a socket pair whose other end somebody else
 * reads. Knows nothing of HTTP. It never waits: each turn moves what can be moved; both descriptors are watched edge-triggered by
 * the caller, on whose thread everything runs. */
#ifndef TLS_TLS_LINK_H
#define TLS_TLS_LINK_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include "tls/tls_context.h"
#include "tls/tls_hello.h"
#include "util/buf.h"
#include "util/list.h"

struct bio_st; /* OpenSSL's BIO */

/* Buffers for the bytes of one turn, one of a thread: OpenSSL reads from `in` and writes to `out`, so that a turn asks the kernel once
 * in each direction and no connection needs buffers while it is silent. */
struct tls_scratch {
    char *in, *text, *out; /* from the wire; in the clear; to the wire */
    size_t in_at, in_len, out_len;
    struct bio_st *bio;
    struct bio_method_st *method;
};
MUST_CHECK bool tls_scratch_init(struct tls_scratch *scratch); /* false: no memory; clear it in any case */
void tls_scratch_clear(struct tls_scratch *scratch);

enum tls_stage {
    TLS_GREETING,  /* handshake */
    TLS_SENT_AWAY, /* it failed, and the client may read why */
    TLS_OPEN,
    TLS_DRAINING, /* the reader has closed; its last bytes are on their way */
    TLS_ENDING,   /* all is sent; until the client has closed too, so that no reset overtakes the last bytes */
    TLS_STAGES
};

union tls_from {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* One of the two descriptors, as the caller watches it. */
struct tls_point {
    struct tls_link *link;
    int fd;
    bool readable; /* there may be bytes, or the end */
    bool ended;    /* the kernel has announced the end: read until it comes */
    bool over;     /* it has come */
};

struct tls_link {
    struct tls_point wire, plain; /* plain.fd -1 until the handshake is done */
    struct ssl_st *ssl;           /* NULL until the first byte */
    enum tls_stage stage;         /* TLS_STAGES: it is to be freed */
    bool greeted;                 /* the caller's: the handshake is done, and no longer counted */
    bool moved;                   /* bytes left for the wire in this turn */
    struct tls_hello hello;       /* while messages are in the clear */
    struct buf up, down;          /* not yet taken by plain, by the wire; empty most of the time */
    struct list by_stage;         /* the caller's: all of a stage, by due_ms */
    struct list queued;           /* the caller's: waits for a turn */
    int64_t due_ms;               /* the caller's */
    size_t listener;
    union tls_from from;
};

struct tls_link *tls_link_new(int wire, size_t listener, const union tls_from *from); /* takes the descriptor */
void tls_link_free(struct tls_link *link); /* closes both descriptors, except a wire of -1 */

enum tls_turn {
    TLS_WAITS,   /* until one of the descriptors says something */
    TLS_MORE,    /* there is more to do at once; others first */
    TLS_GREETED, /* the handshake is done: tls_link_join(), then another turn */
    TLS_FAILED,  /* the handshake failed; goes on as TLS_SENT_AWAY */
    TLS_HTTP,    /* the client speaks HTTP without TLS; nothing has been read */
    TLS_OVER,    /* to be freed */
};
enum tls_turn tls_link_turn(struct tls_link *link, struct tls_context *context, struct tls_scratch *scratch);
/* Takes our end of the pair. Bytes that came with the handshake are passed on: directly after the turn that returned TLS_GREETED. */
void tls_link_join(struct tls_link *link, int plain, struct tls_scratch *scratch);

#endif
