/* Files of earlier builds: those that are kept, those that are left out, and the harmlessness of a damaged pack. */
#include "http/http_files.h"
#include "http/http_kept.h"
#include "tests/support/check.h"
#include "util/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BODY(text)                                                                                                     \
    {                                                                                                                  \
        (const unsigned char *)(text), sizeof(text) - 1                                                                \
    }
#define SCRIPT "text/javascript; charset=utf-8"

static const struct asset BUILDS[][4] = {
    { { "/assets/a-1.js", SCRIPT, "\"tag-a1\"", "", true, false, BODY("one"), BODY("gz1"), { NULL, 0 } },
      { "room.html",
        "text/html; charset=utf-8",
        "\"tag-r1\"",
        "",
        false,
        true,
        BODY("page one"),
        { NULL, 0 },
        { NULL, 0 } },
      { 0 } },
    { { "/assets/a-2.js", SCRIPT, "\"tag-a2\"", "", true, false, BODY("two"), { NULL, 0 }, BODY("br2") },
      { "/favicon.svg", "image/svg+xml", "\"tag-f2\"", "", false, false, BODY("<svg/>"), { NULL, 0 }, { NULL, 0 } },
      { 0 } },
    { { "/assets/a-3.js", SCRIPT, "\"tag-a3\"", "", true, false, BODY("three"), { NULL, 0 }, { NULL, 0 } }, { 0 } },
    { { "/assets/a-4.js", SCRIPT, "\"tag-a4\"", "", true, false, BODY("four"), { NULL, 0 }, { NULL, 0 } }, { 0 } },
};

/* The files that the binary of this test embeds: the newest build. */
static const struct asset NEWEST[] = {
    { "/assets/a-5.js", SCRIPT, "\"tag-a5\"", "", true, false, BODY("five"), { NULL, 0 }, { NULL, 0 } },
    { 0 },
};

static const struct http_page_path PAGE_PATHS[] = { { "/", false, "index", KIND_PAGE }, { 0 } };

static char folder[] = "/tmp/parlour-kept-XXXXXX";

/* Names end with ".pack"; those of the folder, one after the other through `each`. Returns how many. */
static int packs(void (*each)(const char *path))
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    char path[512];
    int n = 0;

    while (dir && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            if (each)
                each(path);
            n++;
        }
    if (dir)
        closedir(dir);
    return n;
}

static void remove_file(const char *path)
{
    CHECK_INT(unlink(path), 0);
}

static void damage(const char *path)
{
    struct buf bytes = { .max = 1 << 20 };
    struct err e;

    CHECK_INT(file_read(path, &bytes, &e), ERR_OK);
    CHECK_INT(file_write(path, bytes.data, bytes.len - 1, 0600, &e), ERR_OK);
    buf_clear(&bytes);
}

static char newest[KEPT_NAME_SIZE]; /* as stored last */

static void store(const struct asset *assets)
{
    struct err e = { 0 };

    CHECK_INT(http_kept_store(folder, assets, newest, &e), ERR_OK);
    usleep(10000); /* they are ordered by the file system's clock; this is longer than its tick */
}

static void close_all(struct http_kept *kept[KEPT_BUILDS])
{
    for (int i = 0; i < KEPT_BUILDS; i++)
        http_kept_close(kept[i]);
}

static void the_hashed_files_of_earlier_builds_come_back_whole(void)
{
    struct http_kept *kept[KEPT_BUILDS];
    const struct asset *a;

    if (!CHECK(mkdtemp(folder) != NULL))
        exit(1);
    store(BUILDS[0]);
    store(BUILDS[1]);
    http_kept_open(folder, newest, kept);
    if (CHECK(kept[0] != NULL) && CHECK(kept[1] == NULL)) {
        a = http_kept_assets(kept[0]);
        CHECK_STR(a->path, "/assets/a-1.js");
        CHECK_STR(a->type, SCRIPT);
        CHECK_STR(a->etag, "\"tag-a1\"");
        CHECK(a->immutable && a->identity.len == 3 && memcmp(a->identity.bytes, "one", 3) == 0);
        CHECK(a->gzip.len == 3 && memcmp(a->gzip.bytes, "gz1", 3) == 0 && !a->brotli.bytes);
        CHECK(!a[1].path);
    }
    close_all(kept);
}

static void only_the_newest_builds_stay_and_a_start_makes_a_build_the_newest(void)
{
    struct http_kept *kept[KEPT_BUILDS];

    store(BUILDS[0]); /* an older version was started again */
    CHECK_INT(packs(NULL), 2);
    store(BUILDS[2]);
    store(BUILDS[3]);
    CHECK_INT(packs(NULL), KEPT_BUILDS);
    http_kept_open(folder, newest, kept);
    if (CHECK(kept[0] && kept[1] && !kept[2])) {
        CHECK_STR(http_kept_assets(kept[0])->path, "/assets/a-3.js");
        CHECK_STR(http_kept_assets(kept[1])->path, "/assets/a-1.js");
    }
    close_all(kept);
}

static size_t answer(struct http_files *files, const char *path, int *status)
{
    struct http_head head = { .count = 0 };
    struct http_found found;
    bool there = http_files_find(files, path, &head, &found);

    *status = there ? found.status : 404;
    return there ? found.len : 0;
}

static void files_of_earlier_builds_are_served_and_their_pages_are_not(void)
{
    struct http_files *files = NULL;
    struct http_site site;
    struct err e = { 0 };
    int status;

    CHECK_INT(http_site_parse("http://localhost:1", 0, &site, &e), ERR_OK);
    if (!CHECK_INT(http_files_open(
                       &site,
                       &(struct http_files_settings){ .assets = NEWEST, .page_paths = PAGE_PATHS, .kept_dir = folder },
                       &files, &e),
                   ERR_OK))
        return;
    CHECK_INT(answer(files, "/assets/a-5.js", &status), 4);
    CHECK_INT(answer(files, "/assets/a-4.js", &status), 4);
    CHECK_INT(answer(files, "/assets/a-3.js", &status), 5);
    CHECK_INT(status, 200);
    CHECK_INT(answer(files, "/assets/a-2.js", &status), 0);
    CHECK_INT(answer(files, "/favicon.svg", &status), 0);
    CHECK_INT(answer(files, "/r/x", &status), 0);
    http_files_close(files);
}

static void a_damaged_pack_is_left_out_and_a_folder_that_cannot_be_written_stops_nobody(void)
{
    struct http_kept *kept[KEPT_BUILDS];
    struct http_files *files = NULL;
    struct http_site site;
    struct err e = { 0 };
    int status;

    packs(damage);
    http_kept_open(folder, "", kept);
    CHECK(!kept[0] && !kept[1] && !kept[2]);
    packs(remove_file);
    rmdir(folder);
    CHECK_INT(http_site_parse("http://localhost:1", 0, &site, &e), ERR_OK);
    if (!CHECK_INT(http_files_open(&site,
                                   &(struct http_files_settings){
                                       .assets = NEWEST, .page_paths = PAGE_PATHS, .kept_dir = "/dev/null/nowhere" },
                                   &files, &e),
                   ERR_OK))
        return;
    CHECK_INT(answer(files, "/assets/a-5.js", &status), 4);
    http_files_close(files);
}

static const struct check_test TESTS[] = {
    TEST(the_hashed_files_of_earlier_builds_come_back_whole),
    TEST(only_the_newest_builds_stay_and_a_start_makes_a_build_the_newest),
    TEST(files_of_earlier_builds_are_served_and_their_pages_are_not),
    TEST(a_damaged_pack_is_left_out_and_a_folder_that_cannot_be_written_stops_nobody),
    { 0 },
};
CHECK_MAIN(TESTS)
