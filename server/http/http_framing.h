/* http_framing.h - is this request head one that no two HTTP parsers could read differently? RFC 9112 §3, §5, §6, §11.2.
 * Looks at the lines together; each single line was checked before libmicrohttpd cut it up (http_strict.h). Pure: works on
 * memory, knows no connection. Any thread. */
#ifndef HTTP_HTTP_FRAMING_H
#define HTTP_HTTP_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/err.h"

#define HTTP_HEADERS_MAX 64
#define HTTP_HEAD_MAX (16 * 1024) /* bytes, request line and final empty line included */
/* Memory that libmicrohttpd may need for it: the bytes, records of its lines, arguments and cookies, a copy of the cookies. */
#define HTTP_HEAD_ROOM (20 * 1024)
#define HTTP_METHOD_MAX 16
#define HTTP_TARGET_MAX 4096 /* bytes of the request target */

struct http_header {
    const char *name, *value; /* NUL-terminated, borrowed from the connection's buffer */
    size_t name_len, value_len;
};

/* A request head as the parser gave it. Everything is borrowed and lives as long as the request. */
struct http_head {
    const char *method, *target, *version; /* target: as sent, before any decoding */
    size_t method_len, target_len;
    size_t size; /* bytes of the whole head */
    struct http_header headers[HTTP_HEADERS_MAX];
    size_t count;   /* headers kept */
    bool too_many;  /* there were more than HTTP_HEADERS_MAX */
    int64_t length; /* set by the check: Content-Length, -1 without one */
};

/* Adds a header; the caller's parser measures the lengths, so that a NUL inside is noticed. */
void http_head_add(struct http_head *head, const char *name, size_t name_len, const char *value, size_t value_len);
/* The value as sent, outer blanks included. NULL when absent. The case of `name` does not matter. */
const char *http_head_find(const struct http_head *head, const char *name);
/* The value of a cookie, as sent in the only Cookie line allowed; NULL when absent. RFC 6265 §5.4. */
const char *http_head_cookie(const struct http_head *head, const char *name, size_t *len);
/* Is `token` in the comma-separated list of that header (case-insensitive)? */
bool http_head_has_token(const struct http_head *head, const char *name, const char *token);

/* Refuses sizes, versions, methods, targets that are not in origin form, names and values with forbidden bytes, repeated
 * headers that must be single, every unclear length and every transfer coding; fills length.
 * ERR_INVALID; http_reply_status() gives the status. */
MUST_CHECK enum err_code http_framing_check(struct http_head *head, struct err *e);

#endif
