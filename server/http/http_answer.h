/* http_answer.h - answers as libmicrohttpd wants them, made in one place so that nothing leaves without its security headers.
 * Inside http/ only. A response is counted by references and may be queued from any thread. */
#ifndef HTTP_HTTP_ANSWER_H
#define HTTP_HTTP_ANSWER_H

#include <stddef.h>
#include "http/http_exchange.h"

struct MHD_Response;

/* An answer that is made once and sent often. `bytes` must outlive it unless `copied` is set; headers are always copied. */
struct http_fixed {
    const struct http_security *security; /* NULL: none (304) */
    const char *type;                     /* NULL: no Content-Type */
    const void *bytes;
    size_t len;
    struct http_line *headers;
    bool copied;
};
struct MHD_Response *http_answer_fixed(const struct http_fixed *fixed);
/* The reply of an exchange; never NULL. */
struct MHD_Response *http_answer_reply(const struct http_reply *reply);
void http_answer_free(struct MHD_Response *response); /* gives the caller's reference back; NULL is fine */

#endif
