#include "api/setup_code.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "domain/crypto.h"
#include "tests/support/check.h"

static char folder[] = "/tmp/parlour-code-XXXXXX";

static void the_code_survives_a_restart_and_only_its_owner_can_read_it(void)
{
    char a[SETUP_CODE_SIZE], b[SETUP_CODE_SIZE], path[64];
    struct stat st;

    CHECK_INT(setup_code_load(folder, a, NULL), ERR_OK);
    CHECK_INT(setup_code_load(folder, b, NULL), ERR_OK);
    CHECK_STR(a, b);
    CHECK_INT(strlen(a), 26);
    snprintf(path, sizeof path, "%s/setup-code", folder);
    CHECK_INT(stat(path, &st), 0);
    CHECK_INT(st.st_mode & 0777, 0600);
}

static void only_the_whole_code_matches_and_none_once_it_is_gone(void)
{
    char code[SETUP_CODE_SIZE];

    CHECK_INT(setup_code_load(folder, code, NULL), ERR_OK);
    CHECK(setup_code_matches(folder, code));
    CHECK(!setup_code_matches(folder, ""));
    code[25] = code[25] == 'a' ? 'b' : 'a';
    CHECK(!setup_code_matches(folder, code));
    code[25] = '\0';
    CHECK(!setup_code_matches(folder, code));
    CHECK_INT(setup_code_load(folder, code, NULL), ERR_OK);
    setup_code_remove(folder);
    setup_code_remove(folder);
    CHECK(!setup_code_matches(folder, code));
    CHECK(!setup_code_matches(folder, ""));
}

static const struct check_test TESTS[] = {
    TEST(the_code_survives_a_restart_and_only_its_owner_can_read_it),
    TEST(only_the_whole_code_matches_and_none_once_it_is_gone),
    { 0 },
};

int main(int argc, char **argv)
{
    int status;

    if (crypto_start(NULL) != ERR_OK || !mkdtemp(folder))
        return 1;
    status = check_run(TESTS, argc, argv);
    setup_code_remove(folder);
    rmdir(folder);
    return status;
}
