#include "http/http_framing.h"

#include <string.h>
#include <strings.h>

#include "util/str.h"

/* Headers whose repetition makes a request ambiguous, to a proxy or to us. */
static const char *const SINGLE[] = {
    "Host",      "Content-Length", "Transfer-Encoding", "Authorization",
    "Cookie",    "Origin",         "Content-Type",      "Expect",
    "Upgrade",   "Sec-Fetch-Site", "Sec-WebSocket-Key", "Sec-WebSocket-Version",
    "X-Parlour", "If-Match",       "Idempotency-Key",
};
#define SINGLES (sizeof SINGLE / sizeof *SINGLE)

void http_head_add(struct http_head *head, const char *name, size_t name_len, const char *value, size_t value_len)
{
    if (head->count == HTTP_HEADERS_MAX) {
        head->too_many = true;
        return;
    }
    head->headers[head->count++] =
        (struct http_header){ .name = name, .name_len = name_len, .value = value, .value_len = value_len };
}

const char *http_head_find(const struct http_head *head, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; i < head->count; i++)
        if (head->headers[i].name_len == len && strncasecmp(head->headers[i].name, name, len) == 0)
            return head->headers[i].value;
    return NULL;
}

const char *http_head_cookie(const struct http_head *head, const char *name, size_t *len)
{
    const char *at = http_head_find(head, "Cookie");
    size_t name_len = strlen(name);

    while (at && *at) {
        size_t pair;

        at += strspn(at, " ;\t");
        pair = strcspn(at, ";");
        if (pair > name_len && strncmp(at, name, name_len) == 0 && at[name_len] == '=') {
            *len = pair - name_len - 1;
            return at + name_len + 1;
        }
        at += pair;
    }
    return NULL;
}

static bool list_has(const char *list, const char *token)
{
    size_t len = strlen(token);

    while (*list) {
        size_t span;

        list += strspn(list, " \t,");
        span = strcspn(list, " \t,");
        if (span == len && strncasecmp(list, token, len) == 0)
            return true;
        list += span;
    }
    return false;
}

bool http_head_has_token(const struct http_head *head, const char *name, const char *token)
{
    size_t len = strlen(name);

    for (size_t i = 0; i < head->count; i++)
        if (head->headers[i].name_len == len && strncasecmp(head->headers[i].name, name, len) == 0 &&
            list_has(head->headers[i].value, token))
            return true;
    return false;
}

/* RFC 9110 §5.6.2: a header name or method is made of these characters only, and is not empty. */
static bool is_token(const char *text, size_t len)
{
    static const char OTHERS[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

        if (!alnum && (c == '\0' || !strchr(OTHERS, c)))
            return false;
    }
    return len > 0;
}

/* Blanks, tabs, visible ASCII and bytes above it; no other control character (RFC 9110 §5.5). */
static bool value_is_clean(const char *value, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)value[i];

        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static enum err_code bad(struct err *e, const char *detail)
{
    return err_set(e, ERR_INVALID, "bad_request", "%s", detail);
}

static enum err_code check_request_line(const struct http_head *head, struct err *e)
{
    if (head->size > HTTP_HEAD_MAX || head->too_many)
        return err_set(e, ERR_INVALID, "head_too_large", "the request's head is larger than %d bytes or %d lines",
                       HTTP_HEAD_MAX, HTTP_HEADERS_MAX);
    if (head->target_len > HTTP_TARGET_MAX)
        return err_set(e, ERR_INVALID, "target_too_long", "the address is longer than %d bytes", HTTP_TARGET_MAX);
    if (!str_equal(head->version, "HTTP/1.1") && !str_equal(head->version, "HTTP/1.0"))
        return err_set(e, ERR_INVALID, "version_not_supported", "only HTTP/1.1 and HTTP/1.0 are spoken here");
    if (head->method_len > HTTP_METHOD_MAX || !is_token(head->method, head->method_len))
        return bad(e, "the method is not a name");
    if (head->target_len == 0 || head->target[0] != '/')
        return bad(e, "the request target must be a path");
    return ERR_OK;
}

static enum err_code check_lines(const struct http_head *head, struct err *e)
{
    unsigned seen[SINGLES] = { 0 };

    for (size_t i = 0; i < head->count; i++) {
        const struct http_header *line = &head->headers[i];

        if (!is_token(line->name, line->name_len))
            return bad(e, "the name of a header holds a character that it must not");
        if (!value_is_clean(line->value, line->value_len))
            return bad(e, "the value of a header holds a control character");
        for (size_t s = 0; s < SINGLES; s++)
            if (strlen(SINGLE[s]) == line->name_len && strncasecmp(SINGLE[s], line->name, line->name_len) == 0 &&
                seen[s]++)
                return err_set(e, ERR_INVALID, "bad_request", "there is more than one %s", SINGLE[s]);
    }
    return ERR_OK;
}

/* Request smuggling uses a body where a body has no meaning (RFC 9110 §9.3.1). */
static bool takes_no_body(const struct http_head *head)
{
    return str_equal(head->method, "GET") || str_equal(head->method, "HEAD");
}

/* Digits only, as RFC 9110 §8.6 says; no list, sign or blank. */
static enum err_code check_length(struct http_head *head, struct err *e)
{
    const char *length = http_head_find(head, "Content-Length");
    const char *encoding = http_head_find(head, "Transfer-Encoding");

    head->length = -1;
    if (length && encoding)
        return bad(e, "there is both Content-Length and Transfer-Encoding");
    if (length && !str_to_i64(length, 0, INT64_MAX, &head->length))
        return bad(e, "Content-Length is not a number");
    if (!encoding)
        return ERR_OK;
    if (strcasecmp(encoding, "chunked") != 0 || !str_equal(head->version, "HTTP/1.1"))
        return err_set(e, ERR_INVALID, "not_implemented", "Transfer-Encoding is not supported");
    if (takes_no_body(head))
        return bad(e, "this method takes no body");
    return err_set(e, ERR_INVALID, "length_required", "the body must come with its Content-Length, not in chunks");
}

enum err_code http_framing_check(struct http_head *head, struct err *e)
{
    enum err_code rc = check_request_line(head, e);

    if (rc == ERR_OK)
        rc = check_lines(head, e);
    if (rc == ERR_OK)
        rc = check_length(head, e);
    if (rc == ERR_OK)
        rc = takes_no_body(head) && head->length > 0 ? bad(e, "this method takes no body") : ERR_OK;
    if (rc == ERR_OK && !http_head_find(head, "Host"))
        rc = bad(e, "there is no Host");
    return rc;
}
