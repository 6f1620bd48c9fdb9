/* http_linger.h - connections that were refused while the other side may still be sending. Closing them would reset them, and the
 * answer might be thrown away before it is read; so a duplicate stays open for a moment and drops what it receives.
 * Has no thread and no lock of its own: the deadline sweeper keeps and sweeps them. */
#ifndef HTTP_HTTP_LINGER_H
#define HTTP_HTTP_LINGER_H

#include <stdint.h>

#define LINGER_MAX 256 /* process.c reserves these descriptors beside the connections */
#define LINGER_MS 2000

struct http_lingers {
    int fd[LINGER_MAX];
    int64_t until_ms[LINGER_MAX]; /* monotonic */
    int count;
};

/* Tells the other side that nothing more comes, and keeps a duplicate of `fd`, unless LINGER_MAX are open already. */
void http_linger_add(struct http_lingers *l, int fd, int64_t now_ms);
/* Closes the duplicates whose other side has closed or whose time is up. */
void http_linger_sweep(struct http_lingers *l, int64_t now_ms);
void http_linger_clear(struct http_lingers *l);

#endif
