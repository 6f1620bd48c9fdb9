/* http_problem.h - errors as the outside sees them: RFC 9457 for programs, a few plain words for people. Inside http/ only. */
#ifndef HTTP_HTTP_PROBLEM_H
#define HTTP_HTTP_PROBLEM_H

#include <stdbool.h>
#include "http/http_exchange.h"

/* Puts an error in the place of what a handler had answered: problem+json, or a small page for a person when `html`. Cookies
 * stay. On the thread that the reply belongs to. */
void http_reply_problem(struct http_reply *r, const struct err *e, const char *request_id, bool html);
/* The status of an error: 400, 422, 401, … Pure. */
int http_reply_status(const struct err *e);
/* "Bad Request" of 400. Pure. */
const char *http_status_title(int status);

#endif
