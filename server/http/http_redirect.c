#include "http/http_redirect.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "util/buf.h"
#include "util/file.h"
#include "util/str.h"

#define CHALLENGES "/.well-known/acme-challenge/"
#define TOKEN_MAX 128
#define CHALLENGE_MAX_BYTES 1024

/* base64url, so no token leaves the folder. */
static bool is_token(const char *text)
{
    static const char ALPHABET[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    size_t len = strlen(text);

    return len > 0 && len <= TOKEN_MAX && strspn(text, ALPHABET) == len;
}

static bool find_challenge(const struct http_redirect *r, const char *path, struct http_found *out)
{
    struct buf text = { .max = CHALLENGE_MAX_BYTES };
    char file[PATH_MAX];
    struct err e;
    bool found = r->webroot && str_starts(path, CHALLENGES) && is_token(path + strlen(CHALLENGES)) &&
                 (size_t)snprintf(file, sizeof file, "%s%s", r->webroot, path) < sizeof file &&
                 file_read(file, &text, &e) == ERR_OK;

    if (found) {
        const struct http_fixed answer = {
            .security = r->security, .type = "text/plain", .bytes = buf_text(&text), .len = text.len, .copied = true
        };

        *out = (struct http_found){
            .answer = http_answer_fixed(&answer), .is_ours = true, .status = 200, .len = text.len
        };
    }
    buf_clear(&text);
    return found;
}

void http_redirect_find(const struct http_redirect *r, const char *path, const char *target, struct http_found *out)
{
    char url[HTTP_ORIGIN_SIZE + HTTP_TARGET_MAX + 1];
    struct http_line fresh = { .name = "Cache-Control", .value = "no-store" };
    struct http_line location = { .name = "Location", .value = url, .next = &fresh };
    struct http_fixed answer = {
        .security = r->security, .type = "text/plain; charset=utf-8", .bytes = url, .headers = &location, .copied = true
    };

    if (find_challenge(r, path, out))
        return;
    snprintf(url, sizeof url, "%s%s", r->site->origin, target);
    answer.len = strlen(url);
    *out =
        (struct http_found){ .answer = http_answer_fixed(&answer), .is_ours = true, .status = 308, .len = answer.len };
}
