#include "http/http_reply.h"

#include <stdio.h>

#include "http/http_exchange.h"

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

void http_reply_cookie(struct http_reply *reply, const char *name, const char *value, int64_t max_age_s)
{
    push(reply, &reply->cookies, "Set-Cookie",
         arena_printf(reply->arena, "%s%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
                      reply->site->https ? "__Host-" : "", name, value, (long long)max_age_s,
                      reply->site->https ? "; Secure" : ""));
}
