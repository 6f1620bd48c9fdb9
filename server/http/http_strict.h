/* http_strict.h - may libmicrohttpd see this request head? It refuses some heads by itself, before it asks us: with its own
 * words, without our headers, sometimes twice or not at all; and it reads other heads in its own way. So the bytes are checked
 * first, and only a head with one meaning passes: lines that end with CR LF, no folding, no control characters, a length of
 * digits. The lines are checked together later (http_framing.h). Pure. Any thread. */
#ifndef HTTP_HTTP_STRICT_H
#define HTTP_HTTP_STRICT_H

#include <stddef.h>
#include <stdint.h>
#include "util/err.h"

enum strict_verdict {
    STRICT_MORE, /* right so far; its end has not come */
    STRICT_GOOD, /* a whole head, empty lines in front included */
    STRICT_BAD,  /* the rest of this connection has no meaning */
};

struct strict_head {
    size_t bytes;  /* of the whole head */
    uint64_t body; /* bytes of the body; UINT64_MAX: all that follow, a transfer coding says how many */
};

/* *out only with STRICT_GOOD, *e only with STRICT_BAD. It never wants more than HTTP_HEAD_MAX bytes. */
enum strict_verdict http_strict_check(const char *bytes, size_t len, struct strict_head *out, struct err *e);

#endif
