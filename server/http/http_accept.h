/* http_accept.h - what a client accepts: content codings, media types, and the validators it already has.
 * RFC 9110 §12.5, §13.1. Pure. Any thread. */
#ifndef HTTP_HTTP_ACCEPT_H
#define HTTP_HTTP_ACCEPT_H

#include <stdbool.h>

enum http_coding { CODING_IDENTITY, CODING_GZIP, CODING_BROTLI, CODINGS };

/* Is `coding` acceptable by this Accept-Encoding (NULL: only identity)? A weight counts only as zero or not zero. */
bool http_accepts_coding(const char *accept_encoding, enum http_coding coding);
/* Does it ask for text/html, as a browser does and a program does not? */
bool http_accepts_html(const char *accept);
/* Does If-None-Match name this entity? `etag` is quoted; the variants "x-br" and "x-gz" of "x" are the same entity. */
bool http_etag_known(const char *if_none_match, const char *etag);

#endif
