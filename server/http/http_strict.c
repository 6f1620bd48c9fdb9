#include "http/http_strict.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "http/http_framing.h"

#define LENGTH_DIGITS_MAX 18 /* always fit 64 bits, and no body is as large */
#define EMPTY_LINES_MAX 2    /* in front of a request line: RFC 9112 §2.2 */
#define RECORD_BYTES 64      /* libmicrohttpd's record of a line, an argument or a cookie */
#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))
#define VERSION_LEN 8 /* "HTTP/1.1" */

/* One line without its CR LF, and the state before it. */
struct reader {
    const char *line;
    size_t len;
    size_t lines;   /* behind the request line */
    size_t records; /* libmicrohttpd makes one of each line, argument and cookie, */
    size_t copied;  /* and a copy of the cookies */
    bool has_length;
    struct strict_head head;
};

static enum strict_verdict bad(struct err *e, const char *code, const char *detail)
{
    err_set(e, ERR_INVALID, code, "%s", detail);
    return STRICT_BAD;
}

/* Bytes up to the first blank. */
static size_t word_len(const char *text, size_t len)
{
    const char *blank = memchr(text, ' ', len);

    return blank ? (size_t)(blank - text) : len;
}

static size_t count(const char *text, size_t len, char c)
{
    size_t n = 0;

    for (const char *end = text + len; (text = memchr(text, c, (size_t)(end - text))); text++)
        n++;
    return n;
}

static enum strict_verdict check_version(const char *version, size_t len, struct err *e)
{
    if (len == VERSION_LEN && (memcmp(version, "HTTP/1.1", len) == 0 || memcmp(version, "HTTP/1.0", len) == 0))
        return STRICT_MORE;
    if (len >= 5 && memcmp(version, "HTTP/", 5) == 0 && word_len(version, len) == len)
        return bad(e, "version_not_supported", "only HTTP/1.1 and HTTP/1.0 are spoken here");
    return bad(e, "bad_request",
               "the request line must be a method, a path and a version, with one blank between them");
}

static enum strict_verdict check_request_line(struct reader *reader, struct err *e)
{
    size_t method = word_len(reader->line, reader->len), rest, target;

    if (method == 0 || method == reader->len || method > HTTP_METHOD_MAX || memchr(reader->line, '\t', reader->len))
        return bad(e, "bad_request", "the request line does not begin with a method");
    rest = reader->len - method - 1;
    target = word_len(reader->line + method + 1, rest);
    if (target > HTTP_TARGET_MAX)
        return bad(e, "target_too_long", "the address of the request is too long");
    if (target == 0 || reader->line[method + 1] != '/')
        return bad(e, "bad_request", "the request target must be a path");
    if (target == rest)
        return bad(e, "bad_request", "there is no version in the request line");
    reader->records += 1 + count(reader->line + method + 1, target, '&');
    return check_version(reader->line + method + 1 + target + 1, rest - target - 1, e);
}

/* RFC 9110 §8.6, digits only. A second one is ambiguous even when it says the same. */
static enum strict_verdict read_length(struct reader *reader, const char *value, size_t len, struct err *e)
{
    uint64_t n = 0;

    if (reader->has_length)
        return bad(e, "bad_request", "there is more than one Content-Length");
    if (len == 0)
        return bad(e, "bad_request", "Content-Length is not a number");
    for (size_t i = 0; i < len; i++) {
        if (value[i] < '0' || value[i] > '9')
            return bad(e, "bad_request", "Content-Length is not a number");
        n = i < LENGTH_DIGITS_MAX ? n * 10 + (uint64_t)(value[i] - '0') : n;
    }
    if (len > LENGTH_DIGITS_MAX)
        return bad(e, "bad_request", "Content-Length is larger than any body can be");
    reader->has_length = true;
    if (reader->head.body != UINT64_MAX)
        reader->head.body = n;
    return STRICT_MORE;
}

static bool is_name(const struct reader *reader, size_t len, const char *name)
{
    return strlen(name) == len && strncasecmp(reader->line, name, len) == 0;
}

static enum strict_verdict check_header(struct reader *reader, struct err *e)
{
    const char *colon = memchr(reader->line, ':', reader->len), *value;
    size_t name_len;

    if (reader->lines > HTTP_HEADERS_MAX)
        return bad(e, "head_too_large", "the request's head has too many lines");
    if (!colon || colon == reader->line)
        return bad(e, "bad_request", "a line of the head is not a name, a colon and a value");
    name_len = (size_t)(colon - reader->line);
    if (memchr(reader->line, ' ', name_len) || memchr(reader->line, '\t', name_len))
        return bad(e, "bad_request", "a line of the head is folded, or there is a blank before its colon");
    for (value = colon + 1; value < reader->line + reader->len && (*value == ' ' || *value == '\t');)
        value++;
    reader->records++;
    if (is_name(reader, name_len, "Cookie")) {
        reader->copied += (size_t)(reader->line + reader->len - value);
        reader->records += 1 + count(value, (size_t)(reader->line + reader->len - value), ';');
    }
    if (is_name(reader, name_len, "Transfer-Encoding"))
        reader->head.body = UINT64_MAX;
    if (is_name(reader, name_len, "Content-Length"))
        return read_length(reader, value, (size_t)(reader->line + reader->len - value), e);
    return STRICT_MORE;
}

/* May there be a control character among these eight? A byte below a blank borrows from its highest bit, as 0x7f does when all
 * its bits are inverted; carries between bytes can only cause false alarms. */
static bool is_doubtful(const char *bytes)
{
    uint64_t x, deletes;

    memcpy(&x, bytes, sizeof x);
    deletes = x ^ EACH_BYTE(0x7f);
    return (((x - EACH_BYTE(' ')) & ~x) | ((deletes - EACH_BYTE(1)) & ~deletes)) & EACH_BYTE(0x80);
}

/* Blanks, tabs, visible characters, and bytes above ASCII. Every byte of every request passes through here. */
static bool is_clean(const char *line, size_t len)
{
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)line[i];

        if (len - i >= sizeof(uint64_t) && !is_doubtful(line + i)) {
            i += sizeof(uint64_t);
            continue;
        }
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return false;
        i++;
    }
    return true;
}

static enum strict_verdict check_line(struct reader *reader, bool first, struct err *e)
{
    if (!is_clean(reader->line, reader->len))
        return bad(e, "bad_request", "the head holds a control character");
    if (first)
        return check_request_line(reader, e);
    reader->lines++;
    return check_header(reader, e);
}

/* The end has not come: can it still come? */
static enum strict_verdict still_open(const char *bytes, size_t len, bool request_line, struct err *e)
{
    if (request_line && len > HTTP_METHOD_MAX + 1 + HTTP_TARGET_MAX + 1 + VERSION_LEN + 1 &&
        word_len(bytes, HTTP_METHOD_MAX + 1) <= HTTP_METHOD_MAX)
        return bad(e, "target_too_long", "the address of the request is too long");
    if (len >= HTTP_HEAD_MAX)
        return bad(e, "head_too_large", "the request's head is too large");
    return STRICT_MORE;
}

enum strict_verdict http_strict_check(const char *bytes, size_t len, struct strict_head *out, struct err *e)
{
    struct reader reader = { .line = bytes };
    size_t at = 0, limit = len < HTTP_HEAD_MAX ? len : HTTP_HEAD_MAX, empty_lines = 0;
    bool first = true;

    for (;;) {
        const char *end = memchr(bytes + at, '\n', limit - at);
        enum strict_verdict verdict = STRICT_MORE;

        if (!end)
            return still_open(bytes + at, len, first, e);
        reader.line = bytes + at;
        reader.len = (size_t)(end - reader.line);
        if (reader.len == 0 || reader.line[--reader.len] != '\r')
            return bad(e, "bad_request", "a line of the head does not end with CR LF");
        at = (size_t)(end + 1 - bytes);
        if (reader.len > 0)
            verdict = check_line(&reader, first, e);
        if (verdict != STRICT_MORE)
            return verdict;
        if (at + reader.copied + reader.records * RECORD_BYTES > HTTP_HEAD_ROOM)
            return bad(e, "head_too_large", "the request's head has too many or too long arguments, lines or cookies");
        if (first && reader.len == 0 && ++empty_lines > EMPTY_LINES_MAX)
            return bad(e, "bad_request", "there are empty lines in front of the request");
        if (reader.len == 0 && !first) {
            reader.head.bytes = at;
            *out = reader.head;
            return STRICT_GOOD;
        }
        first = first && reader.len == 0;
    }
}
