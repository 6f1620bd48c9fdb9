#include "http/http_reply.h"

#include <stdio.h>

#include "http/http_exchange.h"
#include "util/str.h"

static void push(struct http_reply *reply, struct http_line **to, const char *name, const char *value)
{
    struct http_line *line = arena_new(reply->arena, sizeof *line);

    line->name = arena_text(reply->arena, name);
    line->value = arena_text(reply->arena, value);
    line->next = *to;
    *to = line;
}

static void forget_body(struct http_reply *reply)
{
    json_decref(reply->json);
    reply->json = NULL;
    reply->text = NULL;
    reply->text_len = 0;
}

void http_reply_json(struct http_reply *reply, int status, json_t *body)
{
    forget_body(reply);
    reply->json = body;
    reply->status = status;
    reply->type = "application/json";
}

void http_reply_facts(struct http_reply *reply, json_t *facts)
{
    json_decref(reply->facts);
    reply->facts = facts;
}

void http_reply_empty(struct http_reply *reply)
{
    forget_body(reply);
    reply->status = 204;
    reply->type = NULL;
}

void http_reply_text(struct http_reply *reply, int status, const char *type, const char *body, size_t len)
{
    forget_body(reply);
    reply->text = arena_text_n(reply->arena, body, len);
    reply->text_len = len;
    reply->status = status;
    reply->type = type;
}

void http_reply_header(struct http_reply *reply, const char *name, const char *value)
{
    push(reply, &reply->headers, name, value);
}

void http_etag(char tag[HTTP_ETAG_SIZE], int64_t revision)
{
    snprintf(tag, HTTP_ETAG_SIZE, "\"r%lld\"", (long long)revision);
}

void http_reply_etag(struct http_reply *reply, int64_t revision)
{
    char tag[HTTP_ETAG_SIZE];

    http_etag(tag, revision);
    http_reply_header(reply, "ETag", tag);
}

/* An answer sets a cookie once (RFC 6265 §4.1.1): of two lines with one name, a browser keeps whichever comes last. */
static void take_back_cookie(struct http_reply *reply, const char *start)
{
    struct http_line **at = &reply->cookies;

    while (*at)
        if (str_starts((*at)->value, start))
            *at = (*at)->next;
        else
            at = &(*at)->next;
}

void http_reply_cookie(struct http_reply *reply, const char *name, const char *value, int64_t max_age_s)
{
    const char *start = arena_printf(reply->arena, "%s%s=", reply->site->https ? "__Host-" : "", name);

    take_back_cookie(reply, start);
    push(reply, &reply->cookies, "Set-Cookie",
         arena_printf(reply->arena, "%s%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s", start, value,
                      (long long)max_age_s, reply->site->https ? "; Secure" : ""));
}
