// links: http
/* Request heads, cut up as libmicrohttpd 0.9.75 does (which lets folded lines, bare line feeds and NULs pass), against the
 * bytes themselves: a head that is accepted must be, byte for byte, what a strict writer would write from its pieces. Then
 * everything that reads the pieces: path, query, Host, Origin, cookies, addresses, codings, the WebSocket handshake. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/http_accept.h"
#include "http/http_address.h"
#include "http/http_exchange.h"
#include "http/http_framing.h"
#include "http/http_origin.h"
#include "http/http_path.h"
#include "http/http_request.h"
#include "http/http_strict.h"
#include "http/http_upgrade.h"
#include "tests/fuzz/must.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define FOLDED_MAX 64

struct cut {
    char *space;              /* the bytes, being cut up */
    size_t len, at;           /* of space; where the next line begins */
    char *folded[FOLDED_MAX]; /* names that were moved */
    size_t folded_count;
};

/* get_next_header_line(): the next line, its end overwritten by NULs; NULL when there is none. */
static char *next_line(struct cut *c, size_t *line_len)
{
    char *line = c->space + c->at;

    for (size_t i = c->at; i < c->len; i++) {
        bool crlf = c->space[i] == '\r' && i + 1 < c->len && c->space[i + 1] == '\n';

        if (!crlf && c->space[i] != '\n')
            continue;
        *line_len = i - c->at;
        c->space[i++] = '\0';
        if (crlf)
            c->space[i++] = '\0';
        c->at = i;
        return line;
    }
    return NULL;
}

/* parse_initial_message_line(), with strictness 0. */
static bool cut_request_line(struct cut *c, struct http_head *h)
{
    size_t len;
    char *line = next_line(c, &len), *target, *version;

    if (!line || len == 0 || !(target = memchr(line, ' ', len)))
        return false;
    *target++ = '\0';
    while (target < line + len && *target == ' ')
        target++;
    if (target == line + len)
        return false;
    version = line + len - 1;
    while (version > target && *version == ' ')
        version--;
    while (version > target && *version != ' ')
        version--;
    if (version == target || line + len - version != 9 || memcmp(version + 1, "HTTP/", 5) != 0)
        return false;
    *version = '\0';
    h->method = line;
    h->method_len = strlen(line);
    h->target = target;
    h->target_len = strlen(target);
    h->version = version + 1;
    return true;
}

/* process_broken_line(): a continuation is hung onto the name, elsewhere in memory. */
static char *fold(struct cut *c, char *name, const char *more)
{
    char *moved;

    while (*more == ' ' || *more == '\t')
        more++;
    if (*more == '\0')
        return name;
    if (c->folded_count == FOLDED_MAX)
        return NULL;
    moved = malloc(strlen(name) + strlen(more) + 1);
    MUST(moved != NULL);
    strcpy(moved, name);
    strcat(moved, more);
    c->folded[c->folded_count++] = moved;
    return moved;
}

static bool cut_lines(struct cut *c, struct http_head *h)
{
    char *name = NULL, *value = NULL, *line;
    size_t len;

    while ((line = next_line(c, &len)) != NULL) {
        if (name && (line[0] == ' ' || line[0] == '\t')) {
            if (!(name = fold(c, name, line)))
                return false;
            continue;
        }
        if (name)
            http_head_add(h, name, strlen(name), value, strlen(value));
        if (line[0] == '\0') {
            h->size = (size_t)(c->space + c->at - h->method);
            return true;
        }
        if (!(value = strchr(line, ':')))
            return false;
        *value++ = '\0';
        while (*value == ' ' || *value == '\t')
            value++;
        name = line;
    }
    return false;
}

/* The n NULs before the parser: CR LF, or NULs that were sent, which look the same. Both readings end the
 * line at the same byte. */
static size_t end_of_line(const uint8_t *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        MUST(at[i] == '\r' || at[i] == '\0' || at[i] == '\n');
    MUST(at[n - 1] == '\n');
    return n;
}

/* Would a strict writer have sent the original for these pieces? */
static void must_be_plain(const uint8_t *original, const char *space, const struct http_head *h)
{
    const uint8_t *at = original + (h->method - space);

#define EXPECT(text, n)                                                                                                \
    do {                                                                                                               \
        MUST(memcmp(at, (text), (n)) == 0);                                                                            \
        at += (n);                                                                                                     \
    } while (0)
    EXPECT(h->method, h->method_len);
    EXPECT(" ", 1);
    EXPECT(h->target, h->target_len);
    EXPECT(" ", 1);
    EXPECT(h->version, 8);
    EXPECT("\r\n", 2);
    for (size_t i = 0; i < h->count; i++) {
        EXPECT(h->headers[i].name, h->headers[i].name_len);
        EXPECT(":", 1);
        while (*at == ' ' || *at == '\t')
            at++;
        EXPECT(h->headers[i].value, h->headers[i].value_len);
        at += end_of_line(at, i + 1 < h->count ? 2 : 4);
    }
    MUST((size_t)(at - original) == (size_t)(h->method - space) + h->size);
#undef EXPECT
}

static int count(const struct http_head *h, const char *name)
{
    int n = 0;

    for (size_t i = 0; i < h->count; i++)
        n += h->headers[i].name_len == strlen(name) && strcasecmp(h->headers[i].name, name) == 0;
    return n;
}

static void must_be_unambiguous(const struct http_head *h)
{
    MUST(count(h, "Host") == 1);
    MUST(count(h, "Content-Length") <= 1 && count(h, "Transfer-Encoding") == 0);
    MUST(count(h, "Cookie") <= 1 && count(h, "Origin") <= 1 && count(h, "Authorization") <= 1);
    MUST((h->length >= 0) == (count(h, "Content-Length") == 1));
}

static void read_target(const struct http_head *h, char path[HTTP_TARGET_MAX + 1])
{
    struct arena arena = { 0 };
    struct http_query query;
    const char *text;
    struct err e;

    if (http_path_decode(h->target, h->target_len, path, &text, &e) != ERR_OK) {
        strcpy(path, "/ws/none");
        return;
    }
    MUST(path[0] == '/' && str_is_utf8(path, strlen(path)));
    MUST(!strstr(path, "/../") && !str_ends(path, "/..") && !strchr(path, '\\'));
    if (http_query_parse(text, &arena, &query, &e) == ERR_OK)
        MUST(query.count <= HTTP_QUERY_MAX);
    arena_clear(&arena);
}

static void read_headers(const struct http_head *h, const char *path)
{
    static const char *const TRUSTED[] = { "127.0.0.1", "::1", NULL };
    struct http_request request = { .head = *h };
    struct http_site site;
    struct http_upgrade upgrade;
    char address[HTTP_ADDRESS_SIZE];
    const char *etags = http_head_find(h, "If-None-Match");
    struct err e = { 0 };

    MUST(http_site_parse("http://localhost:8080", 0, &site, &e) == ERR_OK);
    if (http_origin_check(&site, h, &e) == ERR_OK)
        MUST(count(h, "X-Parlour") == 1 && (count(h, "Origin") == 1 || count(h, "Sec-Fetch-Site") == 1));
    if (http_host_check(&site, http_head_find(h, "Host"), &e) == ERR_OK)
        MUST(strncasecmp(http_head_find(h, "Host"), "localhost", 9) == 0 || strchr("1[", http_head_find(h, "Host")[0]));
    if (str_starts(path, HTTP_WS_PREFIX) && http_upgrade_check(&site, path, h, &upgrade, &e) == ERR_OK)
        MUST(strlen(upgrade.key) == 24 && upgrade.room[0] && h->length <= 0);
    http_address_of_client("127.0.0.1", h, TRUSTED, address);
    MUST(strlen(address) >= 2);
    (void)http_accepts_coding(http_head_find(h, "Accept-Encoding"), CODING_BROTLI);
    (void)http_accepts_html(http_head_find(h, "Accept"));
    (void)http_etag_known(etags, "\"abc\"");
    (void)http_request_cookie(&request, "sid");
    arena_clear(&request.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static char path[HTTP_TARGET_MAX + 1];
    struct http_head h = { .count = 0 };
    struct cut c = { .space = malloc(len + 1), .len = len };
    struct strict_head strict;
    struct err e = { 0 };

    MUST(c.space != NULL);
    memcpy(c.space, bytes, len);
    c.space[len] = '\0';
    if (http_strict_check((const char *)bytes, len, &strict, &e) == STRICT_GOOD && cut_request_line(&c, &h) &&
        cut_lines(&c, &h) && http_framing_check(&h, &e) == ERR_OK) {
        must_be_plain(bytes, c.space, &h);
        must_be_unambiguous(&h);
        read_target(&h, path);
        read_headers(&h, path);
    }
    for (size_t i = 0; i < c.folded_count; i++)
        free(c.folded[i]);
    free(c.space);
    return 0;
}
