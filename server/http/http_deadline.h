/* http_deadline.h - absolute deadlines of connections: a client that drips bytes cannot stay. libmicrohttpd only
 * knows inactivity, so one thread sweeps a table indexed by descriptor and calls shutdown() on late connections; the
 * connection's own thread then sees its end.
 *
 * Entering and leaving go through one mutex that the sweeper holds while it shuts down, so it never hits a
 * descriptor that was closed, reused or handed over. Setting a deadline takes no lock. Any thread. */
#ifndef HTTP_HTTP_DEADLINE_H
#define HTTP_HTTP_DEADLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/err.h"

struct http_deadlines;

#define DEADLINE_NONE INT64_MAX

/* Starts the sweeper. `tick_ms`: how late it may be. ERR_IO without a thread. */
MUST_CHECK enum err_code http_deadlines_start(int tick_ms, struct http_deadlines **out, struct err *e);
void http_deadlines_stop(struct http_deadlines *deadlines); /* joins the thread; NULL is fine */

/* The connection of `fd` is watched from now on. ERR_LIMIT when fd is beyond the table (the limit of open files). */
MUST_CHECK enum err_code http_deadline_enter(struct http_deadlines *deadlines, int fd, int64_t due_mono_ms);
/* Only between enter and leave, by the thread that owns the connection. DEADLINE_NONE: no limit. */
void http_deadline_set(struct http_deadlines *deadlines, int fd, int64_t due_mono_ms);
/* No longer watched; when this returns, the sweeper will not touch fd. Harmless when it was not watched. */
void http_deadline_leave(struct http_deadlines *deadlines, int fd);

/* The connection of `fd` is about to be closed while its other side may still be sending: that would reset it, and the answer
 * might be lost before it is read. A duplicate stays open for two seconds at most or until the other side has closed; what
 * it receives is dropped. When too many are open already, nothing happens. */
void http_deadline_linger(struct http_deadlines *deadlines, int fd);

int64_t http_deadlines_closed(const struct http_deadlines *deadlines); /* connections shut down since start */

#endif
