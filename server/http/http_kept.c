#include "http/http_kept.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "domain/crypto.h"
#include "util/arena.h"
#include "util/buf.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/str.h"

#define PACK_MAX_BYTES (64U << 20)
#define PACKS_MAX 64    /* files examined in the folder */
#define DIGEST_BYTES 16 /* of a pack's name */
#define FORMS 3

static const char SUFFIX[] = ".pack";
static_assert(KEPT_NAME_SIZE == STR_HEX_SIZE(DIGEST_BYTES) + sizeof SUFFIX - 1, "a name with its end");

/* A pack is one line of JSON, [{"path","type","etag","bytes":[n,n,n]}…], and then the bytes of all forms in that order. */
struct http_kept {
    struct arena arena; /* texts */
    struct buf bytes;   /* the whole file */
    struct asset *assets;
};

/* A pack in the folder. */
struct pack {
    char name[KEPT_NAME_SIZE];
    int64_t used_ns; /* when its build last started */
};

static const struct asset_body *form(const struct asset *a, int i)
{
    return i == 0 ? &a->identity : i == 1 ? &a->gzip : &a->brotli;
}

static bool write_heads(const struct asset *assets, struct buf *to)
{
    json_t *list = json_array();
    char *text;
    bool fits;

    for (const struct asset *a = assets; a->path; a++)
        if (a->immutable)
            json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:[I, I, I]}", "path", a->path, "type", a->type,
                                                  "etag", a->etag, "bytes", (json_int_t)a->identity.len,
                                                  (json_int_t)a->gzip.len, (json_int_t)a->brotli.len));
    text = json_dumps(list, JSON_COMPACT);
    fits = text && buf_add_text(to, text) && buf_add(to, "\n", 1);
    free(text);
    json_decref(list);
    return fits;
}

/* The pack of a build and its name. ERR_LIMIT when it is too large. */
static enum err_code make_pack(const struct asset *assets, struct buf *to, char name[KEPT_NAME_SIZE], struct err *e)
{
    uint8_t digest[HASH_BYTES];
    bool fits = write_heads(assets, to);

    name[0] = '\0';
    for (const struct asset *a = assets; a->path; a++)
        for (int i = 0; a->immutable && i < FORMS; i++)
            fits = buf_add(to, form(a, i)->bytes, form(a, i)->len) && fits;
    if (!fits)
        return err_set(e, ERR_LIMIT, "too_large", "the client's files are larger than %u bytes", PACK_MAX_BYTES);
    crypto_digest(to->data, to->len, digest);
    str_hex(name, digest, DIGEST_BYTES);
    memcpy(name + STR_HEX_SIZE(DIGEST_BYTES) - 1, SUFFIX, sizeof SUFFIX);
    return ERR_OK;
}

static int newest_first(const void *a, const void *b)
{
    int64_t x = ((const struct pack *)a)->used_ns, y = ((const struct pack *)b)->used_ns;

    return x > y ? -1 : x < y;
}

/* Files named like a pack, newest first. Returns how many. */
static size_t list_packs(const char *folder, struct pack packs[PACKS_MAX])
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    size_t count = 0;
    struct stat st;

    while (dir && count < PACKS_MAX && (entry = readdir(dir)) != NULL) {
        if (strlen(entry->d_name) != KEPT_NAME_SIZE - 1 || !str_ends(entry->d_name, SUFFIX) ||
            fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
            continue;
        str_copy(packs[count].name, sizeof packs[count].name, entry->d_name);
        packs[count++].used_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    }
    if (dir)
        closedir(dir);
    qsort(packs, count, sizeof *packs, newest_first);
    return count;
}

static void path_of(char *to, size_t size, const char *folder, const char *name)
{
    if ((size_t)snprintf(to, size, "%s/%s", folder, name) >= size)
        to[0] = '\0'; /* no such file */
}

static void remove_old(const char *folder, const char *own)
{
    struct pack packs[PACKS_MAX];
    size_t count = list_packs(folder, packs), others = 0;
    char path[1024];

    for (size_t i = 0; i < count; i++) {
        if (strcmp(packs[i].name, own) == 0 || ++others < KEPT_BUILDS)
            continue;
        path_of(path, sizeof path, folder, packs[i].name);
        unlink(path);
    }
}

enum err_code http_kept_store(const char *folder, const struct asset *assets, char name[KEPT_NAME_SIZE], struct err *e)
{
    struct buf pack = { .max = PACK_MAX_BYTES };
    char path[1024];
    enum err_code rc = make_pack(assets, &pack, name, e);

    if (rc == ERR_OK)
        rc = file_make_folder(folder, e);
    if (rc == ERR_OK) {
        path_of(path, sizeof path, folder, name);
        if (!file_exists(path))
            rc = file_write(path, pack.data, pack.len, 0600, e);
        else if (utimensat(AT_FDCWD, path, NULL, 0) != 0)
            rc = err_set(e, ERR_IO, "io", "cannot touch %s", path);
    }
    if (rc == ERR_OK)
        remove_old(folder, name);
    buf_clear(&pack);
    return rc;
}

/* The next bytes of the pack as one form of a file; false when the pack is too short. */
static bool take_form(const struct http_kept *kept, json_int_t len, size_t *at, struct asset_body *body)
{
    if (len < 0 || (uint64_t)len > kept->bytes.len - *at)
        return false;
    if (len > 0)
        *body = (struct asset_body){ (const unsigned char *)kept->bytes.data + *at, (size_t)len };
    *at += (size_t)len;
    return true;
}

static bool read_asset(struct http_kept *kept, json_t *head, size_t *at, struct asset *a)
{
    const char *path, *type, *etag;
    json_int_t len[FORMS];

    if (json_unpack(head, "{s:s, s:s, s:s, s:[I, I, I!]}", "path", &path, "type", &type, "etag", &etag, "bytes",
                    &len[0], &len[1], &len[2]) != 0 ||
        !str_starts(path, "/assets/"))
        return false;
    *a = (struct asset){ .path = arena_text(&kept->arena, path),
                         .type = arena_text(&kept->arena, type),
                         .etag = arena_text(&kept->arena, etag),
                         .csp_hash = "",
                         .immutable = true };
    a->identity.bytes = (const unsigned char *)""; /* an empty file is valid, too */
    return take_form(kept, len[0], at, &a->identity) && take_form(kept, len[1], at, &a->gzip) &&
           take_form(kept, len[2], at, &a->brotli);
}

static bool read_pack(struct http_kept *kept)
{
    const char *end = memchr(kept->bytes.data, '\n', kept->bytes.len);
    size_t at = end ? (size_t)(end - kept->bytes.data) + 1 : 0;
    json_t *list = at ? json_loadb(kept->bytes.data, at, 0, NULL) : NULL, *head;
    bool good = json_is_array(list);
    size_t i;

    kept->assets = mem_new_array(json_array_size(list) + 1, sizeof *kept->assets);
    json_array_foreach(list, i, head) good = good && read_asset(kept, head, &at, &kept->assets[i]);
    json_decref(list);
    return good;
}

/* NULL when it does not match its name: cut short, or changed. */
static struct http_kept *open_pack(const char *folder, const char *name)
{
    struct http_kept *kept = mem_new(sizeof *kept);
    uint8_t digest[HASH_BYTES];
    char path[1024], text[STR_HEX_SIZE(DIGEST_BYTES)];

    kept->bytes.max = PACK_MAX_BYTES;
    path_of(path, sizeof path, folder, name);
    if (file_read(path, &kept->bytes, NULL) == ERR_OK && kept->bytes.len > 0) {
        crypto_digest(kept->bytes.data, kept->bytes.len, digest);
        str_hex(text, digest, DIGEST_BYTES);
        if (str_starts(name, text) && read_pack(kept))
            return kept;
    }
    http_kept_close(kept);
    return NULL;
}

void http_kept_open(const char *folder, const char *own, struct http_kept *out[KEPT_BUILDS])
{
    struct pack packs[PACKS_MAX];
    size_t count = list_packs(folder, packs), found = 0;

    memset(out, 0, KEPT_BUILDS * sizeof(struct http_kept *));
    for (size_t i = 0; i < count && found < KEPT_BUILDS; i++)
        if (strcmp(packs[i].name, own) != 0 && (out[found] = open_pack(folder, packs[i].name)) != NULL)
            found++;
}

void http_kept_close(struct http_kept *kept)
{
    if (!kept)
        return;
    mem_free(kept->assets);
    buf_clear(&kept->bytes);
    arena_clear(&kept->arena);
    mem_free(kept);
}

const struct asset *http_kept_assets(const struct http_kept *kept)
{
    return kept->assets;
}
