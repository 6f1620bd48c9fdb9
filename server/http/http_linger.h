/* http_linger.h - connections that were refused while the other side may still be sending. Closing them would reset them, and the
 * answer might be thrown away before it is read; so a duplicate stays open for a moment and whatever comes is not kept.
 * Not a thread of its own and not locked: the deadline sweeper keeps and sweeps them. */
#ifndef HTTP_HTTP_LINGER_H
#define HTTP_HTTP_LINGER_H

#include <stdint.h>

#define LINGER_MAX 256 /* descriptors that process.c has counted in beside the connections */
#define LINGER_MS 2000

struct http_lingers {
    int fd[LINGER_MAX];
    int64_t until_ms[LINGER_MAX]; /* monotonic */
    int count;
};

/* Says to the other side that nothing more comes, and keeps a duplicate of `fd`; not when there are LINGER_MAX already. */
void http_linger_add(struct http_lingers *l, int fd, int64_t now_ms);
/* Closes those whose other side has closed, or whose time is up. */
void http_linger_sweep(struct http_lingers *l, int64_t now_ms);
void http_linger_clear(struct http_lingers *l);

#endif
