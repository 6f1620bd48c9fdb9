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

static enum http_kind kind_of(const struct http_place *places, const struct asset *a)
{
    if (a->page)
        return http_page_kind(places, a->path);
    if (str_starts(a->type, "text/javascript"))
        return KIND_SCRIPT;
    return str_starts(a->type, "image/svg") ? KIND_PICTURE : KIND_DATA;
}

void http_file_security(const struct http_site *site, const struct http_place *places, const struct asset *a,
                        struct http_security *out)
{
    http_security_make(site, kind_of(places, a), a->csp_hash, out);
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

struct http_page *http_page_new(const struct http_site *site, const struct http_place *places, const struct asset *a,
                                struct http_fill *fill)
{
    struct http_page *p = mem_new(sizeof *p);

    p->asset = a;
    p->fill = fill;
    p->filled.plain.max = p->filled.gzip.max = PAGE_MAX;
    http_file_security(site, places, a, &p->security);
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void http_page_free(struct http_page *p)
{
    if (!p)
        return;
    buf_clear(&p->filled.plain);
    buf_clear(&p->filled.gzip);
    pthread_mutex_destroy(&p->lock);
    mem_free(p);
}

/* Its validator changes with its words. A page too large for its buffers is not sent in part: then it is empty. */
static void refresh(struct http_page *p)
{
    if (p->filled.plain.len > 0 && p->filled.generation == http_fill_generation(p->fill))
        return;
    if (!http_fill_page(p->fill, &p->asset->identity, &p->filled)) {
        buf_reset(&p->filled.plain);
        buf_reset(&p->filled.gzip);
    }
    snprintf(p->etag, sizeof p->etag, "\"%016llx\"",
             (unsigned long long)str_hash(p->filled.plain.data ? p->filled.plain.data : "", p->filled.plain.len));
}

struct MHD_Response *http_page_answer(struct http_page *p, const struct http_head *h, int *status, size_t *len)
{
    enum http_coding coding = CODING_IDENTITY;
    struct MHD_Response *answer;
    struct asset_body body;

    pthread_mutex_lock(&p->lock);
    refresh(p);
    if (p->filled.gzip.len > 0 && http_accepts_coding(http_head_find(h, "Accept-Encoding"), CODING_GZIP))
        coding = CODING_GZIP;
    body.bytes = (const unsigned char *)buf_text(coding == CODING_GZIP ? &p->filled.gzip : &p->filled.plain);
    body.len = coding == CODING_GZIP ? p->filled.gzip.len : p->filled.plain.len;
    if (*status != 404)
        *status = http_etag_known(http_head_find(h, "If-None-Match"), p->etag) ? 304 : 200;
    *len = *status == 304 ? 0 : body.len;
    answer = http_file_answer(p->asset, &p->security, &body, coding, p->etag, *status == 304, true);
    pthread_mutex_unlock(&p->lock);
    return answer;
}
