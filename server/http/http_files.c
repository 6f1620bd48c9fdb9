#include "http/http_files.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/http_accept.h"
#include "http/http_folder.h"
#include "http/http_kept.h"
#include "http/http_pages.h"
#include "observe/log.h"
#include "util/mem.h"
#include "util/str.h"

/* One file's answers; [coding] NULL: that form does not exist. */
struct file {
    const char *path; /* as in the asset */
    const char *etag;
    struct MHD_Response *full[CODINGS], *unchanged[CODINGS];
    size_t len[CODINGS]; /* bytes of `full` */
};

/* All files of one build, sorted by path. */
struct table {
    struct table *older;
    struct http_folder *folder; /* holds the bytes; NULL: embedded, or kept */
    struct http_kept *kept;     /* holds the bytes of an earlier build */
    struct file *files;
    size_t count;
};

struct http_files {
    struct http_site site;
    const char *web_dir; /* borrowed; NULL: embedded */
    _Atomic(struct table *) now;
    pthread_mutex_t reload; /* one looks at the folder at a time */
};

static enum http_kind kind_of(const struct asset *a)
{
    if (a->page)
        return http_page_kind(a->path);
    if (str_starts(a->type, "text/javascript"))
        return KIND_SCRIPT;
    return str_starts(a->type, "image/svg") ? KIND_PICTURE : KIND_DATA;
}

/* Pages are asked for again each time (their scripts' names change with their contents), hashed files never. */
static const char *cache_rule(const struct asset *a)
{
    if (a->immutable)
        return "public, max-age=31536000, immutable";
    return a->page ? "no-cache" : "public, max-age=3600, must-revalidate";
}

static void make_answers(const struct http_site *site, const struct asset *a, const struct asset_body *body,
                         enum http_coding coding, struct file *to)
{
    static const char *const NAMES[CODINGS] = { NULL, "gzip", "br" };
    static const char *const SUFFIX[CODINGS] = { "", "-gz", "-br" };
    struct http_security security;
    char etag[96];
    struct http_line lines[4];
    struct http_fixed fixed = {
        .security = &security, .type = a->type, .bytes = body->bytes, .len = body->len, .headers = lines
    };

    http_security_make(site, kind_of(a), a->csp_hash, &security);
    /* Another coding is another representation, so it has another strong validator (RFC 9110 §8.8.3.3). */
    snprintf(etag, sizeof etag, "%.*s%s\"", (int)strlen(a->etag) - 1, a->etag, SUFFIX[coding]);
    lines[0] = (struct http_line){ &lines[1], "ETag", etag };
    lines[1] = (struct http_line){ &lines[2], "Cache-Control", cache_rule(a) };
    lines[2] = (struct http_line){ coding != CODING_IDENTITY ? &lines[3] : NULL, "Vary", "Accept-Encoding" };
    lines[3] = (struct http_line){ NULL, "Content-Encoding", NAMES[coding] };
    to->len[coding] = body->len;
    to->full[coding] = http_answer_fixed(&fixed);
    lines[2].next = NULL;
    /* A browser takes over what it says: the policy may be newer than the file that it has (RFC 9111 §3.2). */
    fixed = (struct http_fixed){ .security = &security, .bytes = "", .headers = lines };
    to->unchanged[coding] = http_answer_fixed(&fixed);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

static struct table *table_new(const struct http_site *site, const struct asset *assets)
{
    struct table *t = mem_new(sizeof *t);

    while (assets[t->count].path)
        t->count++;
    t->files = mem_new_array(t->count + 1, sizeof *t->files);
    for (size_t i = 0; i < t->count; i++) {
        const struct asset *a = &assets[i];

        t->files[i].path = a->path;
        t->files[i].etag = a->etag;
        make_answers(site, a, &a->identity, CODING_IDENTITY, &t->files[i]);
        if (a->gzip.bytes)
            make_answers(site, a, &a->gzip, CODING_GZIP, &t->files[i]);
        if (a->brotli.bytes)
            make_answers(site, a, &a->brotli, CODING_BROTLI, &t->files[i]);
    }
    qsort(t->files, t->count, sizeof *t->files, by_path);
    return t;
}

static void table_free(struct table *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->count; i++)
        for (int c = 0; c < CODINGS; c++) {
            http_answer_free(t->files[i].full[c]);
            http_answer_free(t->files[i].unchanged[c]);
        }
    http_folder_close(t->folder);
    http_kept_close(t->kept);
    mem_free(t->files);
    mem_free(t);
}

static enum err_code load_folder(struct http_files *f, struct err *e)
{
    struct http_folder *folder;
    struct table *t;
    enum err_code rc = http_folder_open(f->web_dir, &folder, e);

    if (rc != ERR_OK)
        return rc;
    t = table_new(&f->site, http_folder_assets(folder));
    t->folder = folder;
    t->older = atomic_load(&f->now);
    atomic_store(&f->now, t);
    return ERR_OK;
}

/* Hangs the builds before this one behind it, and leaves this one for the next. Without that pages that were open during
 * an upgrade are loaded anew, so a folder that cannot be written is only worth a word. */
static void keep_builds(struct http_files *f, const struct asset *assets, const char *folder)
{
    struct http_kept *kept[KEPT_BUILDS];
    struct table *newest = atomic_load(&f->now);
    struct err e;

    if (http_kept_store(folder, assets, &e) != ERR_OK)
        log_event(LOG_WARN, "http.assets_not_kept", "detail=\"%s\"", e.detail);
    http_kept_open(folder, assets, kept);
    for (int i = KEPT_BUILDS - 1; i >= 0; i--) {
        struct table *t;

        if (!kept[i])
            continue;
        t = table_new(&f->site, http_kept_assets(kept[i]));
        t->kept = kept[i];
        t->older = newest->older;
        newest->older = t;
    }
}

enum err_code http_files_open(const struct http_site *site, const char *web_dir, const char *kept_dir,
                              struct http_files **out, struct err *e)
{
    struct http_files *f = mem_new(sizeof *f);
    enum err_code rc = ERR_OK;

    f->site = *site;
    f->web_dir = web_dir;
    pthread_mutex_init(&f->reload, NULL);
    if (web_dir)
        rc = load_folder(f, e);
    else
        atomic_store(&f->now, table_new(site, ASSETS));
    if (rc != ERR_OK) {
        http_files_close(f);
        return rc;
    }
    if (kept_dir)
        keep_builds(f, web_dir ? http_folder_assets(atomic_load(&f->now)->folder) : ASSETS, kept_dir);
    *out = f;
    return ERR_OK;
}

void http_files_close(struct http_files *f)
{
    if (!f)
        return;
    for (struct table *t = atomic_load(&f->now); t;) {
        struct table *older = t->older;

        table_free(t);
        t = older;
    }
    pthread_mutex_destroy(&f->reload);
    mem_free(f);
}

/* For development: this thread blocks for some milliseconds when the folder was built again. */
static void reload_if_changed(struct http_files *f)
{
    struct err e;

    if (pthread_mutex_trylock(&f->reload) != 0)
        return;
    if (http_folder_changed(atomic_load(&f->now)->folder) && load_folder(f, &e) != ERR_OK)
        log_event(LOG_WARN, "http.web_dir", "detail=\"%s\"", e.detail);
    pthread_mutex_unlock(&f->reload);
}

static const struct file *find(const struct table *t, const char *path)
{
    struct file key = { .path = path };

    return bsearch(&key, t->files, t->count, sizeof *t->files, by_path);
}

/* Hashed files also of earlier builds: a page of one of them may be open still. */
static const struct file *find_in_builds(const struct table *t, const char *path)
{
    const struct file *file = find(t, path);

    if (str_starts(path, "/assets/"))
        while (!file && (t = t->older) != NULL)
            file = find(t, path);
    return file;
}

static enum http_coding choose(const struct file *file, const struct http_head *h)
{
    const char *accepted = http_head_find(h, "Accept-Encoding");

    for (int coding = CODING_BROTLI; coding > CODING_IDENTITY; coding--)
        if (file->full[coding] && http_accepts_coding(accepted, (enum http_coding)coding))
            return (enum http_coding)coding;
    return CODING_IDENTITY;
}

struct MHD_Response *http_files_find(struct http_files *f, const char *path, const struct http_head *h, int *status,
                                     size_t *len)
{
    const char *page = http_page_at(path);
    const struct file *file;
    enum http_coding coding;

    if (!page && (path[0] != '/' || strstr(path, "//")))
        return NULL;
    if (page && f->web_dir)
        reload_if_changed(f);
    file = find_in_builds(atomic_load(&f->now), page ? page : path);
    if (!file)
        return NULL;
    coding = choose(file, h);
    if (http_etag_known(http_head_find(h, "If-None-Match"), file->etag)) {
        *status = 304;
        *len = 0;
        return file->unchanged[coding];
    }
    *status = 200;
    *len = file->len[coding];
    return file->full[coding];
}
