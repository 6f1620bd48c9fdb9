#include "http/http_folder.h"

#include <dirent.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "domain/crypto.h"
#include "util/arena.h"
#include "util/buf.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/str.h"

#define FILES_MAX 512
#define FILE_MAX_BYTES (32U << 20)

struct http_folder {
    struct arena arena; /* paths, tags and file contents */
    const char *path;
    struct asset assets[FILES_MAX + 1];
    size_t count;
    int64_t built_ns; /* modification time of assets.json; 0: there is none */
    json_t *facts;    /* assets.json; NULL: there is none */
};

static const struct {
    const char *suffix, *type;
} TYPES[] = {
    { ".html", "text/html; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },
    { ".svg", "image/svg+xml" },
    { ".json", "application/json" },
    { ".txt", "text/plain; charset=utf-8" },
    { ".wasm", "application/wasm" },
    { ".png", "image/png" },
    { ".woff2", "font/woff2" },
};

/* NULL for files that are not served: compressed forms, and unknown types. */
static const char *type_of(const char *name)
{
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
        if (str_ends(name, TYPES[i].suffix))
            return TYPES[i].type;
    return NULL;
}

static int64_t written_ns(const char *folder)
{
    char path[1024];
    struct stat st;

    if ((size_t)snprintf(path, sizeof path, "%s/assets.json", folder) >= sizeof path || stat(path, &st) != 0)
        return 0;
    return (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
}

/* The bytes of `file` in the arena; ERR_NOT_FOUND when it is not there. */
static enum err_code read_form(struct http_folder *folder, const char *file, struct asset_body *body, struct err *e)
{
    struct buf bytes = { .max = FILE_MAX_BYTES };
    enum err_code rc = file_read(file, &bytes, e);

    if (rc == ERR_OK) {
        body->bytes = (const unsigned char *)arena_text_n(&folder->arena, buf_text(&bytes), bytes.len);
        body->len = bytes.len;
    }
    buf_clear(&bytes);
    return rc;
}

/* The style hash that the build recorded for this page. */
static const char *style_hash(struct http_folder *folder, const char *path)
{
    json_t *fact;
    size_t i;

    json_array_foreach(folder->facts, i, fact)
    {
        const char *name = json_string_value(json_object_get(fact, "path"));
        const char *hash = json_string_value(json_object_get(fact, "csp_hash"));

        if (name && hash && strcmp(name, path) == 0)
            return hash;
    }
    return "";
}

static const char *make_etag(struct http_folder *folder, const struct asset_body *body)
{
    char text[STR_BASE64URL_SIZE(HASH_BYTES)];
    uint8_t hash[HASH_BYTES];

    crypto_digest(body->bytes, body->len, hash);
    str_base64url(text, hash, 16);
    return arena_printf(&folder->arena, "\"%s\"", text);
}

/* `below`: "" or "/assets". */
static enum err_code add_file(struct http_folder *folder, const char *below, const char *name, struct err *e)
{
    const char *type = type_of(name);
    const char *file = arena_printf(&folder->arena, "%s%s/%s", folder->path, below, name);
    struct asset *a = &folder->assets[folder->count];
    enum err_code rc;

    if (!type || strcmp(name, "assets.json") == 0 || strcmp(name, "meta.json") == 0)
        return ERR_OK;
    if (folder->count == FILES_MAX)
        return err_set(e, ERR_LIMIT, "too_many_files", "%s holds more than %d files", folder->path, FILES_MAX);
    rc = read_form(folder, file, &a->identity, e);
    if (rc != ERR_OK)
        return rc;
    a->type = type;
    a->page = !below[0] && str_ends(name, ".html");
    a->path = a->page ? arena_text(&folder->arena, name) : arena_printf(&folder->arena, "%s/%s", below, name);
    a->csp_hash = style_hash(folder, a->path);
    a->immutable = below[0] != '\0';
    a->etag = make_etag(folder, &a->identity);
    if (read_form(folder, arena_printf(&folder->arena, "%s.gz", file), &a->gzip, NULL) != ERR_OK)
        a->gzip.bytes = NULL;
    if (read_form(folder, arena_printf(&folder->arena, "%s.br", file), &a->brotli, NULL) != ERR_OK)
        a->brotli.bytes = NULL;
    folder->count++;
    return ERR_OK;
}

static enum err_code add_files(struct http_folder *folder, const char *below, struct err *e)
{
    const char *path = arena_printf(&folder->arena, "%s%s", folder->path, below);
    DIR *dir = opendir(path);
    struct dirent *entry;
    enum err_code rc = ERR_OK;

    if (!dir)
        return below[0] ? ERR_OK : err_set(e, ERR_NOT_FOUND, "no_folder", "cannot read the folder %s", path);
    while (rc == ERR_OK && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            rc = add_file(folder, below, entry->d_name, e);
    closedir(dir);
    return rc;
}

enum err_code http_folder_open(const char *path, struct http_folder **out, struct err *e)
{
    struct http_folder *folder = mem_new(sizeof *folder);
    enum err_code rc;

    folder->path = arena_text(&folder->arena, path);
    folder->built_ns = written_ns(path);
    folder->facts = json_load_file(arena_printf(&folder->arena, "%s/assets.json", path), 0, NULL);
    rc = add_files(folder, "", e);
    if (rc == ERR_OK)
        rc = add_files(folder, "/assets", e);
    if (rc != ERR_OK) {
        http_folder_close(folder);
        return rc;
    }
    *out = folder;
    return ERR_OK;
}

void http_folder_close(struct http_folder *folder)
{
    if (!folder)
        return;
    json_decref(folder->facts);
    arena_clear(&folder->arena);
    mem_free(folder);
}

const struct asset *http_folder_assets(const struct http_folder *folder)
{
    return folder->assets;
}

bool http_folder_changed(const struct http_folder *folder)
{
    return written_ns(folder->path) != folder->built_ns;
}
