/* http_worker.h - the threads that run handlers, each with a store handle of its own, behind one bounded queue.
 * Handlers that hash passwords take at most half of them, so that a flood of sign-ins leaves room for everything else. */
#ifndef HTTP_HTTP_WORKER_H
#define HTTP_HTTP_WORKER_H

#include "http/http_exchange.h"
#include "store/store.h"
#include "util/err.h"

struct http_workers;

/* On a worker. The exchange may be gone when it returns. */
typedef void (*http_worker_run)(struct http_exchange *x, struct store *s);

/* Opens `count` store handles and starts as many threads. Errors of store_open(); ERR_IO without threads. */
MUST_CHECK enum err_code http_workers_start(int count, size_t max_queue, struct store_db *db, http_worker_run run,
                                            struct http_workers **out, struct err *e);
/* Any thread. ERR_BUSY when the queue is full or the workers stop; then the exchange is still the caller's. */
MUST_CHECK enum err_code http_workers_post(struct http_workers *w, struct http_exchange *x);
/* Runs what is queued, joins the threads, closes the handles; later posts are refused. NULL is fine, and so is twice. */
void http_workers_stop(struct http_workers *w);
void http_workers_free(struct http_workers *w); /* after nobody posts any more */

#endif
