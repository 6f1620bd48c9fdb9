/* http_security.h - the headers that every answer carries, by kind of answer: content policy, permissions, isolation,
 * transport. Made once at start. Pure. Any thread. */
#ifndef HTTP_HTTP_SECURITY_H
#define HTTP_HTTP_SECURITY_H

#include <stddef.h>
#include "http/http_origin.h"

/* What an answer is, as far as a browser's rights go. */
enum http_kind {
    KIND_DATA,      /* API, problems, text: runs nothing, shows nothing */
    KIND_ROOM_PAGE, /* invitation, check, call: camera, microphone, WebAssembly */
    KIND_PAGE,      /* other pages of ours */
    KIND_SCRIPT,    /* modules and workers: a worker lives under the policy of its own file */
    KIND_PICTURE,   /* SVG: may style itself */
    KINDS
};

#define HTTP_SECURITY_MAX 9
#define HTTP_POLICY_SIZE 2048

struct http_security_line {
    const char *name, *value; /* value: a constant, or inside the http_security that it came from */
};
struct http_security {
    struct http_security_line lines[HTTP_SECURITY_MAX];
    size_t count;
    char policy[HTTP_POLICY_SIZE]; /* Content-Security-Policy */
};

/* `style_hashes`: of a page's own style elements, or "". The result is used in place: not to be copied. */
void http_security_make(const struct http_site *site, enum http_kind kind, const char *style_hashes,
                        struct http_security *out);

#endif
