/* http_reply.h - a handler's answer: JSON, cookies, etag. Security headers are added to every answer in one place.
 * Handlers return errors instead of replying them: the router turns `struct err` into problem+json (RFC 9457). */
#ifndef HTTP_HTTP_REPLY_H
#define HTTP_HTTP_REPLY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include "util/err.h"

struct http_reply;

/* Takes the reference. */
void http_reply_json(struct http_reply *reply, int status, json_t *body);
/* Additional members of the problem, should the handler fail; dropped otherwise. Takes the reference. */
void http_reply_facts(struct http_reply *reply, json_t *facts);
void http_reply_empty(struct http_reply *reply); /* 204 */
/* Copies. `type` is a constant. */
void http_reply_text(struct http_reply *reply, int status, const char *type, const char *body, size_t len);
void http_reply_header(struct http_reply *reply, const char *name, const char *value); /* copies */
/* The etag of a revision, quoted: in its header, in JSON, in If-Match (call_check_etag()). Any revision fits. */
#define HTTP_ETAG_SIZE 24
void http_etag(char tag[HTTP_ETAG_SIZE], int64_t revision);
void http_reply_etag(struct http_reply *reply, int64_t revision);
/* Cookie with HttpOnly, SameSite=Lax, Path=/, and on https Secure and the __Host- prefix; also set when the handler fails
 * afterwards. `max_age_s` 0 deletes. The last value of a name counts. call_cookie() reads it again. */
void http_reply_cookie(struct http_reply *reply, const char *name, const char *value, int64_t max_age_s);

#endif
