/* http_intake.h - a filter between the sockets and libmicrohttpd, which reads them with recv(2). recv(2) is defined here: on a
 * watched descriptor libmicrohttpd sees a request only when its head is complete and has one meaning (http_strict.h). In place of
 * any other head it gets a request that cannot come from outside, so that the refusal is ours, sent once, with our headers; it sees
 * nothing that follows on that connection.
 * Watched descriptors belong to one thread at a time, their daemon's; every other descriptor of the process is read as usual. */
#ifndef HTTP_HTTP_INTAKE_H
#define HTTP_HTTP_INTAKE_H

#include <stdbool.h>
#include "util/err.h"

struct http_intake;

/* Until http_intake_end(), which comes before the descriptor is closed. `began` is called when part of a head has come and the
 * rest is still missing. NULL: the descriptor is beyond the table; it is read as usual. */
struct http_intake *http_intake_start(int fd, void (*began)(void *arg), void *arg);
void http_intake_end(struct http_intake *in); /* NULL is fine */

/* Has part of the next head come already? */
bool http_intake_has_part(const struct http_intake *in);

/* Does this request stand in for a refused one? Returns why it was refused, otherwise NULL. `target` as libmicrohttpd has it. A
 * request that did not come through here is refused, too: nobody has checked its head. */
const struct err *http_intake_refused(const struct http_intake *in, const char *target);

#endif
