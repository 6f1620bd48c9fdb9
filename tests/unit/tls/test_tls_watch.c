#include "tls/tls_watch.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "util/file.h"

static char folder[] = "/tmp/parlour-watch-XXXXXX";
static char one[64], two[64];

static void put(const char *path, const char *text)
{
    CHECK_INT(file_write(path, text, strlen(text), 0600, NULL), ERR_OK);
}

static void a_change_counts_when_two_looks_agree(void)
{
    struct tls_watch w = { 0 };

    put(one, "a");
    put(two, "b");
    tls_watch_read(&w, one, two);
    CHECK(!tls_watch_changed(&w, one, two));
    put(one, "c");
    CHECK(!tls_watch_changed(&w, one, two));
    put(two, "d");
    CHECK(!tls_watch_changed(&w, one, two));
    CHECK(tls_watch_changed(&w, one, two));
    tls_watch_read(&w, one, two);
    CHECK(!tls_watch_changed(&w, one, two));
}

static void a_file_that_vanishes_is_a_change_too(void)
{
    struct tls_watch w = { 0 };

    tls_watch_read(&w, one, two);
    unlink(two);
    CHECK(!tls_watch_changed(&w, one, two));
    CHECK(tls_watch_changed(&w, one, two));
    tls_watch_read(&w, one, two);
    CHECK(!tls_watch_changed(&w, one, two));
    put(two, "back");
    CHECK(!tls_watch_changed(&w, one, two));
    CHECK(tls_watch_changed(&w, one, two));
}

static const struct check_test TESTS[] = {
    TEST(a_change_counts_when_two_looks_agree),
    TEST(a_file_that_vanishes_is_a_change_too),
    { 0 },
};

int main(int argc, char **argv)
{
    int failed;

    if (!mkdtemp(folder))
        return 1;
    snprintf(one, sizeof one, "%s/one", folder);
    snprintf(two, sizeof two, "%s/two", folder);
    failed = check_run(TESTS, argc, argv);
    unlink(one);
    unlink(two);
    rmdir(folder);
    return failed;
}
