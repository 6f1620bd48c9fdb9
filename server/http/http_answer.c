#include "http/http_answer.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

static void add_line(struct MHD_Response *response, const char *name, const char *value)
{
    if (MHD_add_response_header(response, name, value) != MHD_YES)
        abort(); /* out of memory, or one of our headers is malformed */
}

static void add_lines(struct MHD_Response *response, const struct http_line *lines)
{
    for (; lines; lines = lines->next)
        add_line(response, lines->name, lines->value);
}

static void add_security(struct MHD_Response *response, const struct http_security *s)
{
    for (size_t i = 0; s && i < s->count; i++)
        add_line(response, s->lines[i].name, s->lines[i].value);
}

static struct MHD_Response *or_die(struct MHD_Response *response)
{
    if (!response)
        abort(); /* as mem_new() does: out of memory */
    return response;
}

/* From memory, whatever the size of a client's file: head and body leave in one sendmsg(). sendfile() would save copying the
 * bytes, but libmicrohttpd then sends the head as a separate packet and holds a lock on the answer meanwhile, and the kernel
 * works page by page: up to 100 kB that costs more than the copy (tests/bench/static.bench.mjs). */
struct MHD_Response *http_answer_fixed(const struct http_fixed *fixed)
{
    struct MHD_Response *response = or_die(MHD_create_response_from_buffer(
        fixed->len, (void *)(uintptr_t)fixed->bytes, fixed->copied ? MHD_RESPMEM_MUST_COPY : MHD_RESPMEM_PERSISTENT));

    if (fixed->type)
        add_line(response, "Content-Type", fixed->type);
    add_security(response, fixed->security);
    add_lines(response, fixed->headers);
    return response;
}

struct MHD_Response *http_answer_reply(const struct http_reply *reply)
{
    struct MHD_Response *response;
    char *json = reply->json ? json_dumps(reply->json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

    if (json)
        response = or_die(MHD_create_response_from_buffer(strlen(json), json, MHD_RESPMEM_MUST_FREE));
    else
        response = or_die(
            MHD_create_response_from_buffer(reply->text_len, (void *)(uintptr_t)reply->text, MHD_RESPMEM_MUST_COPY));
    if (reply->type)
        add_line(response, "Content-Type", reply->type);
    add_line(response, "Cache-Control", "no-store");
    add_security(response, reply->security);
    add_lines(response, reply->headers);
    add_lines(response, reply->cookies);
    return response;
}

void http_answer_free(struct MHD_Response *response)
{
    if (response)
        MHD_destroy_response(response);
}
