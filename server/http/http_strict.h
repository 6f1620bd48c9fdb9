/* http_strict.h - may libmicrohttpd see this request head? It refuses some heads by itself, before it asks us: with its own
 * words, without our headers, sometimes twice or not at all; and others it reads in a way of its own. So the bytes are looked at
 * first, and only a head that has one meaning goes on: lines that end with CR LF, no folding, no control characters, a length of
 * digits. What the lines say together is checked later (http_framing.h). Pure. Any thread. */
#ifndef HTTP_HTTP_STRICT_H
#define HTTP_HTTP_STRICT_H

#include <stddef.h>
#include <stdint.h>
#include "util/err.h"

enum strict_verdict {
    STRICT_MORE, /* so far it is right; its end has not come */
    STRICT_GOOD, /* a whole head, empty lines in front included */
    STRICT_BAD,  /* whatever follows on this connection means nothing */
};

struct strict_head {
    size_t bytes;  /* of the whole head */
    uint64_t body; /* bytes that follow it; UINT64_MAX: all, a transfer coding says how many */
};

/* *out only with STRICT_GOOD, *e only with STRICT_BAD. It never wants more than HTTP_HEAD_MAX bytes. */
enum strict_verdict http_strict_check(const char *bytes, size_t len, struct strict_head *out, struct err *e);

#endif
