#include "http/http_reply.h"

#include <stdio.h>

#include "http/http_exchange.h"

static void push(struct http_reply *r, struct http_line **to, const char *name, const char *value)
{
    struct http_line *line = arena_new(r->arena, sizeof *line);

    line->name = arena_text(r->arena, name);
    line->value = arena_text(r->arena, value);
    line->next = *to;
    *to = line;
}

static void forget_body(struct http_reply *r)
{
    json_decref(r->json);
    r->json = NULL;
    r->text = NULL;
    r->text_len = 0;
}

void http_reply_json(struct http_reply *r, int status, json_t *body)
{
    forget_body(r);
    r->json = body;
    r->status = status;
    r->type = "application/json";
}

void http_reply_facts(struct http_reply *r, json_t *facts)
{
    json_decref(r->facts);
    r->facts = facts;
}

void http_reply_empty(struct http_reply *r)
{
    forget_body(r);
    r->status = 204;
    r->type = NULL;
}

void http_reply_text(struct http_reply *r, int status, const char *type, const char *body, size_t len)
{
    forget_body(r);
    r->text = arena_text_n(r->arena, body, len);
    r->text_len = len;
    r->status = status;
    r->type = type;
}

void http_reply_header(struct http_reply *r, const char *name, const char *value)
{
    push(r, &r->headers, name, value);
}

void http_reply_etag(struct http_reply *r, int64_t revision)
{
    char tag[32];

    snprintf(tag, sizeof tag, "\"r%lld\"", (long long)revision);
    http_reply_header(r, "ETag", tag);
}

void http_reply_cookie(struct http_reply *r, const char *name, const char *value, int64_t max_age_s)
{
    push(r, &r->cookies, "Set-Cookie",
         arena_printf(r->arena, "%s%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
                      r->site->https ? "__Host-" : "", name, value, (long long)max_age_s,
                      r->site->https ? "; Secure" : ""));
}
