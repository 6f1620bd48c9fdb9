/* http_events.h - what happens to a connection, as callbacks of libmicrohttpd and of the workers. Inside http/ only. On the thread of
 * the connection's daemon, except for the worker's part. */
#ifndef HTTP_HTTP_EVENTS_H
#define HTTP_HTTP_EVENTS_H

#include "http/http_link.h"

/* libmicrohttpd's callbacks; `cls` is the door. */
enum MHD_Result http_on_accept(void *cls, const struct sockaddr *from, socklen_t len);
void http_on_connection(void *cls, struct MHD_Connection *connection, void **context,
                        enum MHD_ConnectionNotificationCode code);
void *http_on_target(void *cls, const char *target, struct MHD_Connection *connection);
enum MHD_Result http_on_call(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                             const char *version, const char *bytes, size_t *len, void **request);
void http_on_completed(void *cls, struct MHD_Connection *connection, void **request,
                       enum MHD_RequestTerminationCode code);
/* The worker's part of a request; http_worker.h says when it is refused. Afterwards the exchange belongs to the connection's
 * thread again. */
bool http_on_work(struct http_exchange *exchange, struct store *s);
void http_on_refused(struct http_exchange *exchange);

#endif
