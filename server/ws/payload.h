/* payload.h - one message to send, made once and shared by all its receivers. The number `seq` differs from one receiver to
 * the next, so the bytes here are those after it; payload_frame() puts the head before them. Counted references, any thread. */
#ifndef WS_PAYLOAD_H
#define WS_PAYLOAD_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include "util/buf.h"

#define PAYLOAD_HEAD_MAX 64 /* bytes of the head: {"type":"participant","seq":9223372036854775807, */

struct payload {
    atomic_int refs;
    uint32_t len;     /* bytes of the body */
    const char *type; /* static text */
    char body[];      /* `"from":"…","data":{…}}`: the members after type and seq, with the closing brace */
};

/* A body of `len` bytes, which the caller fills; one reference. */
struct payload *payload_new(const char *type, size_t len);
/* Copies `body`; one reference. */
struct payload *payload_from(const char *type, const struct buf *body);
struct payload *payload_ref(struct payload *payload);
void payload_unref(struct payload *payload); /* NULL is fine */

/* The whole message into `to` (len + PAYLOAD_HEAD_MAX bytes); seq 0: without a number. Returns its length. */
size_t payload_frame(const struct payload *payload, int64_t seq, char *to);

#endif
