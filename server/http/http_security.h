/* http_security.h - the headers that every answer carries, by kind of answer: content policy, permissions, isolation,
 * transport. Made once at start. Pure. Any thread. */
#ifndef HTTP_HTTP_SECURITY_H
#define HTTP_HTTP_SECURITY_H

#include <stddef.h>
#include "http/http_origin.h"

/* Kinds of answer, by the rights that a browser gets. */
enum http_kind {
    KIND_DATA,      /* API, problems, text: runs and shows nothing */
    KIND_ROOM_PAGE, /* invitation, check, call: camera, microphone, WebAssembly */
    KIND_PAGE,      /* our other pages */
    KIND_SCRIPT,    /* modules and workers: a worker follows the policy of its own file */
    KIND_PICTURE,   /* SVG: may style itself */
    KINDS
};

#define HTTP_SECURITY_MAX 9
#define HTTP_POLICY_SIZE 2048

struct http_security_line {
    const char *name, *value; /* value: a constant, or part of the http_security it came from */
};
struct http_security {
    struct http_security_line lines[HTTP_SECURITY_MAX];
    size_t count;
    char policy[HTTP_POLICY_SIZE]; /* Content-Security-Policy */
};

/* `style_hashes`: of the page's style elements, or "". Use the result in place: it must not be copied. */
void http_security_make(const struct http_site *site, enum http_kind kind, const char *style_hashes,
                        struct http_security *out);

#endif
