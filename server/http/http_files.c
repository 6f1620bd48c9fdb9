#include "http/http_files.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/http_accept.h"
#include "http/http_folder.h"
#include "http/http_kept.h"
#include "http/http_page.h"
#include "observe/log.h"
#include "util/mem.h"
#include "util/str.h"

/* One file's answers; [coding] NULL: that form does not exist. */
struct file {
    const char *path; /* as in the asset */
    const char *etag;
    struct MHD_Response *full[CODINGS], *unchanged[CODINGS];
    size_t len[CODINGS];    /* bytes of `full` */
    struct http_page *page; /* used instead of these; NULL: it has no marks */
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
    struct http_files_settings settings;
    _Atomic(struct table *) now;
    pthread_mutex_t reload; /* one looks at the folder at a time */
};

static void make_answers(const struct http_security *security, const struct asset *a, const struct asset_body *body,
                         enum http_coding coding, struct file *to)
{
    to->len[coding] = body->len;
    to->full[coding] = http_file_answer(a, security, body, coding, a->etag, false, false);
    to->unchanged[coding] = http_file_answer(a, security, body, coding, a->etag, true, false);
}

/* A page with marks is answered with the words of that moment. */
static void make_file(const struct http_files *files, struct http_fill *fill, const struct asset *a, struct file *to)
{
    struct http_security security;

    to->path = a->path;
    to->etag = a->etag;
    if (a->page && fill && http_fill_wanted(&a->identity)) {
        to->page = http_page_new(&files->site, files->settings.page_paths, a, fill);
        return;
    }
    http_file_security(&files->site, files->settings.page_paths, a, &security);
    make_answers(&security, a, &a->identity, CODING_IDENTITY, to);
    if (a->gzip.bytes)
        make_answers(&security, a, &a->gzip, CODING_GZIP, to);
    if (a->brotli.bytes)
        make_answers(&security, a, &a->brotli, CODING_BROTLI, to);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

/* `fill`: NULL for earlier builds, whose pages are not served. */
static struct table *table_new(const struct http_files *files, struct http_fill *fill, const struct asset *assets)
{
    struct table *t = mem_new(sizeof *t);

    while (assets[t->count].path)
        t->count++;
    t->files = mem_new_array(t->count + 1, sizeof *t->files);
    for (size_t i = 0; i < t->count; i++)
        make_file(files, fill, &assets[i], &t->files[i]);
    qsort(t->files, t->count, sizeof *t->files, by_path);
    return t;
}

static void table_free(struct table *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->count; i++) {
        http_page_free(t->files[i].page);
        for (int c = 0; c < CODINGS; c++) {
            http_answer_free(t->files[i].full[c]);
            http_answer_free(t->files[i].unchanged[c]);
        }
    }
    http_folder_close(t->folder);
    http_kept_close(t->kept);
    mem_free(t->files);
    mem_free(t);
}

static enum err_code load_folder(struct http_files *files, struct err *e)
{
    struct http_folder *folder;
    struct table *t;
    enum err_code rc = http_folder_open(files->settings.web_dir, &folder, e);

    if (rc != ERR_OK)
        return rc;
    t = table_new(files, files->settings.fill, http_folder_assets(folder));
    t->folder = folder;
    t->older = atomic_load(&files->now);
    atomic_store(&files->now, t);
    return ERR_OK;
}

/* Links the earlier builds behind this one, and stores this one for the next. Without that, pages that were open during
 * an upgrade are reloaded, so a folder that cannot be written only causes a warning. */
static void keep_builds(struct http_files *files, const struct asset *assets, const char *folder)
{
    struct http_kept *kept[KEPT_BUILDS];
    struct table *newest = atomic_load(&files->now);
    char own[KEPT_NAME_SIZE];
    struct err e;

    if (http_kept_store(folder, assets, own, &e) != ERR_OK)
        log_event(LOG_WARN, "http.assets_not_kept", "detail=\"%s\"", e.detail);
    http_kept_open(folder, own, kept);
    for (int i = KEPT_BUILDS - 1; i >= 0; i--) {
        struct table *t;

        if (!kept[i])
            continue;
        t = table_new(files, NULL, http_kept_assets(kept[i]));
        t->kept = kept[i];
        t->older = newest->older;
        newest->older = t;
    }
}

enum err_code http_files_open(const struct http_site *site, const struct http_files_settings *settings,
                              struct http_files **out, struct err *e)
{
    struct http_files *files = mem_new(sizeof *files);
    enum err_code rc = ERR_OK;

    files->site = *site;
    files->settings = *settings;
    pthread_mutex_init(&files->reload, NULL);
    if (settings->web_dir)
        rc = load_folder(files, e);
    else
        atomic_store(&files->now, table_new(files, settings->fill, settings->assets));
    if (rc != ERR_OK) {
        http_files_close(files);
        return rc;
    }
    if (settings->kept_dir)
        keep_builds(files, settings->web_dir ? http_folder_assets(atomic_load(&files->now)->folder) : settings->assets,
                    settings->kept_dir);
    *out = files;
    return ERR_OK;
}

void http_files_close(struct http_files *files)
{
    if (!files)
        return;
    for (struct table *t = atomic_load(&files->now); t;) {
        struct table *older = t->older;

        table_free(t);
        t = older;
    }
    pthread_mutex_destroy(&files->reload);
    mem_free(files);
}

/* For development: this thread blocks for some milliseconds after the folder was rebuilt. */
static void reload_if_changed(struct http_files *files)
{
    struct err e;

    if (pthread_mutex_trylock(&files->reload) != 0)
        return;
    if (http_folder_changed(atomic_load(&files->now)->folder) && load_folder(files, &e) != ERR_OK)
        log_event(LOG_WARN, "http.web_dir", "detail=\"%s\"", e.detail);
    pthread_mutex_unlock(&files->reload);
}

static const struct file *find(const struct table *t, const char *path)
{
    struct file key = { .path = path };

    return bsearch(&key, t->files, t->count, sizeof *t->files, by_path);
}

/* Also hashed files of earlier builds: a page of one of them may still be open. */
static const struct file *find_in_builds(const struct table *t, const char *path)
{
    const struct file *file = find(t, path);

    if (str_starts(path, "/assets/"))
        while (!file && (t = t->older) != NULL)
            file = find(t, path);
    return file;
}

static enum http_coding choose(const struct file *file, const struct http_head *head)
{
    const char *accepted = http_head_find(head, "Accept-Encoding");

    for (int coding = CODING_BROTLI; coding > CODING_IDENTITY; coding--)
        if (file->full[coding] && http_accepts_coding(accepted, (enum http_coding)coding))
            return (enum http_coding)coding;
    return CODING_IDENTITY;
}

/* A page in the language of the person who asks. */
static const struct file *find_page(struct http_files *files, const char *name, const struct http_head *head)
{
    const struct table *t = atomic_load(&files->now);
    char language[HTTP_LANGUAGE_SIZE], path[64];
    const struct file *file;

    http_fill_language(files->settings.fill, head, language);
    snprintf(path, sizeof path, "%s.%s.html", name, language);
    file = find(t, path);
    if (file)
        return file;
    snprintf(path, sizeof path, "%s.en.html", name);
    return find(t, path);
}

/* The file at a decoded path. */
static const struct file *file_at(struct http_files *files, const char *path, const struct http_head *head)
{
    const char *page = http_page_at(files->settings.page_paths, path);

    if (!page)
        return path[0] == '/' && !strstr(path, "//") ? find_in_builds(atomic_load(&files->now), path) : NULL;
    if (files->settings.web_dir)
        reload_if_changed(files);
    return find_page(files, page, head);
}

bool http_files_find(struct http_files *files, const char *path, const struct http_head *head, struct http_found *out)
{
    const struct file *file = file_at(files, path, head);
    enum http_coding coding;

    *out = (struct http_found){ .status = 200 };
    if (!file)
        return false;
    if (file->page) {
        out->is_ours = true;
        out->answer = http_page_answer(file->page, head, &out->status, &out->len);
        return true;
    }
    coding = choose(file, head);
    if (http_etag_known(http_head_find(head, "If-None-Match"), file->etag)) {
        out->status = 304;
        out->answer = file->unchanged[coding];
        return true;
    }
    out->len = file->len[coding];
    out->answer = file->full[coding];
    return true;
}

bool http_files_missing(struct http_files *files, const struct http_head *head, struct http_found *out)
{
    const struct file *file = find_page(files, "missing", head);

    *out = (struct http_found){ .status = 404, .is_ours = true };
    if (!file || !file->page)
        return false;
    out->answer = http_page_answer(file->page, head, &out->status, &out->len);
    return true;
}
