#include "http/http_path.h"

#include <string.h>

#include "util/str.h"

static enum err_code bad(struct err *e, const char *detail)
{
    return err_set(e, ERR_INVALID, "bad_request", "%s", detail);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The byte encoded by the escape at text[0], a '%'; -1 when it is not an escape. */
static int escaped_byte(const char *text, size_t left)
{
    int high, low;

    if (left < 3)
        return -1;
    high = hex_value(text[1]);
    low = high < 0 ? -1 : hex_value(text[2]);
    return low < 0 ? -1 : high * 16 + low;
}

static bool is_plain(unsigned char c)
{
    return c > 0x20 && c < 0x7f && c != '\\' && c != '#';
}

/* Decodes len bytes into `to`. `in_path`: an escaped slash or backslash is refused, since its meaning is unclear;
 * otherwise '+' is a blank. */
static enum err_code decode(const char *from, size_t len, bool in_path, char *to, struct err *e)
{
    size_t out = 0;

    for (size_t i = 0; i < len; i++) {
        int c = (unsigned char)from[i];

        if (!is_plain((unsigned char)c))
            return bad(e, "the address holds a character that must be escaped");
        if (c == '%') {
            c = escaped_byte(from + i, len - i);
            if (c < 0x20 || c == 0x7f || (in_path && (c == '/' || c == '\\')))
                return bad(e, "the address holds an escape that is not allowed");
            i += 2;
        } else if (c == '+' && !in_path) {
            c = ' ';
        }
        to[out++] = (char)c;
    }
    to[out] = '\0';
    return str_is_utf8(to, out) ? ERR_OK : bad(e, "the address is not UTF-8");
}

/* "." and ".." between slashes: different programs resolve them differently. */
static bool has_dot_segment(const char *path)
{
    for (const char *p = path; *p;) {
        size_t len;

        p += *p == '/';
        len = strcspn(p, "/");
        if ((len == 1 && p[0] == '.') || (len == 2 && p[0] == '.' && p[1] == '.'))
            return true;
        p += len;
    }
    return false;
}

enum err_code http_path_decode(const char *target, size_t len, char *to, const char **query, struct err *e)
{
    const char *mark = memchr(target, '?', len);
    size_t path_len = mark ? (size_t)(mark - target) : len;
    enum err_code rc;

    *query = NULL;
    if (mark) {
        rc = decode(mark + 1, len - path_len - 1, false, to, e); /* only a check; the path overwrites it */
        if (rc != ERR_OK)
            return rc;
        *query = mark + 1;
    }
    rc = decode(target, path_len, true, to, e);
    if (rc == ERR_OK && has_dot_segment(to))
        rc = bad(e, "the path holds a dot segment");
    return rc;
}

static enum err_code add_pair(const char *pair, size_t len, struct arena *arena, struct http_query *out, struct err *e)
{
    const char *equals = memchr(pair, '=', len);
    size_t name_len = equals ? (size_t)(equals - pair) : len;
    size_t value_len = equals ? len - name_len - 1 : 0;
    char *name, *value;
    enum err_code rc;

    if (out->count == HTTP_QUERY_MAX)
        return bad(e, "the query has too many parts");
    name = arena_new(arena, name_len + 1);
    value = arena_new(arena, value_len + 1);
    rc = decode(pair, name_len, false, name, e);
    if (rc == ERR_OK && equals)
        rc = decode(equals + 1, value_len, false, value, e);
    if (rc != ERR_OK)
        return rc;
    if (http_query_find(out, name))
        return bad(e, "the query has the same name twice");
    out->items[out->count++] = (struct http_param){ name, value };
    return ERR_OK;
}

enum err_code http_query_parse(const char *query, struct arena *arena, struct http_query *out, struct err *e)
{
    out->count = 0;
    while (query && *query) {
        size_t len = strcspn(query, "&");
        enum err_code rc = len > 0 ? add_pair(query, len, arena, out, e) : ERR_OK;

        if (rc != ERR_OK)
            return rc;
        query += len + (query[len] == '&');
    }
    return ERR_OK;
}

const char *http_query_find(const struct http_query *query, const char *name)
{
    for (size_t i = 0; i < query->count; i++)
        if (strcmp(query->items[i].name, name) == 0)
            return query->items[i].value;
    return NULL;
}
