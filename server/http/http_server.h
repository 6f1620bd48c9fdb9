/* http_server.h - the libmicrohttpd daemon, the only HTTP parser: framing checks, deadlines, suspended requests, workers. */
#ifndef HTTP_HTTP_SERVER_H
#define HTTP_HTTP_SERVER_H

#include <sys/socket.h>
#include "http/http_settings.h"
#include "store/store.h"
#include "util/err.h"

struct http_server;

MUST_CHECK enum err_code http_start(const struct http_settings *settings, struct store_db *db, struct http_server **out,
                                    struct err *e);
int http_port(const struct http_server *server); /* of the first listener; for `:0` */
/* With settings.takes: the listening socket of the address with this index (of `listen`), for the caller to accept from; ours. -1
 * beyond the last. */
int http_listener(const struct http_server *server, size_t index);
/* A connection that somebody else has accepted there; takes fd, and closes it when there is no room. `from`: the client's address. Any
 * thread; not during http_stop(). */
void http_take(struct http_server *server, size_t index, int fd, const struct sockaddr *from, socklen_t len);
/* The same for one that turned out to speak HTTP without TLS: it is sent to public_url. */
void http_take_plain(struct http_server *server, int fd, const struct sockaddr *from, socklen_t len);
/* While false (starting, draining) /readyz and changing requests get 503. */
void http_set_ready(struct http_server *server, bool ready);
/* Is a connection of our own to the first address accepted, and answered or refused, within this time? Blocks no longer. */
bool http_answers(const struct http_server *server, int timeout_ms);
void http_stop(struct http_server *server); /* finishes running requests, joins the threads */
/* The same; slowly read answers end at `until_ms` (monotonic), or after 2 s if that is sooner. */
void http_stop_by(struct http_server *server, int64_t until_ms);

struct http_stats {
    int64_t connections, requests, status[6] /* [2]: 2xx … */, refused_framing, refused_crowd, deadline_closed,
        upgrades;
};
void http_stats(const struct http_server *server, struct http_stats *out);

#endif
