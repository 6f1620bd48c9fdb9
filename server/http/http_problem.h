/* http_problem.h - errors as clients see them: RFC 9457 for programs, a few plain words for people. Inside http/ only. */
#ifndef HTTP_HTTP_PROBLEM_H
#define HTTP_HTTP_PROBLEM_H

#include <stdbool.h>
#include "http/http_exchange.h"

/* Replaces a handler's answer by an error: problem+json, or a small page for a person when `html`. Cookies stay. On the
 * thread that owns the reply. */
void http_reply_problem(struct http_reply *reply, const struct err *e, const char *request_id, bool html);
/* The status of an error: 400, 422, 401, … Pure. */
int http_reply_status(const struct err *e);
/* "Bad Request" of 400. Pure. */
const char *http_status_title(int status);

#endif
