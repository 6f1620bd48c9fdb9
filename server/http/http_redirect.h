/* http_redirect.h - the answers of a door without TLS beside those with it: the way to the same page over https, and the tokens by which
 * an ACME program shows that this name is ours (RFC 8555 §8.3). Inside http/ only. On the thread of that door alone: reads small files. */
#ifndef HTTP_HTTP_REDIRECT_H
#define HTTP_HTTP_REDIRECT_H

#include "http/http_files.h"
#include "http/http_security.h"

struct http_redirect {
    const struct http_site *site;
    const struct http_security *security;
    const char *webroot; /* holds .well-known/acme-challenge/TOKEN; NULL: none */
};

/* `path` is decoded, `target` as sent. Always finds an answer; the caller frees it. */
void http_redirect_find(const struct http_redirect *r, const char *path, const char *target, struct http_found *out);

#endif
