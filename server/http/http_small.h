/* http_small.h - answers made on the connection's thread: refusals and plain pages. Inside http/ only. */
#ifndef HTTP_HTTP_SMALL_H
#define HTTP_HTTP_SMALL_H

#include "http/http_answer.h"
#include "http/http_settings.h"

/* A problem with its own request_id, as JSON or as a page for people. `allow`: methods for 405, or "". */
struct MHD_Response *http_small_problem(const struct http_core *core, const struct err *e, bool html, const char *allow,
                                        int *status);
/* Runs a plain page. `ready` false: /readyz answers 503 whatever its page would answer. */
struct MHD_Response *http_small_plain(const struct http_core *core, const struct http_plain *plain, bool ready,
                                      int *status);

#endif
