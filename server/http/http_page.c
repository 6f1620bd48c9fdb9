#include "http/http_page.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "util/mem.h"
#include "util/str.h"

#define PAGE_MAX (256 * 1024)

struct http_page {
    const struct asset *asset;
    struct http_fill *fill;
    struct http_security security;
    pthread_mutex_t lock; /* for the members below */
    struct http_filled filled;
    char etag[64];
};

static enum http_kind kind_of(const struct http_page_path *page_paths, const struct asset *a)
{
    if (a->page)
        return http_page_kind(page_paths, a->path);
    if (str_starts(a->type, "text/javascript"))
        return KIND_SCRIPT;
    return str_starts(a->type, "image/svg") ? KIND_PICTURE : KIND_DATA;
}

void http_file_security(const struct http_site *site, const struct http_page_path *page_paths, const struct asset *a,
                        struct http_security *out)
{
    http_security_make(site, kind_of(page_paths, a), a->csp_hash, out);
}

/* Browsers ask again for pages each time (their scripts' names change with their contents), for hashed files never. */
static const char *cache_rule(const struct asset *a)
{
    if (a->immutable)
        return "public, max-age=31536000, immutable";
    return a->page ? "no-cache" : "public, max-age=3600, must-revalidate";
}

struct MHD_Response *http_file_answer(const struct asset *a, const struct http_security *security,
                                      const struct asset_body *body, enum http_coding coding, const char *etag,
                                      bool unchanged, bool copied)
{
    static const char *const NAMES[CODINGS] = { NULL, "gzip", "br" };
    static const char *const SUFFIX[CODINGS] = { "", "-gz", "-br" };
    bool coded = coding != CODING_IDENTITY && !unchanged;
    char own[96];
    struct http_line lines[4];
    struct http_fixed fixed = { .security = security, .bytes = "", .headers = lines, .copied = copied };

    /* Another coding is another representation, so it has another strong validator (RFC 9110 §8.8.3.3). */
    snprintf(own, sizeof own, "%.*s%s\"", (int)strlen(etag) - 1, etag, SUFFIX[coding]);
    lines[0] = (struct http_line){ &lines[1], "ETag", own };
    lines[1] = (struct http_line){ &lines[2], "Cache-Control", cache_rule(a) };
    lines[2] = (struct http_line){ coded ? &lines[3] : NULL, "Vary",
                                   a->page ? "Accept-Encoding, Accept-Language, Cookie" : "Accept-Encoding" };
    lines[3] = (struct http_line){ NULL, "Content-Encoding", NAMES[coding] };
    if (!unchanged) { /* otherwise a browser adopts the headers: the policy may be newer than its file (RFC 9111 §3.2) */
        fixed.type = a->type;
        fixed.bytes = body->bytes;
        fixed.len = body->len;
    }
    return http_answer_fixed(&fixed);
}

struct http_page *http_page_new(const struct http_site *site, const struct http_page_path *page_paths,
                                const struct asset *a, struct http_fill *fill)
{
    struct http_page *page = mem_new(sizeof *page);

    page->asset = a;
    page->fill = fill;
    page->filled.plain.max = page->filled.gzip.max = PAGE_MAX;
    http_file_security(site, page_paths, a, &page->security);
    pthread_mutex_init(&page->lock, NULL);
    return page;
}

void http_page_free(struct http_page *page)
{
    if (!page)
        return;
    buf_clear(&page->filled.plain);
    buf_clear(&page->filled.gzip);
    pthread_mutex_destroy(&page->lock);
    mem_free(page);
}

/* Its validator changes with its words. A page too large for its buffers is not sent in part: then it is empty. */
static void refresh(struct http_page *page)
{
    if (page->filled.plain.len > 0 && page->filled.generation == http_fill_generation(page->fill))
        return;
    if (!http_fill_page(page->fill, &page->asset->identity, &page->filled)) {
        buf_reset(&page->filled.plain);
        buf_reset(&page->filled.gzip);
    }
    snprintf(
        page->etag, sizeof page->etag, "\"%016llx\"",
        (unsigned long long)str_hash(page->filled.plain.data ? page->filled.plain.data : "", page->filled.plain.len));
}

struct MHD_Response *http_page_answer(struct http_page *page, const struct http_head *head, int *status, size_t *len)
{
    enum http_coding coding = CODING_IDENTITY;
    struct MHD_Response *answer;
    struct asset_body body;

    pthread_mutex_lock(&page->lock);
    refresh(page);
    if (page->filled.gzip.len > 0 && http_accepts_coding(http_head_find(head, "Accept-Encoding"), CODING_GZIP))
        coding = CODING_GZIP;
    body.bytes = (const unsigned char *)buf_text(coding == CODING_GZIP ? &page->filled.gzip : &page->filled.plain);
    body.len = coding == CODING_GZIP ? page->filled.gzip.len : page->filled.plain.len;
    if (*status != 404)
        *status = http_etag_known(http_head_find(head, "If-None-Match"), page->etag) ? 304 : 200;
    *len = *status == 304 ? 0 : body.len;
    answer = http_file_answer(page->asset, &page->security, &body, coding, page->etag, *status == 304, true);
    pthread_mutex_unlock(&page->lock);
    return answer;
}
