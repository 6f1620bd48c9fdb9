#include "http/http_problem.h"

#include <stdio.h>
#include <string.h>

#include "http/http_reply.h"
#include "util/str.h"

/* Codes whose status does not follow from the kind of error. */
static const struct {
    const char *code;
    int status;
} BY_CODE[] = {
    { "bad_request", 400 },     { "invalid_json", 400 },    { "method_not_allowed", 405 },
    { "length_required", 411 }, { "body_too_large", 413 },  { "target_too_long", 414 },
    { "wrong_type", 415 },      { "misdirected", 421 },     { "upgrade_required", 426 },
    { "head_too_large", 431 },  { "not_implemented", 501 }, { "version_not_supported", 505 },
};

static const int BY_KIND[ERR_CODES] = {
    [ERR_OK] = 200,       [ERR_INVALID] = 422, [ERR_AUTH] = 401,     [ERR_FORBIDDEN] = 403, [ERR_NOT_FOUND] = 404,
    [ERR_CONFLICT] = 409, [ERR_CHANGED] = 412, [ERR_LOCKED] = 423,   [ERR_LIMIT] = 429,     [ERR_BUSY] = 503,
    [ERR_FULL] = 507,     [ERR_IO] = 500,      [ERR_INTERNAL] = 500,
};

static const struct {
    int status;
    const char *title;
} TITLES[] = {
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 409, "Conflict" },
    { 411, "Length Required" },
    { 412, "Precondition Failed" },
    { 413, "Content Too Large" },
    { 414, "URI Too Long" },
    { 415, "Unsupported Media Type" },
    { 421, "Misdirected Request" },
    { 422, "Unprocessable Content" },
    { 423, "Locked" },
    { 426, "Upgrade Required" },
    { 429, "Too Many Requests" },
    { 431, "Request Header Fields Too Large" },
    { 500, "Internal Server Error" },
    { 501, "Not Implemented" },
    { 503, "Service Unavailable" },
    { 505, "HTTP Version Not Supported" },
    { 507, "Insufficient Storage" },
};

int http_reply_status(const struct err *e)
{
    for (size_t i = 0; i < sizeof BY_CODE / sizeof *BY_CODE; i++)
        if (strcmp(BY_CODE[i].code, e->code) == 0)
            return BY_CODE[i].status;
    return e->kind < ERR_CODES ? BY_KIND[e->kind] : 500;
}

const char *http_status_title(int status)
{
    for (size_t i = 0; i < sizeof TITLES / sizeof *TITLES; i++)
        if (TITLES[i].status == status)
            return TITLES[i].title;
    return "Error";
}

/* The details of an internal fault are for the log; clients only learn that there was one. */
static const char *public_detail(const struct err *e, int status)
{
    if (status == 500)
        return "Something went wrong here; it was written to the log under this request_id";
    return e->detail[0] ? e->detail : http_status_title(status);
}

static void answer_json(struct http_reply *reply, const struct err *e, int status, const char *request_id)
{
    const char *code = e->code[0] ? e->code : err_code_name(e->kind);
    json_t *problem = json_object();

    json_object_set_new(problem, "type", json_sprintf("urn:parlour:problem:%s", code));
    json_object_set_new(problem, "title", json_string(http_status_title(status)));
    json_object_set_new(problem, "status", json_integer(status));
    json_object_set_new(problem, "code", json_string(code));
    json_object_set_new(problem, "detail", json_string(public_detail(e, status)));
    if (e->field[0])
        json_object_set_new(problem, "field", json_string(e->field));
    json_object_set_new(problem, "request_id", json_string(request_id));
    if (reply->facts)
        json_object_update_missing(problem, reply->facts);
    http_reply_json(reply, status, problem);
    reply->type = "application/problem+json";
}

static void add_escaped(struct buf *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '<')
            buf_add_text(out, "&lt;");
        else if (*p == '&')
            buf_add_text(out, "&amp;");
        else if (*p == '"')
            buf_add_text(out, "&quot;");
        else
            buf_add(out, p, 1);
    }
}

/* No style and no script: this page must work when everything else has failed. */
static void answer_html(struct http_reply *reply, const struct err *e, int status)
{
    struct buf page = { .max = 4096 };

    buf_add_text(&page, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
                        "content=\"width=device-width\"><title>");
    buf_add_text(&page, http_status_title(status));
    buf_add_text(&page, "</title><h1>");
    buf_add_text(&page, http_status_title(status));
    buf_add_text(&page, "</h1><p>");
    add_escaped(&page, public_detail(e, status));
    buf_add_text(&page, ".</p><p><a href=\"");
    add_escaped(&page, reply->site->origin);
    buf_add_text(&page, "/\">");
    add_escaped(&page, reply->site->origin);
    buf_add_text(&page, "</a></p></html>");
    http_reply_text(reply, status, "text/html; charset=utf-8", buf_text(&page), page.len);
    buf_clear(&page);
}

void http_reply_problem(struct http_reply *reply, const struct err *e, const char *request_id, bool html)
{
    int status = http_reply_status(e);
    char number[16];

    reply->headers = NULL;
    if (html)
        answer_html(reply, e, status);
    else
        answer_json(reply, e, status, request_id);
    if (e->kind == ERR_LIMIT || e->kind == ERR_BUSY) {
        snprintf(number, sizeof number, "%d", e->retry_after_s > 0 ? e->retry_after_s : 1);
        http_reply_header(reply, "Retry-After", number);
    }
    if (status == 401) /* RFC 9110 §11.6.1 requires it; browsers ask for no password under a scheme of this name */
        http_reply_header(reply, "WWW-Authenticate", "Session realm=\"parlour\"");
    if (status == 426) {
        http_reply_header(reply, "Upgrade", "websocket");
        http_reply_header(reply, "Sec-WebSocket-Version", "13");
    }
}
