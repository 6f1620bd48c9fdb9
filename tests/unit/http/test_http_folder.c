/* The built client from disk: the files read, those left out, and the detection of a new build. */
#include "http/http_files.h"
#include "http/http_folder.h"
#include "tests/support/check.h"
#include "util/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/parlour-folder-XXXXXX";

static const struct http_page_path PAGE_PATHS[] = { { "/r", true, "room", KIND_ROOM_PAGE }, { 0 } };

static void put(const char *name, const char *text)
{
    char path[256];
    struct err e;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    CHECK_INT(file_write(path, text, strlen(text), 0600, &e), ERR_OK);
}

static void build(const char *hash)
{
    char facts[200];
    static char path[64];

    if (!CHECK(mkdtemp(folder) != NULL))
        exit(1);
    snprintf(path, sizeof path, "%s/assets", folder);
    mkdir(path, 0700);
    put("room.en.html", "<p>room");
    put("assets/a.js", "script");
    put("assets/a.js.br", "brotli");
    put("assets/notes.md", "not served");
    put("favicon.svg", "<svg/>");
    put("meta.json", "{}");
    snprintf(facts, sizeof facts, "[{\"path\":\"room.en.html\",\"csp_hash\":\"%s\"}]", hash);
    put("assets.json", facts);
}

static void tear_down(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -r %s", folder);
    if (system(command) != 0)
        printf("cannot remove %s\n", folder);
}

static const struct asset *find(const struct http_folder *f, const char *path)
{
    for (const struct asset *a = http_folder_assets(f); a->path; a++)
        if (strcmp(a->path, path) == 0)
            return a;
    return NULL;
}

static void pages_and_files_are_read_with_their_forms(void)
{
    struct http_folder *f = NULL;
    const struct asset *a;
    struct err e = { 0 };

    build("'sha256-1'");
    if (!CHECK_INT(http_folder_open(folder, &f, &e), ERR_OK))
        return;
    a = find(f, "room.en.html");
    CHECK(a && a->page && !a->immutable && strcmp(a->csp_hash, "'sha256-1'") == 0);
    a = find(f, "/assets/a.js");
    CHECK(a && !a->page && a->immutable && a->brotli.len == 6 && !a->gzip.bytes && a->etag[0] == '"');
    a = find(f, "/favicon.svg");
    CHECK(a && !a->immutable && strcmp(a->type, "image/svg+xml") == 0);
    CHECK(!find(f, "/assets/notes.md") && !find(f, "/assets.json") && !find(f, "/meta.json") &&
          !find(f, "/assets/a.js.br"));
    CHECK(!http_folder_changed(f));
    put("assets.json", "[]");
    CHECK(http_folder_changed(f));
    http_folder_close(f);
    CHECK_INT(http_folder_open("/nowhere", &f, &e), ERR_NOT_FOUND);
}

static void a_new_build_is_served_and_the_old_answers_stay_valid(void)
{
    struct http_head head = { .count = 0 };
    struct http_files *files = NULL;
    struct http_site site;
    struct http_found before, again, after;
    struct err e = { 0 };

    CHECK_INT(http_site_parse("http://localhost:1", 0, &site, &e), ERR_OK);
    if (!CHECK_INT(http_files_open(&site, &(struct http_files_settings){ .page_paths = PAGE_PATHS, .web_dir = folder },
                                   &files, &e),
                   ERR_OK))
        return;
    CHECK(http_files_find(files, "/r/x", &head, &before) && before.status == 200 && before.len == 7);
    CHECK(http_files_find(files, "/r/x", &head, &again) && again.answer == before.answer && !again.is_ours);
    CHECK(!http_files_find(files, "/assets/none.js", &head, &again));
    CHECK(!http_files_find(files, "/room.en.html", &head, &again));
    CHECK(!http_files_missing(files, &head, &again)); /* this build has no page for that */
    put("room.en.html", "<p>a new room");
    put("assets.json", "[ ]");
    CHECK(http_files_find(files, "/r/x", &head, &after) && after.answer != before.answer && after.len == 13);
    http_files_close(files);
    tear_down();
}

static const struct check_test TESTS[] = {
    TEST(pages_and_files_are_read_with_their_forms),
    TEST(a_new_build_is_served_and_the_old_answers_stay_valid),
    { 0 },
};
CHECK_MAIN(TESTS)
