/* http_path.h - the request target: decoded path and query, refused when two parsers could differ. RFC 3986 §2.1, §3.3.
 * Pure. Any thread. */
#ifndef HTTP_HTTP_PATH_H
#define HTTP_HTTP_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include "util/arena.h"
#include "util/err.h"

#define HTTP_QUERY_MAX 24

struct http_param {
    const char *name, *value;
};
struct http_query {
    struct http_param items[HTTP_QUERY_MAX];
    size_t count;
};

/* Decodes the path of `target` into `to` (room for len + 1) and points *query at the text after the '?', NULL without one.
 * ERR_INVALID for dot segments, encoded slashes, backslashes, controls, NUL, broken escapes, a fragment, or bytes that are
 * not UTF-8; the query's bytes are checked as well. */
MUST_CHECK enum err_code http_path_decode(const char *target, size_t len, char *to, const char **query, struct err *e);

/* Splits `query` (may be NULL) into names and values, decoded ('+' is a blank), memory from `arena`.
 * ERR_INVALID for broken escapes, a name that comes twice, or too many. */
MUST_CHECK enum err_code http_query_parse(const char *query, struct arena *arena, struct http_query *out,
                                          struct err *e);
const char *http_query_find(const struct http_query *query, const char *name); /* NULL when absent */

#endif
