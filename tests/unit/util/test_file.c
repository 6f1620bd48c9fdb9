#include "util/file.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check.h"

static char folder[] = "/tmp/parlour-file-XXXXXX";
static char path[200];

static const char *at(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void written_data_is_read_back_and_has_its_mode(void)
{
    struct buf text = { .max = 100 };
    struct stat st;

    CHECK_INT(file_write(at("a"), "hello", 5, 0600, NULL), ERR_OK);
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
    CHECK_INT(file_write(at("a"), "again", 5, 0640, NULL), ERR_OK);
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0640);
    CHECK_INT(file_read(at("a"), &text, NULL), ERR_OK);
    CHECK_STR(buf_text(&text), "again");
    CHECK(!file_exists(at("a.new")));
    buf_clear(&text);
}

static void a_failed_write_leaves_the_old_file(void)
{
    struct buf text = { .max = 100 };
    struct err e;

    CHECK_INT(file_write(at("b"), "old", 3, 0600, NULL), ERR_OK);
    CHECK_INT(mkdir(at("b.new"), 0700), 0); /* in the way of the temporary file */
    CHECK(file_write(at("b"), "new", 3, 0600, &e) != ERR_OK);
    CHECK_INT(file_read(at("b"), &text, NULL), ERR_OK);
    CHECK_STR(buf_text(&text), "old");
    buf_clear(&text);
}

static void missing_and_large_files_have_errors_of_their_own(void)
{
    struct buf text = { .max = 3 };
    struct err e = { 0 };

    CHECK_INT(file_read(at("nothing"), &text, &e), ERR_NOT_FOUND);
    CHECK(strstr(e.detail, "nothing") != NULL);
    CHECK_INT(file_write(at("c"), "1234", 4, 0600, NULL), ERR_OK);
    CHECK_INT(file_read(at("c"), &text, &e), ERR_LIMIT);
    buf_clear(&text);
    CHECK_INT(file_read(folder, &text, &e), ERR_IO);
    buf_clear(&text);
}

static void folders_are_made_with_their_parents(void)
{
    struct stat st;

    CHECK_INT(file_make_folder(at("x/y/z"), NULL), ERR_OK);
    CHECK(stat(path, &st) == 0 && S_ISDIR(st.st_mode) && (st.st_mode & 0777) == 0700);
    CHECK_INT(file_make_folder(at("x/y/z"), NULL), ERR_OK);
    CHECK_INT(file_write(at("f"), "", 0, 0600, NULL), ERR_OK);
    CHECK(file_make_folder(at("f/below"), NULL) != ERR_OK);
}

static const struct check_test TESTS[] = {
    TEST(written_data_is_read_back_and_has_its_mode),
    TEST(a_failed_write_leaves_the_old_file),
    TEST(missing_and_large_files_have_errors_of_their_own),
    TEST(folders_are_made_with_their_parents),
    { 0 },
};

int main(int argc, char **argv)
{
    char command[100];
    int failed;

    if (!mkdtemp(folder))
        return 1;
    failed = check_run(TESTS, argc, argv);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) != 0 || failed;
}
