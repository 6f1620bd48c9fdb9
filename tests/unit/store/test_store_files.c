#include <fcntl.h>

#include "fixture.h"
#include "store/store_files.h"
#include "util/file.h"

static void put(const char *path, const char *text)
{
    CHECK_INT(file_write(path, text, strlen(text), 0600, NULL), ERR_OK);
}

static void check_text(const char *path, const char *text)
{
    struct buf b = { .max = 1000 };

    CHECK_INT(file_read(path, &b, NULL), ERR_OK);
    CHECK_STR(buf_text(&b), text);
    buf_clear(&b);
}

static void a_lock_is_held_once(void)
{
    struct fixture f;
    int first = -1, second = -1;

    fixture_folder(&f);
    CHECK_INT(files_lock(f.folder, &first, &f.e), ERR_OK);
    CHECK_INT(files_lock(f.folder, &second, &f.e), ERR_CONFLICT);
    CHECK_STR(f.e.code, "in_use");
    CHECK_INT(second, -1);
    CHECK_INT(fcntl(first, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    files_unlock(first);
    CHECK_INT(files_lock(f.folder, &second, &f.e), ERR_OK);
    files_unlock(second);
    CHECK_INT(files_lock("/nowhere/at/all", &second, &f.e), ERR_NOT_FOUND);
    fixture_end(&f);
}

static void placing_never_overwrites_and_replacing_does(void)
{
    struct fixture f;
    char a[PATH_MAX], b[PATH_MAX];

    fixture_folder(&f);
    put(fixture_path(&f, "a", a), "one");
    put(fixture_path(&f, "b", b), "two");
    CHECK_INT(files_place_new(a, b, &f.e), ERR_CONFLICT);
    CHECK_STR(f.e.code, "exists");
    check_text(b, "two");
    CHECK_INT(files_replace(a, b, &f.e), ERR_OK);
    check_text(b, "one");
    CHECK_INT(files_place_new(b, a, &f.e), ERR_OK);
    check_text(a, "one");
    CHECK(!file_exists(b));
    CHECK_INT(files_place_new(b, a, &f.e), ERR_NOT_FOUND);
    CHECK_INT(files_replace(b, a, &f.e), ERR_NOT_FOUND);
    fixture_end(&f);
}

static void temporary_files_are_new_and_private(void)
{
    struct fixture f;
    char of[PATH_MAX], a[PATH_MAX], b[PATH_MAX];
    struct stat st;

    fixture_folder(&f);
    umask(0);
    CHECK_INT(files_make_temporary(fixture_path(&f, "x", of), a, &f.e), ERR_OK);
    CHECK_INT(files_make_temporary(of, b, &f.e), ERR_OK);
    CHECK(strcmp(a, b) != 0);
    CHECK_INT(stat(a, &st), 0);
    CHECK_INT(st.st_mode & 0777, 0600);
    CHECK_INT(files_make_private(of, &f.e), ERR_OK);
    CHECK_INT(stat(of, &st), 0);
    CHECK_INT(st.st_mode & 0777, 0600);
    put(of, "kept");
    CHECK_INT(files_make_private(of, &f.e), ERR_OK);
    check_text(of, "kept");
    CHECK_INT(files_make_temporary("/nowhere/x", a, &f.e), ERR_NOT_FOUND);
    umask(022);
    fixture_end(&f);
}

static void copies_are_whole(void)
{
    struct fixture f;
    char a[PATH_MAX], b[PATH_MAX];

    fixture_folder(&f);
    put(fixture_path(&f, "a", a), "text");
    CHECK_INT(files_copy(a, fixture_path(&f, "b", b), &f.e), ERR_NOT_FOUND);
    put(b, "something much longer");
    CHECK_INT(files_copy(a, b, &f.e), ERR_OK);
    check_text(b, "text");
    CHECK_INT(files_copy("/nowhere", b, &f.e), ERR_NOT_FOUND);
    CHECK_INT(files_copy(f.folder, b, &f.e), ERR_IO); /* a folder cannot be read */
    CHECK_INT(files_sync(b, &f.e), ERR_OK);
    CHECK_INT(files_sync("/nowhere", &f.e), ERR_NOT_FOUND);
    fixture_end(&f);
}

static void paths_are_bounded(void)
{
    char folder[PATH_MAX], path[PATH_MAX];

    memset(folder, 'x', sizeof folder - 1);
    folder[sizeof folder - 1] = '\0';
    CHECK_INT(files_path(folder, "parlour.db", path, NULL), ERR_INVALID);
    CHECK_INT(files_path("/a", "b", path, NULL), ERR_OK);
    CHECK_STR(path, "/a/b");
}

static const struct check_test TESTS[] = {
    TEST(a_lock_is_held_once),
    TEST(placing_never_overwrites_and_replacing_does),
    TEST(temporary_files_are_new_and_private),
    TEST(copies_are_whole),
    TEST(paths_are_bounded),
    { 0 },
};
CHECK_MAIN(TESTS)
