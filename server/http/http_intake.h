/* http_intake.h - what stands between the sockets and libmicrohttpd. It reads them with recv(2), and that is defined here: on a
 * watched descriptor it hears of a request only when its head is complete and has one meaning (http_strict.h). In the place of
 * one that has not, it gets a request that cannot come from outside, so that the refusal is ours, once, with our headers; of what
 * follows on that connection it hears nothing.
 * Watched descriptors belong to one thread at a time, that of their daemon; any other descriptor of the process is read as ever. */
#ifndef HTTP_HTTP_INTAKE_H
#define HTTP_HTTP_INTAKE_H

#include <stdbool.h>
#include "util/err.h"

struct http_intake;

/* Until http_intake_end(), which comes before the descriptor is closed. `began` hears when a part of a head has come and the rest
 * has to be waited for. NULL: the descriptor is beyond the table; it is read as ever. */
struct http_intake *http_intake_start(int fd, void (*began)(void *arg), void *arg);
void http_intake_end(struct http_intake *in); /* NULL is fine */

/* Has a part of the next head come already? */
bool http_intake_has_part(const struct http_intake *in);

/* Is this the request in the place of a refused one? Why it was refused, else NULL. `target` as libmicrohttpd has it. Also when
 * nothing has come through here: then nobody has looked at the head. */
const struct err *http_intake_refused(const struct http_intake *in, const char *target);

#endif
