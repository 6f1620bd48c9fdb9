/* http_gzip.h - packs pages made while the server runs. Inside http/ only; the only place that uses zlib. */
#ifndef HTTP_HTTP_GZIP_H
#define HTTP_HTTP_GZIP_H

#include "util/buf.h"

/* Adds `plain` to `out` in gzip form (RFC 1952), as small as possible. False: it does not fit, or memory is short. */
bool http_gzip(const struct buf *plain, struct buf *out);

#endif
