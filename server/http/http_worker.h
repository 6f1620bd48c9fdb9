/* http_worker.h - the threads that run handlers, each with a store handle of its own, in two lanes with a bounded line each.
 * Handlers that hash passwords (struct route.hashes) have a lane with a thread for each hash slot and a fair line
 * (http_fair.h): attempts there do not delay other requests. */
#ifndef HTTP_HTTP_WORKER_H
#define HTTP_HTTP_WORKER_H

#include "http/http_exchange.h"
#include "store/store.h"
#include "util/err.h"

struct http_workers;

/* Both on a worker; `refuse` also on the thread of http_workers_post(). The exchange may be gone when they return. */
struct http_worker_calls {
    bool (*run)(struct http_exchange *exchange, struct store *s); /* true: a failed attempt (http_route_run) */
    void (*refuse)(struct http_exchange *exchange); /* it gave its place to another, or the workers stop */
};

/* `count` threads beside those that hash; at most `max_queue` requests wait for them. Errors of store_open(); ERR_IO without threads. */
MUST_CHECK enum err_code http_workers_start(int count, size_t max_queue, struct store_db *db,
                                            const struct http_worker_calls *calls, struct http_workers **out,
                                            struct err *e);
/* Any thread. ERR_BUSY when there is no place or the workers stop; then the caller still owns the exchange. */
MUST_CHECK enum err_code http_workers_post(struct http_workers *pool, struct http_exchange *exchange);
/* Runs queued requests, but refuses those that wait to hash; joins the threads, closes the handles; later posts are refused. NULL
 * and a second call are fine. */
void http_workers_stop(struct http_workers *pool);
void http_workers_free(struct http_workers *pool); /* once nobody posts any more */

#endif
